"""The Python in which programs are written: policy, guards, modules and scheduler."""
