"""What is tested: `modbus://HOST:PORT/UNIT` or `mqtt://HOST:PORT/SITE/KIND/ID`."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from controller.interface.topics import join

FORMS = "modbus://HOST:PORT/UNIT or mqtt://HOST:PORT/SITE/KIND/ID"


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
    """One device on a broker; user and password "" where none are needed."""

    host: str
    port: int
    site: str
    kind: str
    id: str
    user: str = ""
    password: str = ""

    def topic(self, leaf: str) -> str:
        """Return the topic of a leaf, or a filter."""
        return join(self.site, self.kind, self.id, leaf)

    def __str__(self) -> str:
        return f"mqtt://{self.host}:{self.port}/{self.site}/{self.kind}/{self.id}"


class UnreachableError(Exception):
    """Nobody answers at the target; one sentence."""


def parse_target(text: str) -> ModbusTarget | MqttTarget:
    """Return the target in a url; ValueError with the form that it should have."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError(f"`{text}` is no target ({error}); write {FORMS}") from None
    levels = [level for level in parts.path.split("/") if level]
    if parts.hostname and parts.scheme == "modbus" and len(levels) <= 1:
        return ModbusTarget(parts.hostname, port or 502, _unit(text, levels))
    if parts.hostname and parts.scheme == "mqtt" and len(levels) == 3:
        return _mqtt(parts, port or 1883, levels)
    raise ValueError(f"`{text}` is no target; write {FORMS}")


def _mqtt(parts: SplitResult, port: int, levels: list[str]) -> MqttTarget:
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    site, kind, name = levels
    return MqttTarget(str(parts.hostname), port, site, kind, name, user, password)


def _unit(text: str, levels: list[str]) -> int:
    word = levels[0] if levels else "1"
    if not word.isdecimal() or not 0 <= int(word) <= 255:
        raise ValueError(f"`{text}`: {word!r} is no unit id, it is a number from 0 to 255")
    return int(word)
