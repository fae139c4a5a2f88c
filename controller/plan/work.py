"""The plan at work: pressed buttons and matrix causes become incidents, and people are told.

Beside and below the alarm logic: it claims nothing but the reset of its own buttons. Every step is
on record with its reason; what leaves or comes back is a fact that the journal takes as it stands.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, Protocol

from controller.arbitration import Claim
from controller.image import Image
from controller.interface.notices import ACKNOWLEDGED
from controller.interface.operation import Operation
from controller.interface.points import PointList, Value
from controller.memory import moved
from controller.plan.incidents import SAYS, Incidents
from controller.plan.levels import DONE, Levels
from controller.plan.outbox import Outbox, Sending
from controller.plan.patrols import Patrols
from controller.plan.reporting import Reporting
from controller.plan.values import Plan

PHASE = 3


class Records(Protocol):
    """Where records go: a `Journal`."""

    def record(self, t_ms: int, phase: int, kind: str, entity: str, **data: Any) -> int:
        """Append one record."""
        ...


class PlanWork:
    """One site's plan (a `Desk` for its sections); `changed` asks for a look.

    `evidence` is the number and head of the journal in this scan, where a report needs it.
    """

    def __init__(self, plan: Plan, points: PointList, image: Image, journal: Records) -> None:
        self.plan, self.site = plan, points.site
        self.began_ms = 0
        self.evidence: tuple[int, str] | None = None
        self.changed = True
        polled = frozenset(r.id for r in plan.receivers.values() if r.bus == "http")
        self.outbox = Outbox(polled)
        self._incidents = Incidents(plan, points, image, self)
        self._reporting = Reporting(plan, self)
        self._levels = Levels(plan, image, self)
        self._patrols = Patrols(plan, self)
        self._journal = journal
        self._numbers = self._records = 0
        self._hushed = False
        self._waiting: list[tuple[int, str, str, dict[str, Any]]] = []

    @property
    def wake_ms(self) -> int:
        """When to look again without news; sendings apart, which are the scan's own."""
        if self.changed:
            return 0
        cases = self._incidents.cases.values()
        wakes = (self._levels.wake_ms, self._patrols.wake_ms, self._reporting.wake_ms(cases))
        return min(self._incidents.wake_ms, *wakes)

    @property
    def claims(self) -> Mapping[str, Claim]:
        """What the plan asks of outputs."""
        return self._incidents.claims

    def decide(self, now: int, causes: Collection[str], *, drill: bool) -> bool:
        """Open incidents, take the steps that are due; whether anything went on record."""
        before = self._records
        self.changed = False
        self._incidents.decide(now, causes, drill=drill)
        self._levels.decide(now)
        self._patrols.decide(now)
        cases = self._incidents.cases.values()
        if self.evidence is not None:
            self._reporting.write(cases, self.evidence, now)
        elif self._reporting.wanted(cases, now):
            self.changed = True  # the journal's head is asked for at the next scan
        self._reporting.miss(now)
        self.evidence = None
        self._incidents.forget(self._reporting.done)
        return self._records != before

    @property
    def names(self) -> tuple[str, ...]:
        """What an operator may name besides zones, devices and outputs."""
        return (*self._levels.names, *self._incidents.sources)

    def owns(self, operation: Operation) -> bool:
        """Whether an operation is about the plan."""
        if operation.verb in ("level", DONE):
            return True
        return operation.verb in SAYS and operation.target in self._incidents.sources

    def operate(self, operation: Operation, now: int) -> tuple[bool, str]:
        """Grant what an operator asks, or refuse it; what comes of it waits for `speak`."""
        self.changed = self._hushed = True
        if operation.verb in SAYS:
            return self._incidents.operate(operation, now)
        return self._levels.operate(operation, now)

    def speak(self) -> None:
        """The operation is on record: now what came of it."""
        self._hushed = False
        waiting, self._waiting = self._waiting, []
        for now, kind, entity, data in waiting:
            self.note(now, kind, entity, **data)

    def news(self, receiver: str, notice: str, what: str, now: int) -> None:
        """What became of a sending, or of a notice at its receiver."""
        one = self.outbox.news(receiver, notice, what, now)
        if one is None or what not in ("taken", "acknowledged"):
            return
        self.changed = True
        self._reporting.taken(notice, receiver, now)
        if what == "acknowledged":
            self._incidents.acknowledged(receiver, notice, now)
        self.note(now, "notice", receiver, what=what, id=notice, after_ms=now - one.made_ms)

    def happened(self, point: str, value: Value, t_ms: int, now: int) -> None:
        """A device says that something happened at `t_ms`."""
        device, _, name = point.partition(".")
        if device in self._patrols.points and name == "visit":
            self.changed = True
            self._patrols.visited(device, t_ms, now)
        notice, _, word = str(value).partition(" ")
        if device not in self.plan.receivers or name != "receipt":
            return
        self.changed = True
        if word == ACKNOWLEDGED:
            self.news(device, notice, word, now)
        if word in (ACKNOWLEDGED, DONE):
            self._levels.receipt(device, notice, word, now)

    def wants_evidence(self, now: int) -> bool:
        """Whether this scan writes a report, which names the journal's head."""
        return self._reporting.wanted(self._incidents.cases.values(), now)

    def due(self, now: int) -> list[Sending]:
        """What is to be sent now."""
        return list(self.outbox.due(now))

    def returned(self, device: str, now: int) -> None:
        """The way to a receiver is open again."""
        self.outbox.returned(device, now)

    def tell(self, notice: str, text: str, receiver: str, now: int, *, asks: bool) -> None:
        """Put a notice into the outbox."""
        self.outbox.add(notice, text, receiver, now, asks=asks)
        self.note(now, "notice", receiver, what="due", id=notice)

    def settle(self, notice: str) -> None:
        """Nobody need acknowledge a notice any more."""
        self.outbox.settle(notice)

    def number(self) -> str:
        """The id of a new notice: that of the program's first start, and a number."""
        self._numbers += 1
        return f"n{self.began_ms:x}-{self._numbers}"

    def note(self, now: int, kind: str, entity: str, **data: Any) -> None:
        """Put something on record; what an operation brings about, after it."""
        if self._hushed:
            self._waiting.append((now, kind, entity, data))
            return
        self._records += 1
        self._journal.record(now, PHASE, kind, entity, **data)

    def capture(self) -> dict[str, Any]:
        """Everything that must not be forgotten across a restart, as plain values."""
        return {
            "incidents": self._incidents.capture(),
            "outbox": self.outbox.capture(),
            "reports": self._reporting.capture(),
            "levels": self._levels.capture(),
            "patrols": self._patrols.capture(),
            "numbers": self._numbers,
        }

    def restore(self, plain: Mapping[str, Any], shift_ms: int) -> None:
        """Go on from what was captured; the clock that starts now reads `shift_ms` less."""
        move = partial(moved, shift_ms=shift_ms)
        self._incidents.restore(plain["incidents"], move)
        self.outbox.restore(plain["outbox"], move)
        self._reporting.restore(plain["reports"], move)
        self._levels.restore(plain["levels"], move)
        self._patrols.restore(plain["patrols"], move)
        self._numbers = plain["numbers"]
        self.changed = True
