"""Ways to start, hold and end the process of a worker."""
