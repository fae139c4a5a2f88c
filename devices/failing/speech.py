"""Faults of MQTT messages: what a station sends in place of an honest publication."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Protocol

from devices.exchange import Publication

_TIME = re.compile(rb'"t":([0-9]+)')


class Speech(Protocol):
    """One fault of speaking."""

    def __call__(self, said: Publication) -> tuple[Publication, ...]:
        """What is sent in its place, in order."""
        ...


def duplicate(value: int) -> Speech:
    """Every message is sent twice (QoS 1 allows it: the acknowledgement was lost)."""
    return lambda said: (said, said)


def old_retained(value: int) -> Speech:
    """After every retained message the one before it comes once more, and stays in the broker."""
    last: dict[str, Publication] = {}

    def speak(said: Publication) -> tuple[Publication, ...]:
        before = last.get(said.topic)
        last[said.topic] = said
        return (said, before) if before is not None and said.retain else (said,)

    return speak


def oversize(value: int) -> Speech:
    """Every payload is `value` bytes longer; it is JSON still."""
    pad = b',"pad":"' + b"x" * value + b'"}'
    return lambda said: (said._replace(payload=said.payload[:-1] + pad),)


def invalid_json(value: int) -> Speech:
    """Every payload breaks off in the middle."""
    return lambda said: (said._replace(payload=said.payload[: len(said.payload) // 2]),)


def wrong_type(value: int) -> Speech:
    """Values are sent as text: "1" for 1, "true" for true."""

    def speak(said: Publication) -> tuple[Publication, ...]:
        try:
            body = json.loads(said.payload)
        except ValueError:
            return (said,)  # another fault has been here
        if "val" not in body or isinstance(body["val"], str):
            return (said,)
        body["val"] = json.dumps(body["val"])
        return (said._replace(payload=json.dumps(body, separators=(",", ":")).encode()),)

    return speak


def clock_off(value: int) -> Speech:
    """Its clock is `value` ms ahead, or behind if negative; no time is before 0."""

    def move(found: re.Match[bytes]) -> bytes:
        return b'"t":%d' % max(0, int(found[1]) + value)

    return lambda said: (said._replace(payload=_TIME.sub(move, said.payload, count=1)),)


def denied(value: int) -> Speech:
    """The broker acknowledges what it sends and hands it to nobody (MQTT 3.1.1, 3.3.5)."""
    return lambda said: ()


SPEECHES: dict[str, Callable[[int], Speech]] = {
    "duplicate": duplicate,
    "old-retained": old_retained,
    "oversize": oversize,
    "invalid-json": invalid_json,
    "wrong-type": wrong_type,
    "clock-off": clock_off,
    "denied": denied,
    "hung": denied,
}
