"""Where other machines of the local network find this one."""

from __future__ import annotations

import ipaddress
import socket


def in_local_network() -> str | None:
    """This machine's own address in the network it is in; None where it has none.

    Asks the operating system which of its addresses it would send from. A socket for datagrams only notes where it
    would send to: nothing is sent, and the address asked for (of a network that is set aside for examples) is nobody's.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            found = probe.getsockname()[0]
        except OSError:
            return None
    address = ipaddress.ip_address(found)
    return None if address.is_loopback or address.is_unspecified else str(address)
