"""What can be wrong with a database before it is used."""


class DatabaseUnavailableError(Exception):
    """No database can be opened by this URL; the message says what would help."""
