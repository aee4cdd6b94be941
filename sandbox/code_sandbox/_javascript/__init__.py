"""The JavaScript language layer: everything that serves one program of that language in the worker."""
