"""MQTT payloads: compact JSON, one shape per leaf. Decoding never raises, it returns Malformed.

Every payload of a device carries `t` (ms), `seq` (counts up over all messages of one boot) and
`boot`, so that a repeat is known by (topic, boot, seq).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from controller.interface.points import Quality, Value

ACKS = ("ok", "rejected", "expired", "busy", "interlock", "fenced")
STATES = ("init", "ready", "fault", "lost", "off")
_MOST = 2.0**63
"""JSON as Python reads it knows NaN, Infinity and numbers without end; no device means them."""

_quote = json.JSONEncoder(ensure_ascii=False).encode
_parse = json.JSONDecoder().decode
_T = TypeVar("_T")
_COUNT = rb"(0|[1-9][0-9]{0,17})"
_heartbeat = re.compile(
    rb'\{"t":' + _COUNT + rb',"seq":' + _COUNT + rb',"boot":"([0-9a-z]*)"\}'
).fullmatch
_state = re.compile(
    rb'\{"v":1,"t":' + _COUNT + rb',"seq":' + _COUNT + rb',"boot":"([0-9a-z]*)","q":"good",'
    rb'"val":(true|false|-?' + _COUNT + rb'(?:\.[0-9]{1,17})?|"[a-z-]*"),"src":"sensor"\}'
).fullmatch
"""Exactly what `encode_heartbeat` and `encode_state` write of ordinary things. These are nearly all
messages, so they are read without taking the JSON apart; whatever looks any different goes the long
way, with the same outcome."""


@dataclass(frozen=True, slots=True)
class Malformed:
    """A payload that is not what its topic promises, and why."""

    reason: str


@dataclass(frozen=True, slots=True)
class Envelope:
    """A value a device reports (leaves state/..., event/...)."""

    t_ms: int
    seq: int
    boot: str
    quality: Quality
    value: Value
    source: str


class Heartbeat(NamedTuple):
    """A device is alive."""

    t_ms: int
    seq: int
    boot: str


@dataclass(frozen=True, slots=True)
class Status:
    """What a device, or its will, says about itself: init, ready, fault, lost or off."""

    t_ms: int
    seq: int
    boot: str
    state: str


@dataclass(frozen=True, slots=True)
class Ack:
    """A device's answer to the command `id`: one of `ACKS`; `fenced`: it obeys a later `epoch`."""

    t_ms: int
    seq: int
    boot: str
    id: str
    result: str
    value: Value | None
    epoch: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """A command as it travels; it expires `ttl_ms` after `t_ms`; `epoch` of its sender."""

    id: str
    value: Value
    priority: int
    ttl_ms: int
    t_ms: int
    epoch: int = 0


def encode_state(
    t: int, seq: int, boot: str, quality: Quality, value: Value, source: str = "sensor"
) -> bytes:
    """A reported value."""
    return (
        f'{{"v":1,"t":{t},"seq":{seq},"boot":{_quote(boot)},"q":"{quality}",'
        f'"val":{_quote(value)},"src":"{source}"}}'
    ).encode()


def encode_heartbeat(t: int, seq: int, boot: str) -> bytes:
    """A sign of life."""
    return f'{{"t":{t},"seq":{seq},"boot":{_quote(boot)}}}'.encode()


def encode_status(t: int, seq: int, boot: str, state: str, firmware: str = "1.0") -> bytes:
    """A device's status; also the payload of its will, with state `lost`."""
    return (
        f'{{"s":"{state}","t":{t},"seq":{seq},"boot":{_quote(boot)},"fw":{_quote(firmware)}}}'
    ).encode()


def encode_description(
    t: int, seq: int, boot: str, points: Mapping[str, Any], about: Mapping[str, Any] | None = None
) -> bytes:
    """What a device is (`about`) and offers: point name -> anything JSON can hold."""
    head = {"t": t, "seq": seq, "boot": boot, "clock": "run", **(about or {})}
    body = {**head, "points": dict(points)}
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


def encode_ack(
    t: int, seq: int, boot: str, command: str, result: str, value: Value | None, epoch: int = 0
) -> bytes:
    """The answer to a command; `epoch`: the one that the device obeys, where it has one."""
    return (
        f'{{"id":{_quote(command)},"r":"{result}","val":{_quote(value)},'
        f'"t":{t},"seq":{seq},"boot":{_quote(boot)}{_led(epoch)}}}'
    ).encode()


