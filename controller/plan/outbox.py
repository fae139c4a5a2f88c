"""What is still to be told to whom: every notice under one id, again and again until it is taken.

Store and forward: nothing is given up. A receiver that is away gets everything once it is back; it
drops repeats by their id.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from controller.service import NEVER

ANSWER_MS = 2000
"""How long a receiver may take to say that it has a notice; then it is sent again."""

FIRST_PAUSE_MS, LONGEST_PAUSE_MS = 1000, 15_000
"""After a failure; doubles (design)."""

ASK_MS = 2000
"""How often a receiver that speaks HTTP is asked whether somebody has acknowledged."""

AT_ONCE = 16
"""Notices that are on their way to one receiver at the same time; ten must be (DB15/T 3968)."""

WAITING, UNDERWAY, TAKEN, ACKNOWLEDGED = "waiting", "underway", "taken", "acknowledged"


@dataclass(slots=True)
class Delivery:
    """One notice on its way to one receiver; `asks`: a person's acknowledgement is wanted."""

    notice: str
    receiver: str
    asks: bool
    made_ms: int
    state: str = WAITING
    tries: int = 0
    due_ms: int = 0

    @property
    def key(self) -> tuple[str, str]:
        """What it is known by."""
        return self.notice, self.receiver

    @property
    def over(self) -> bool:
        """Whether nothing more is to be done."""
        return self.state == ACKNOWLEDGED or (self.state == TAKEN and not self.asks)


@dataclass(frozen=True, slots=True)
class Sending:
    """What is to be sent now; `query`: only ask how a notice fares."""

    receiver: str
    notice: str
    text: str
    query: bool = False


@dataclass(slots=True)
class Outbox:
    """Texts by notice, and who has not had them yet; `polled` are receivers that must be asked."""

    polled: frozenset[str] = frozenset()
    texts: dict[str, str] = field(default_factory=dict)
    open: dict[tuple[str, str], Delivery] = field(default_factory=dict)

    def add(self, notice: str, text: str, receiver: str, now: int, *, asks: bool) -> None:
        """A notice is to be told to a receiver; once is enough."""
        self.texts[notice] = text
        self.open.setdefault((notice, receiver), Delivery(notice, receiver, asks, now, due_ms=now))

    def due(self, now: int) -> Iterator[Sending]:
        """What is to be sent now, oldest first, so many at once for each receiver."""
        busy: dict[str, int] = {}
        for one in self.open.values():
            if one.state == UNDERWAY and one.due_ms > now:
                busy[one.receiver] = busy.get(one.receiver, 0) + 1
        for one in list(self.open.values()):
            if one.due_ms <= now and busy.get(one.receiver, 0) < AT_ONCE:
                busy[one.receiver] = busy.get(one.receiver, 0) + 1
                yield Sending(one.receiver, one.notice, self.texts[one.notice], one.state == TAKEN)

    def news(self, receiver: str, notice: str, what: str, now: int) -> Delivery | None:
        """What became of a sending, or of a notice at its receiver; None if nobody waits for it.

        `sent`, `asked`; `taken`, `acknowledged`; anything else is a failure.
        """
        one = self.open.get((notice, receiver))
        if one is None:
            return None
        _NEWS.get(what, _failed)(one, now, receiver in self.polled)
        if one.over:
            del self.open[one.key]
            if all(key[0] != notice for key in self.open):
                del self.texts[notice]
        return one

    def hold(self, sending: Sending) -> None:
        """There is no way to a receiver now: the notice waits until it returns."""
        self.open[sending.notice, sending.receiver].due_ms = NEVER

    def returned(self, receiver: str, now: int) -> None:
        """The way to a receiver is open again: what waits is due."""
        for one in self.open.values():
            if one.receiver == receiver and one.state in (WAITING, UNDERWAY):
                one.state, one.due_ms, one.tries = WAITING, now, min(one.tries, 1)

    def settle(self, notice: str) -> None:
        """Nobody need acknowledge a notice any more; who has not had it still gets it."""
        for one in [one for one in self.open.values() if one.notice == notice]:
            one.asks = False
            if one.over:
                del self.open[one.key]
        if all(key[0] != notice for key in self.open):
            self.texts.pop(notice, None)

    @property
    def wake_ms(self) -> int:
        """When something is next to be sent."""
        return min((one.due_ms for one in self.open.values()), default=NEVER)

    def capture(self) -> dict[str, Any]:
        """Everything that is still to be told, as plain values."""
        return {
            "texts": dict(self.texts),
            "open": [
                [o.notice, o.receiver, o.asks, o.made_ms, o.state, o.tries, o.due_ms]
                for o in self.open.values()
            ],
        }

    def restore(self, plain: Mapping[str, Any], move: Callable[[int], int]) -> None:
        """Take back what was captured: what was underway may be lost and is sent again."""
        self.texts = dict(plain["texts"])
        for notice, receiver, asks, made_ms, state, tries, _ in plain["open"]:
            state = WAITING if state == UNDERWAY else state
            one = Delivery(notice, receiver, asks, move(made_ms), state, tries, 0)
            if state == TAKEN and receiver not in self.polled:
                one.due_ms = NEVER
            self.open[one.key] = one


def _sent(one: Delivery, now: int, polled: bool) -> None:
    one.state, one.tries = UNDERWAY, one.tries + 1
    one.due_ms = NEVER if polled else now + _answer_ms(one.tries)


def _asked(one: Delivery, now: int, polled: bool) -> None:
    one.due_ms = now + ASK_MS


def _taken(one: Delivery, now: int, polled: bool) -> None:
    one.state, one.due_ms = TAKEN, now + ASK_MS if polled else NEVER


def _acknowledged(one: Delivery, now: int, polled: bool) -> None:
    one.state, one.due_ms = ACKNOWLEDGED, NEVER


def _failed(one: Delivery, now: int, polled: bool) -> None:
    if one.state == TAKEN:
        one.due_ms = now + ASK_MS
    else:
        one.state = WAITING
        one.due_ms = now + min(FIRST_PAUSE_MS << max(0, one.tries - 1), LONGEST_PAUSE_MS)


def _answer_ms(tries: int) -> int:
    """Without an answer a message is sent again; the pauses grow."""
    return min(ANSWER_MS << (tries - 1), LONGEST_PAUSE_MS)


_NEWS: Mapping[str, Callable[[Delivery, int, bool], None]] = {
    "sent": _sent, "asked": _asked, "taken": _taken, "acknowledged": _acknowledged,
}  # fmt: skip
