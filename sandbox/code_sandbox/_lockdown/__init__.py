"""What a worker takes from itself before it reads a program."""
