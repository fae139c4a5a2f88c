"""What is tested: `modbus://HOST:PORT/UNIT` or `mqtt[s]://[USER:PASSWORD@]HOST:PORT/SITE/KIND/ID`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from controller.interface.topics import join
from scenarios.security.accounts import without_password

FORMS = "modbus://HOST:PORT/UNIT or mqtt[s]://[USER:PASSWORD@]HOST:PORT/SITE/KIND/ID"


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
    certificates that this machine trusts.
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

    def login(self, client_id: str) -> tuple[str, str]:
        """The user name and password of a client of this id."""
        if self.accounts:
            return client_id, self.accounts.get(client_id, "")
        return self.user, self.password

    def topic(self, leaf: str) -> str:
        """Return the topic of a leaf, or a filter."""
        return join(self.site, self.kind, self.id, leaf)

    def __str__(self) -> str:
        scheme = "mqtts" if self.tls else "mqtt"
        return f"{scheme}://{self.host}:{self.port}/{self.site}/{self.kind}/{self.id}"


class UnreachableError(Exception):
    """Nobody answers at the target; one sentence."""


def parse_target(text: str) -> ModbusTarget | MqttTarget:
    """Return the target in a url; ValueError with the form that it should have."""
    shown = without_password(text)
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"`{shown}` is no target ({error}); write {FORMS}") from None
    levels = [level for level in parts.path.split("/") if level]
    if parts.hostname and parts.scheme == "modbus" and len(levels) <= 1:
        return ModbusTarget(parts.hostname, port or 502, _unit(text, levels))
    if parts.hostname and parts.scheme in ("mqtt", "mqtts") and len(levels) == 3:
        return _mqtt(parts, port, levels)
    raise ValueError(f"`{shown}` is no target; write {FORMS}")


def _mqtt(parts: SplitResult, port: int | None, levels: list[str]) -> MqttTarget:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    tls = parts.scheme == "mqtts"
    place = str(parts.hostname), port or (8883 if tls else 1883)
    site, kind, name = levels
    return MqttTarget(*place, site, kind, name, user, password, tls)


def _unit(text: str, levels: list[str]) -> int:
    word = levels[0] if levels else "1"
    if not word.isdecimal() or not 0 <= int(word) <= 255:
        raise ValueError(f"`{text}`: {word!r} is no unit id, it is a number from 0 to 255")
    return int(word)
