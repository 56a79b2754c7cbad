"""Which addresses are those of the internet, and which belong to this computer and what is near it."""

import ipaddress
from enum import Enum, auto
from typing import Final, TypeAlias

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address


class Reach(Enum):
    """Whose an address is."""

    PUBLIC = auto()
    PRIVATE = auto()
    """This computer's, or one of a network that the internet does not lead to."""
    NOBODYS = auto()
    """None that a page could be at, or one where clouds give their keys to whoever asks."""


_NOBODYS: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8",
        "224.0.0.0/4",
        "255.255.255.255/32",
        "::/128",
        "ff00::/8",
        # Where clouds tell a machine its secrets: most of them, Azure, Alibaba, Oracle, Amazon (IPv6).
        "169.254.169.254/32",
        "169.254.170.0/24",
        "168.63.129.16/32",
        "100.100.100.200/32",
        "192.0.0.192/32",
        "fd00:ec2::/32",
    )
)

_PRIVATE: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "240.0.0.0/4",
    )
)
"""From IANA's registry of special addresses; Python's own list changed in bug fixes of 3.11 to 3.13."""

_GLOBAL_V6: Final = ipaddress.ip_network("2000::/3")
_SPECIAL_V6: Final = tuple(
    ipaddress.ip_network(network)
    for network in ("2001::/23", "2001:db8::/32", "3fff::/20", "2002::/16")
)
_WITH_V4_AT_END: Final = tuple(
    ipaddress.ip_network(network) for network in ("::ffff:0:0/96", "64:ff9b::/96", "::/96")
)
"""Mapped, translated (NAT64) and the long given-up compatible addresses."""


def reach_of(text: str) -> Reach:
    """Return whose the address ``text`` is; of IPv6 with an IPv4 address in it, whose that is.

    Raises:
        ValueError: When it is no address.
    """
    return _reach(ipaddress.ip_address(text.partition("%")[0]))


def _reach(address: Address) -> Reach:
    if any(address in network for network in _NOBODYS):
        return Reach.NOBODYS
    if isinstance(address, ipaddress.IPv4Address):
        is_private = any(address in network for network in _PRIVATE)
        return Reach.PRIVATE if is_private else Reach.PUBLIC
    if any(address in network for network in _WITH_V4_AT_END) and int(address) > 1:
        return _reach(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    if address.sixtofour is not None:
        inner = _reach(address.sixtofour)
        return Reach.PRIVATE if inner is Reach.PUBLIC else inner
    if address not in _GLOBAL_V6 or any(address in network for network in _SPECIAL_V6):
        return Reach.PRIVATE
    return Reach.PUBLIC
