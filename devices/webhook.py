"""One receiver of notices over HTTP without its transport: requests in, answers at their time out.

Rig `memory` calls it directly, `devices.serve.webhook` puts a socket in front; both give the same
bytes. Requests that came in one slice are taken in the order of method and notice, so that it does
not matter which connection was quicker.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256

from devices.machines.receiver import OK, NoticeReceiver

PATIENCE_MS = 30_000
"""A request is answered or cut off after so long at the latest: long before anybody abandons it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: the connection, the method, the notice that it names, and the body."""

    conn: int
    method: str
    notice: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """What goes back on a connection; status 0: it is cut."""

    conn: int
    status: int
    body: bytes


class Webhook:
    """The HTTP side of a receiver.

    `requests` counts what came, `ended` what was answered or cut. `refuses`: it takes no
    connection.
    """

    def __init__(self, receiver: NoticeReceiver) -> None:
        self.id = receiver.wiring.id
        self.requests = self.ended = 0
        self.tape = sha256()
        self._receiver = receiver
        self._arrived: list[Asked] = []
        self._held: list[tuple[int, Answered]] = []

    @property
    def refuses(self) -> bool:
        """Whether it takes no connection."""
        return self._receiver.wiring.off

    def receive(self, asked: Asked) -> None:
        """A request has come; it is looked at when this slice is applied."""
        self.requests += 1
        self._arrived.append(asked)

    def work(self, now: int) -> None:
        """Carry out what came, in an order of its own; answers follow later."""
        arrived, self._arrived = self._arrived, []
        for asked in sorted(arrived, key=lambda one: (one.method, one.notice, one.conn)):
            self.tape.update(f"<{asked.method} {asked.notice} ".encode() + asked.body)
            status, body = self._carry_out(asked, now)
            due_ms = now + self._receiver.take_ms
            self._held.append((due_ms, Answered(asked.conn, status, body)))

    def due(self, now: int) -> list[Answered]:
        """Answers whose time has come; all are cut while it is away."""
        if self.refuses:
            gone = [Answered(one.conn, 0, b"") for _, one in self._held]
            self._held.clear()
        else:
            gone = [one for due_ms, one in self._held if due_ms <= now]
            self._held = [held for held in self._held if held[0] > now]
        for one in gone:
            self.tape.update(f">{one.status} ".encode() + one.body)
        self.ended += len(gone)
        return gone

    def next_wake(self) -> int:
        """When the next answer is due."""
        return min((due_ms for due_ms, _ in self._held), default=1 << 62)

    def _carry_out(self, asked: Asked, now: int) -> tuple[int, bytes]:
        if asked.method == "GET":
            state = self._receiver.state(asked.notice)
            return (200, _told(asked.notice, state)) if state else (404, _told(asked.notice, ""))
        self._receiver.wiring.cause = asked.notice
        result = self._receiver.command("notice", asked.body.decode("utf-8", "replace"), now)
        state = self._receiver.state(asked.notice)
        return (202 if result == OK else 503), _told(asked.notice, state)


def _told(notice: str, state: str) -> bytes:
    return json.dumps({"id": notice, "state": state}, separators=(",", ":")).encode()