def encode_command(
    command: str, value: Value, priority: int, ttl: int, t: int, epoch: int = 0
) -> bytes:
    """A command for the leaf cmd/<point>; with the `epoch` of a controller of a pair."""
    return (
        f'{{"id":{_quote(command)},"val":{_quote(value)},"prio":{priority},"ttl":{ttl},'
        f'"t":{t}{_led(epoch)}}}'
    ).encode()


def _led(epoch: int) -> str:
    return f',"epoch":{epoch}' if epoch else ""


def decode_state(payload: bytes) -> Envelope | Malformed:
    """A reported value, or why it is none."""

    plain = _state(payload)
    if plain is not None:
        value = _parse(plain[4].decode())
        return Envelope(
            int(plain[1]), int(plain[2]), plain[3].decode(), Quality.GOOD, value, "sensor"
        )

    def build(body: dict[str, Any]) -> Envelope:
        quality = Quality(body.get("q", "good"))
        source = _text(body, "src") if "src" in body else "sensor"
        return Envelope(*_stamp(body), quality, _value(body), source)

    return _decode(payload, build)


decode = decode_state


def decode_heartbeat(payload: bytes) -> Heartbeat | Malformed:
    """A sign of life, or why it is none."""
    plain = _heartbeat(payload)
    if plain is not None:
        return Heartbeat(int(plain[1]), int(plain[2]), plain[3].decode())
    return _decode(payload, lambda body: Heartbeat(*_stamp(body)))


def decode_status(payload: bytes) -> Status | Malformed:
    """A status, or why it is none."""
    return _decode(payload, lambda body: Status(*_stamp(body), _one_of(body, "s", STATES)))


def decode_ack(payload: bytes) -> Ack | Malformed:
    """The answer to a command, or why it is none."""

    def build(body: dict[str, Any]) -> Ack:
        value = None if body.get("val") is None else _value(body)
        result = _one_of(body, "r", ACKS)
        return Ack(*_stamp(body), _text(body, "id"), result, value, _epoch(body))

    return _decode(payload, build)


def decode_command(payload: bytes) -> Order | Malformed:
    """A command, or why it is none."""

    def build(body: dict[str, Any]) -> Order:
        priority = _count(body, "prio")
        if not 1 <= priority <= 8:
            raise ValueError("prio is not 1..8")
        ttl, t_ms = _count(body, "ttl"), _count(body, "t")
        return Order(_text(body, "id"), _value(body), priority, ttl, t_ms, _epoch(body))

    return _decode(payload, build)


def stamp(payload: bytes) -> tuple[str, int] | None:
    """(boot, seq) of any device payload; None if it has none."""
    found = _decode(payload, lambda body: (_text(body, "boot"), _count(body, "seq")))
    return None if isinstance(found, Malformed) else found


def _decode(payload: bytes, build: Callable[[dict[str, Any]], _T]) -> _T | Malformed:
    try:
        body = _parse(payload.decode())
        if type(body) is not dict:
            return Malformed("not a JSON object")
        return build(body)
    except KeyError as error:
        return Malformed(f"{error.args[0]!r} is missing")
    except (ValueError, RecursionError) as error:
        return Malformed(str(error) or type(error).__name__)


def _stamp(body: dict[str, Any]) -> tuple[int, int, str]:
    return _count(body, "t"), _count(body, "seq"), _text(body, "boot")


def _count(body: dict[str, Any], key: str) -> int:
    value = body[key]
    if type(value) is not int or value < 0:
        raise ValueError(f"{key!r} is not a whole number")
    return value


def _epoch(body: dict[str, Any]) -> int:
    return _count(body, "epoch") if "epoch" in body else 0


def _text(body: dict[str, Any], key: str) -> str:
    value = body[key]
    if type(value) is not str:
        raise ValueError(f"{key!r} is not text")
    return value


def _one_of(body: dict[str, Any], key: str, known: tuple[str, ...]) -> str:
    value = _text(body, key)
    if value not in known:
        raise ValueError(f"{key!r} is none of {', '.join(known)}")
    return value


def _value(body: dict[str, Any]) -> Value:
    value = body["val"]
    if not isinstance(value, bool | int | float | str):
        raise ValueError("'val' is not a number, bool or text")
    if not isinstance(value, str) and not -_MOST <= value <= _MOST:
        raise ValueError("'val' is no number that can be meant")
    return value
