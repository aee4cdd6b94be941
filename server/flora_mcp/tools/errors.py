"""What a tool tells the model when it cannot do what was asked.

ToolError
└── ArgumentsError
"""


class ToolError(Exception):
    """An expected failure; the text is written for the model and goes into the answer as it is."""


class ArgumentsError(ToolError):
    """The arguments do not fit the tool; every problem is in the text."""
