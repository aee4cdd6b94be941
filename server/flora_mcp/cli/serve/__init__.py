"""Serves MCP; `command` runs it, and `arguments` is light enough for every start."""
