"""What is tested, by its url: a Modbus unit, a device or a camera on a broker, a printer's serial
server, a GB/T 28181 device (`FORMS`).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from controller.interface.topics import join
from scenarios.security.accounts import without_password

FORMS = (
    "modbus://HOST:PORT/UNIT, mqtt[s]://[USER:PASSWORD@]HOST:PORT/SITE/KIND/ID (a camera of "
    "another make: .../TOPIC), tcp://HOST:PORT or sip:ID[:PASSWORD]@HOST:PORT[?platform=HOST:PORT]"
)
SIP_PORT = 5060
"""Where a SIP platform listens unless it says otherwise (RFC 3261 section 19.1.2)."""

_SIP = re.compile(
    r"sips?:(?://)?(?P<id>[0-9]{20})(?::(?P<password>[^@]*))?@(?P<at>[^?@/;]+)"
    r"(?:[?;]platform=(?P<platform>[^?@/;]+))?"
)


@dataclass(frozen=True, slots=True)
class ModbusTarget:
    """One unit behind a Modbus/TCP address."""

    host: str
    port: int
    unit: int

    def __str__(self) -> str:
        return f"modbus://{self.host}:{self.port}/{self.unit}"


@dataclass(frozen=True, slots=True)
class MqttTarget:
    """One device on a broker, and how the bench gets in.

    `user` and `password` are "" where none are needed; `accounts` (user name -> password): each
    client has one of its own, and its user name for an id. `cafile` None with `tls`: the
    certificates that this machine trusts. `prefix`: the topic under which a camera of another make
    speaks, "" for a device that speaks as ours do.
    """

    host: str
    port: int
    site: str
    kind: str
    id: str
    user: str = ""
    password: str = ""
    tls: bool = False
    cafile: Path | None = None
    accounts: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""

    def login(self, client_id: str) -> tuple[str, str]:
        """The user name and password of a client of this id."""
        if self.accounts:
            return client_id, self.accounts.get(client_id, "")
        return self.user, self.password

    def topic(self, leaf: str) -> str:
        """Return the topic of a leaf, or a filter."""
        return f"{self.prefix}/{leaf}" if self.prefix else join(*self.levels, leaf)

    @property
    def levels(self) -> tuple[str, str, str]:
        """Site, kind and id."""
        return self.site, self.kind, self.id

    def __str__(self) -> str:
        scheme = "mqtts" if self.tls else "mqtt"
        path = "/".join(self.levels) if self.site else self.prefix
        more = f"?topic={self.prefix}" if self.site and self.prefix else ""
        return f"{scheme}://{self.host}:{self.port}/{path}{more}"


@dataclass(frozen=True, slots=True)
class PrinterTarget:
    """The serial server in front of a printer."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"tcp://{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class SipTarget:
    """A GB/T 28181 device, and where the platform is at which it registers: we play that one.

    `password` "": it is not known, and its digest cannot be checked.
    """

    id: str
    host: str
    port: int
    platform: tuple[str, int]
    password: str = ""

    def __str__(self) -> str:
        return f"sip:{self.id}@{self.host}:{self.port}"


Target = ModbusTarget | MqttTarget | PrinterTarget | SipTarget


class UnreachableError(Exception):
    """Nobody answers at the target; one sentence."""


def parse_target(text: str) -> Target:
    """Return the target in a url; ValueError with the form that it should have."""
    shown = without_password(text)
    if text.startswith(("sip:", "sips:")):
        return _sip(text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"`{shown}` is no target ({error}); write {FORMS}") from None
    levels = [level for level in parts.path.split("/") if level]
    if parts.hostname and parts.scheme == "modbus" and len(levels) <= 1:
        return ModbusTarget(parts.hostname, port or 502, _unit(text, levels))
    if parts.hostname and parts.scheme in ("mqtt", "mqtts") and levels:
        return _mqtt(parts, port, levels)
    if parts.hostname and parts.scheme == "tcp" and port and not levels:
        return PrinterTarget(parts.hostname, port)
    raise ValueError(f"`{shown}` is no target; write {FORMS}")


def _mqtt(parts: SplitResult, port: int | None, levels: list[str]) -> MqttTarget:
    """Three levels are site, kind and id, any other number a topic; `?topic=` names one beside."""
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    tls = parts.scheme == "mqtts"
    place = str(parts.hostname), port or (8883 if tls else 1883)
    prefix = parse_qs(parts.query).get("topic", [""])[0].strip("/")
    if len(levels) != 3:
        prefix, levels = prefix or "/".join(levels), ["", "", levels[-1]]
    site, kind, name = levels
    return MqttTarget(*place, site, kind, name, user, password, tls, prefix=prefix)


def _sip(text: str) -> SipTarget:
    found = _SIP.fullmatch(text)
    if found is None:
        raise ValueError(f"`{_masked(text)}` is no target (an id has 20 digits); write {FORMS}")
    host, port = _place(text, found["at"])
    if found["platform"]:
        platform = _place(text, found["platform"])
    elif _on_loopback(host):
        platform = ("127.0.0.1", SIP_PORT)
    else:
        raise ValueError(
            f"`{_masked(text)}`: say at which address of this machine the device registers, "
            "`?platform=HOST:PORT`"
        )
    return SipTarget(found["id"], host, port, platform, unquote(found["password"] or ""))


def _place(text: str, word: str) -> tuple[str, int]:
    host, colon, port = word.rpartition(":")
    if not colon:
        host, port = word, str(SIP_PORT)
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise ValueError(f"`{_masked(text)}`: {word!r} is no HOST:PORT")
    return host, int(port)


def _on_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _masked(text: str) -> str:
    """A SIP url without the password in it."""
    return re.sub(r"(sips?:(?://)?[^:@]*):[^@]*@", r"\1:***@", text)


def _unit(text: str, levels: list[str]) -> int:
    word = levels[0] if levels else "1"
    if not word.isdecimal() or not 0 <= int(word) <= 255:
        raise ValueError(f"`{text}`: {word!r} is no unit id, it is a number from 0 to 255")
    return int(word)
