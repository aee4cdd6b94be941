"""The worker's half of the channel, whatever language the program is in."""
