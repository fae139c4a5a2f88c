"""Requests of operators that came over MQTT and wait for a scan."""

from __future__ import annotations

from controller.interface import envelope
from controller.interface.envelope import Malformed

MOST_ASKED = 256
"""Requests that may wait; more are not heard, and their senders ask again."""


class Consoles:
    """What consoles ask, in the order they came."""

    def __init__(self) -> None:
        self._asked: list[tuple[str, bytes]] = []

    def hear(self, console: str, payload: bytes) -> None:
        """A console asks; the request is the text in an envelope, or what it sent instead."""
        message = envelope.decode_state(payload)
        said = None if isinstance(message, Malformed) else message.value
        if len(self._asked) < MOST_ASKED:
            self._asked.append((console, said.encode() if isinstance(said, str) else payload))

    def take(self, most: int) -> list[tuple[str, bytes]]:
        """Console and text of the next requests."""
        taken, self._asked = self._asked[:most], self._asked[most:]
        return taken
