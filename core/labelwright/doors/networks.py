"""Which network addresses the server may call.

Everything that is not the open internet is refused, whatever it is spelled like: an IPv4 address inside an IPv6 one
counts as what it is. An administrator's list can let private places in, for one purpose; the addresses at which
clouds hand out credentials stay closed whatever the lists say.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Literal

from labelwright.config import Settings

Purpose = Literal["import", "storage", "ml", "webhook"]
Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ipaddress.ip_network(part) for part in text.split())


METADATA = _networks(
    "169.254.169.254 169.254.170.2 169.254.170.23 169.254.169.123 100.100.100.200 168.63.129.16 192.0.0.192 "
    "fd00:ec2::254 fd00:ec2::23 fd20:ce::254 fe80::a9fe:a9fe"
)
"""Where Amazon, Google, Azure, Alibaba and Oracle hand a machine its credentials."""

RESERVED_V4 = _networks(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 "
    "192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4"
)
OPEN_V6 = ipaddress.IPv6Network("2000::/3")
"""All of IPv6 that is handed out for the internet; the rest is refused without being listed."""
RESERVED_V6 = _networks("2001::/23 2001:db8::/32 2002::/16 3fff::/20")
"""Inside it: protocols (Teredo among them), documentation, 6to4."""
NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))


@dataclass(frozen=True)
class Rules:
    """What one purpose may reach.

    :param places: hosts (``minio.internal``, ``minio:9000``, ``*.corp.example``) and networks let in besides.
    :param banned: networks refused in any case.
    :param is_guarded: false lets everything in but metadata addresses.
    :param refuses_reserved: false leaves only ``banned`` and metadata addresses refused.
    """

    places: tuple[str, ...] = ()
    banned: tuple[Network, ...] = ()
    is_guarded: bool = True
    refuses_reserved: bool = True

    def allow(self, host: str, port: int, address: str) -> bool:
        """Whether a connection to this address, found for this host, may be made."""
        seen = unwrapped(ipaddress.ip_address(address))
        raw = ipaddress.ip_address(address)
        if _is_in(seen, METADATA) or _is_in(raw, METADATA):
            return False
        if not self.is_guarded:
            return True
        if _is_in(seen, self.banned) or _is_in(raw, self.banned):
            return False
        return not self.refuses_reserved or not is_reserved(seen) or self._names(host, port, seen)

    def _names(self, host: str, port: int, address: Address) -> bool:
        return any(_fits(place, host, port, address) for place in self.places)


def rules(settings: Settings, purpose: Purpose) -> Rules:
    """The rules of a purpose, from the settings."""
    return Rules(
        places=settings[f"outbound.{purpose}"],
        banned=tuple(ipaddress.ip_network(network) for network in settings.outbound_banned),
        is_guarded=settings.outbound_protect and (purpose != "ml" or settings.outbound_ml_block_local),
        refuses_reserved=settings.outbound_default_banned,
    )


def is_reserved(address: Address) -> bool:
    """Whether an address is anything but a host of the open internet."""
    if isinstance(address, IPv4Address):
        return _is_in(address, RESERVED_V4)
    return address not in OPEN_V6 or _is_in(address, RESERVED_V6)


def unwrapped(address: Address) -> Address:
    """The IPv4 address that packets to this IPv6 address end at, where there is one: mapped, and NAT64."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if any(address in network for network in NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def _is_in(address: Address, networks: Iterable[Network]) -> bool:
    return any(address in network for network in networks)


def _fits(place: str, host: str, port: int, address: Address) -> bool:
    try:
        return address in ipaddress.ip_network(place)
    except ValueError:
        pass
    name, colon, number = place.rpartition(":")
    if colon and number.isdigit():
        if int(number) != port:
            return False
        place = name.strip("[]")
    if place.startswith("*."):
        return host.endswith(place[1:])
    return host == place
