"""A client that keeps what it is sent, without repeats and without what it did not ask for."""

from __future__ import annotations

from controller.interface.topics import matches


class Listener:
    """Everything a client heard over all its sessions, each message once."""

    def __init__(self, client_id: str, subscriptions: tuple[str, ...] = ()) -> None:
        self.client_id = client_id
        self.subscriptions = subscriptions
        self.got: list[tuple[str, bytes]] = []
        self._seen: set[tuple[str, bytes]] = set()

    def receive(self, topic: str, payload: bytes) -> None:
        asked = any(matches(pattern, topic) for pattern in self.subscriptions)
        if asked and (topic, payload) not in self._seen:
            self._seen.add((topic, payload))
            self.got.append((topic, payload))

    def fenced(self) -> bool:
        return any(body == b"fence " + self.client_id.encode() for _, body in self.got)
