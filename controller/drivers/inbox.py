"""Messages as they came -> each message once, in an order that is the same everywhere.

Brokers may deliver a message twice, and amqtt repeats retained ones; (topic, boot, seq) tells. A
device never sends two payloads under one number, so equal bytes say the same and need no parsing.
What the controller said itself comes back, because it subscribes to every status: it counts too.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from controller.interface import envelope

_REMEMBERED = 16
"""Payloads kept per topic; a repeat follows closely on its first coming."""

_MOST_TOPICS = 100_000
"""Topics for which payloads are kept."""


class Inbox:
    """What has come in one broker session; `count` counts repeats once."""

    def __init__(self) -> None:
        self.count = 0
        self._seen: dict[str, dict[bytes, None]] = {}

    def new(self, messages: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        """The messages not seen before, sorted by topic and number."""
        fresh = [message for message in messages if self.add(*message)]
        fresh.sort(key=_topic)
        if any(one[0] == two[0] for one, two in pairwise(fresh)):
            fresh.sort(key=_topic_and_number)
        return fresh

    def add(self, topic: str, payload: bytes) -> bool:
        """Count a message unless it is a repeat; whether it was counted."""
        seen = self._seen.get(topic)
        if seen is None:
            if len(self._seen) >= _MOST_TOPICS:
                del self._seen[next(iter(self._seen))]
            seen = self._seen[topic] = {}
        elif payload in seen and envelope.stamp(payload) is not None:
            return False
        seen[payload] = None
        if len(seen) > _REMEMBERED:
            del seen[next(iter(seen))]
        self.count += 1
        return True


def _topic(message: tuple[str, bytes]) -> str:
    return message[0]


def _topic_and_number(message: tuple[str, bytes]) -> tuple[str, int, bytes]:
    stamp = envelope.stamp(message[1])
    return message[0], -1 if stamp is None else stamp[1], message[1]
