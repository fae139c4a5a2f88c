"""Messages as they came -> each message once, in an order that is the same everywhere.

Brokers may deliver a message twice, and amqtt repeats retained ones; (topic, boot, seq) tells.
What the controller said itself comes back, because it subscribes to every status: not counted.
"""

from __future__ import annotations

from collections.abc import Sequence

from controller.interface import envelope, topics

_OWN = f"/{topics.CONTROLLER[0]}/{topics.CONTROLLER[1]}/"
_REMEMBERED = 32
"""Numbers kept per topic; a repeat follows closely on its first coming."""


class Inbox:
    """What has come in one broker session; `count` counts repeats once."""

    def __init__(self) -> None:
        self.count = 0
        self._seen: dict[str, dict[tuple[str, int], None]] = {}

    def new(self, messages: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
        """The messages not seen before, sorted by topic and number."""
        fresh = []
        for topic, payload in messages:
            if _OWN in topic:
                continue
            stamp = envelope.stamp(payload)
            if stamp is None or self._is_new(topic, stamp):
                self.count += 1
                fresh.append((topic, stamp[1] if stamp else -1, payload))
        fresh.sort()
        return [(topic, payload) for topic, _, payload in fresh]

    def _is_new(self, topic: str, stamp: tuple[str, int]) -> bool:
        seen = self._seen.setdefault(topic, {})
        if stamp in seen:
            return False
        seen[stamp] = None
        if len(seen) > _REMEMBERED:
            del seen[next(iter(seen))]
        return True
