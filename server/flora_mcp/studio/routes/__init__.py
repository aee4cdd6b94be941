"""The endpoints, one module per FLORA resource."""
