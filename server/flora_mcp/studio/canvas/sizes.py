"""How large things are on a canvas, in its own units; y grows downwards (choice)."""

NODE_WIDTH = 320.0

NODE_HEIGHT = 320.0

GAP = 80.0
"""Between nodes, and between a group's frame and its members."""
