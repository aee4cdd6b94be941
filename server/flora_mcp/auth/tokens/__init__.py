"""Tokens of an authorization server: this server is an OAuth 2.1 resource server. Imported only where they are used."""

from flora_mcp.auth.tokens.door import TokenDoor
from flora_mcp.auth.tokens.errors import TokenError, UnreachableError
from flora_mcp.auth.tokens.issuer import Issuer
from flora_mcp.auth.tokens.key_set import KeySet
from flora_mcp.auth.tokens.resource import Resource
from flora_mcp.auth.tokens.verification import Principal, Verification

__all__ = ["Issuer", "KeySet", "Principal", "Resource", "TokenDoor", "TokenError", "UnreachableError", "Verification"]
