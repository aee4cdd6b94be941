"""The host's half: checks every frame that a worker sends, and judges how it ended."""
