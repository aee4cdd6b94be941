"""The canvas without its database: kinds of nodes, changes, diagrams, definitions and layout."""
