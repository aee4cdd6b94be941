"""What surrounds the bodies: light, ground, backdrop and what glossy skins mirror."""
