"""The studio's own OpenAPI document: what each endpoint takes and answers, in one place for tools to read.

Requests are the very forms that the routes check; answers are written down here a second time, on purpose: a test
compares what the studio says with what it does.
"""

from flora_mcp.studio.openapi.document import document

__all__ = ["document"]
