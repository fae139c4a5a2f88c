"""Where the broker is and how its clients get in: address, TLS, a user name and password each."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Access:
    """`logins`: client id -> (user name, password); `keepalive_s` 0 switches supervision off."""

    host: str
    port: int
    tls: ssl.SSLContext | None = None
    logins: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    keepalive_s: int = 0
