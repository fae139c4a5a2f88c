"""Requests that wait for an answer, repeated as RFC 3261 section 17.1.2 says; and answers given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from devices.agenda import NEVER
from devices.gb28181.sip import SipMessage

T1_MS, T2_MS = 500, 4000
GIVE_UP_MS = 64 * T1_MS
"""Timers T1, T2 and F of RFC 3261: first repeat, longest pause, and when nobody will answer."""

_REMEMBERED = 64

Done = Callable[[SipMessage | None, int], None]
"""Called with the final response, or None when none came in time; and the time, ms."""


@dataclass(slots=True)
class _Waiting:
    datagram: bytes
    sequence: str
    done: Done
    pause_ms: int
    due_ms: int
    ends_ms: int


class Transactions:
    """What was asked and is not answered yet, by branch."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Waiting] = {}
        self._given: dict[tuple[str, str], bytes] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def begin(self, branch: str, sequence: str, datagram: bytes, done: Done, now: int) -> None:
        """A request has been sent."""
        due, end = now + T1_MS, now + GIVE_UP_MS
        self._waiting[branch] = _Waiting(datagram, sequence, done, T1_MS, due, end)

    def answered(self, message: SipMessage, now: int) -> None:
        """A response has come; one that nobody waits for is dropped, so is a provisional one."""
        found = self._waiting.get(message.branch)
        if found is None or message.status < 200 or message.sequence != found.sequence:
            return
        del self._waiting[message.branch]
        found.done(message, now)

    def due(self, now: int) -> list[bytes]:
        """Requests to be sent once more; those that took too long are given up."""
        again = []
        for branch, one in tuple(self._waiting.items()):
            if now >= one.ends_ms:
                self._waiting.pop(branch, None)
                one.done(None, now)
            elif now >= one.due_ms:
                one.pause_ms = min(2 * one.pause_ms, T2_MS)
                one.due_ms = now + one.pause_ms
                again.append(one.datagram)
        return again

    @property
    def wake_ms(self) -> int:
        """When something is due."""
        return min((min(w.due_ms, w.ends_ms) for w in self._waiting.values()), default=NEVER)

    def forget(self) -> None:
        """Wait for nothing any more."""
        self._waiting.clear()

    def given(self, asked: SipMessage) -> bytes | None:
        """How the same request was answered before; it has come again, and is not done twice."""
        return self._given.get((asked.branch, asked.sequence))

    def give(self, asked: SipMessage, reply: bytes) -> None:
        """Remember an answer."""
        if len(self._given) >= _REMEMBERED:
            del self._given[next(iter(self._given))]
        self._given[asked.branch, asked.sequence] = reply
