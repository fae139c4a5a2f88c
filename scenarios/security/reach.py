"""Which addresses the bench may listen on: this machine's own, unless somebody says otherwise."""

from __future__ import annotations

import ipaddress


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_reach(what: str, host: str, *, guarded: bool, expose: bool = False) -> None:
    """ValueError if others could reach `what` without credentials.

    Modbus/TCP knows no credentials, so a gateway is never `guarded`.
    """
    if is_loopback(host) or guarded or expose:
        return
    raise ValueError(
        f"{what} would listen on {host}, which other machines reach, without credentials; use a "
        "loopback address (127.x.y.z), or --secure for the broker, or --expose if you mean it"
    )
