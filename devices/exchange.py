"""A deterministic MQTT broker in memory.

On rig `memory` it is the broker; on rig `wire` it is the book of what the real one must deliver.
MQTT 3.1.1 with clean sessions and QoS 1: retained messages, wills, `+` and `#`, take-over of a
client id. One message is delivered once to a client, however many of its filters match.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from controller.interface.envelope import stamp
from controller.interface.topics import matches

REMEMBERED = 16
"""Payloads kept per topic to know a repeat by; the controller's inbox keeps as many."""


class Publication(NamedTuple):
    """One message on its way to the broker."""

    topic: str
    payload: bytes
    retain: bool


@dataclass(slots=True)
class _Session:
    will: Publication | None
    filters: tuple[str, ...]
    queue: list[tuple[str, bytes]] = field(default_factory=list)
    seen: dict[str, dict[bytes, None]] = field(default_factory=dict)
    delivered: int = 0

    def hand_over(self, topic: str, payload: bytes) -> None:
        """Queue a message; a repeat is neither queued nor counted.

        A repeat has the topic, boot and seq of one of the last on its topic. A device never sends
        two different payloads under one seq, so equal bytes say the same and need no parsing.
        """
        seen = self.seen.get(topic)
        if seen is None:
            seen = self.seen[topic] = {}
        elif payload in seen and _stamped(payload):
            return
        seen[payload] = None
        if len(seen) > REMEMBERED:
            del seen[next(iter(seen))]
        self.delivered += 1
        self.queue.append((topic, payload))


class Exchange:
    """The broker. Messages reach clients in the order in which they were published.

    `endings` counts occasions on which sessions ended: as long as it stands still, so do they.
    """

    def __init__(self) -> None:
        self.up = True
        self._sessions: dict[str, _Session] = {}
        self._retained: dict[str, bytes] = {}
        self._routes: dict[str, tuple[_Session, ...]] = {}
        self.endings = 0

    def stop(self) -> None:
        """The broker dies: sessions and retained messages are lost, no will is sent."""
        self.up = False
        self.endings += 1
        self._sessions.clear()
        self._retained.clear()
        self._routes.clear()

    def start(self) -> None:
        """The broker listens again, empty."""
        self.up = True

    def connect(self, client: str, will: Publication | None, subscriptions: Sequence[str]) -> bool:
        """Open a clean session; False when the broker is down.

        A session of the same client id is taken over: it ends abruptly, so its will is sent.
        """
        if not self.up:
            return False
        self.lose(client)
        session = _Session(will, tuple(subscriptions))
        self._sessions[client] = session
        self._routes.clear()
        for topic, payload in self._retained.items():
            if any(matches(pattern, topic) for pattern in session.filters):
                session.hand_over(topic, payload)
        return True

    def connected(self, client: str) -> bool:
        """Whether the client has a session."""
        return client in self._sessions

    def disconnect(self, client: str) -> None:
        """The client says goodbye: no will."""
        if self._sessions.pop(client, None) is not None:
            self.endings += 1
            self._routes.clear()

    def lose(self, client: str) -> None:
        """The client vanishes: its will is published."""
        session = self._sessions.pop(client, None)
        if session is None:
            return
        self.endings += 1
        self._routes.clear()
        if session.will is not None:
            self._route(session.will)

    def publish(self, client: str, *messages: Publication) -> None:
        """Take messages from a connected client; any other's are lost, as on a dead socket."""
        if client in self._sessions:
            for p in messages:
                self._route(p)

    def delivered(self, client: str) -> int:
        """Messages handed to the client in its present session, each counted once."""
        session = self._sessions.get(client)
        return session.delivered if session is not None else 0

    def waiting(self) -> list[str]:
        """The clients for whom messages wait."""
        return [client for client, session in self._sessions.items() if session.queue]

    def take(self, client: str) -> list[tuple[str, bytes]]:
        """What waits for the client, oldest first; it waits no longer."""
        session = self._sessions.get(client)
        if session is None or not session.queue:
            return []
        queue, session.queue = session.queue, []
        return queue

    def _route(self, p: Publication) -> None:
        topic, payload, retain = p
        if retain:
            self._retained.pop(topic, None)
            if payload:
                self._retained[topic] = payload
        targets = self._routes.get(topic)
        if targets is None:
            targets = self._routes[topic] = self._listeners(topic)
        for session in targets:
            session.hand_over(topic, payload)

    def _listeners(self, topic: str) -> tuple[_Session, ...]:
        return tuple(
            session
            for session in self._sessions.values()
            if any(matches(pattern, topic) for pattern in session.filters)
        )


def _stamped(payload: bytes) -> bool:
    """Whether a message carries boot and seq; others may say the same thing twice."""
    return stamp(payload) is not None
