"""Durable runs: states, the workflow, and the process that leads them."""
