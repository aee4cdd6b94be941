"""Tells the public internet from this computer and the networks around it, by address and by name."""

import ipaddress
import unicodedata

_PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".home.arpa")

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an address belongs to the public internet, and not to this computer or a network around it."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        # The same computer behind another spelling: what counts is the IPv4 address inside.
        if ip in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.is_site_local or ip.sixtofour is not None or ip.teredo is not None:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_private_name(host: str) -> bool:
    """Whether a host says by itself that it is not of the internet; what the name leads to is another question."""
    name = unicodedata.normalize("NFKC", host).lower().rstrip(".")
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(_PRIVATE_SUFFIXES) or _is_odd_address(name)
    return not is_public(name)


def _is_odd_address(name: str) -> bool:
    """Whether resolvers may read the name as an IPv4 address in an old spelling, such as 127.1 or 0x7f.0.0.1."""
    last = name.rpartition(".")[2]
    return last.isdigit() or last.startswith("0x")
