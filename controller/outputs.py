"""From claims to commands: numbering, acknowledgement, sending again, feedback.

A claim that changes an output's value makes one command. While the claim stands and no answer has
come, the command is sent again with growing pauses, up to a limit; after a reconnect at once. When
the claim is gone the output goes to its value at rest, which is a command of the lowest priority.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from controller.arbitration import Claim
from controller.interface.points import Command, Feedback, Point, PointList, Quality, Value
from controller.service import NEVER

ANSWER_MS = 2000
"""How long an answer may take before the command is sent again; doubles each time."""

MAX_PAUSE_MS = 30_000
MAX_SENDS = 6
REST_PRIORITY = 8

_ASK_AGAIN = ("busy", "expired")
"""Answers after which a command is sent again: a device that was busy, or that it reached late."""

FEEDBACK_MS = 10_000
"""A command whose feedback has not come by then is a fault until it comes (GB 16806-2006 (m):
10 s), however long the way is that the point's `within_ms` allows."""

RELEASE_ORDER: tuple[tuple[str, ...], ...] = (
    ("sounder", "strobe", "pa-zone"),
    (),
    ("lift", "turnstile", "bollard"),
    ("smoke-vent", "fire-damper", "roller-shutter"),
    ("door-holder",),
    ("door-lock",),
)
"""In what order outputs are let go when their claims end together; kinds that stand nowhere here
belong to the empty place. What warns goes first, what shuts ways last, locks last of all."""


@dataclass(slots=True)
class Demand:
    """One output's latest command and how it fares; `due_ms` when to send it (again).

    `spent`: it was a pulse that is over, so the same value again is another command.
    """

    command: Command
    point: Point
    claim: Claim | None
    due_ms: int
    answered: bool = False
    spent: bool = False
    sends: int = 0
    feedback_due_ms: int = NEVER


@dataclass(frozen=True, slots=True)
class Verdict:
    """What feedback supervision found: ok or missing, for which command."""

    command: Command
    what: str


class Outputs:
    """The outputs of a site: what was asked of each, and what is still owed."""

    def __init__(self, points: PointList) -> None:
        self._points = points.points
        self._numbers: dict[str, int] = {}
        self._demands: dict[str, Demand] = {}
        self._open: dict[str, Demand] = {}
        self._said: list[Demand] = []
        self._watched: dict[str, list[str]] = {}
        self._watching: dict[str, Demand] = {}
        for point in points.points.values():
            if point.feedback is not None:
                self._watched.setdefault(point.feedback.point, []).append(point.id)

    def claim(
        self, claims: Mapping[str, Claim], now: int, disabled: Container[str] = ()
    ) -> list[Command]:
        """The commands that new claims make, in the order of the I/O list's claims, then those for
        outputs that nobody claims any more. A disabled output stays as it is.
        """
        made = []
        for output, claim in claims.items():
            demand = self._demands.get(output)
            if output in disabled:
                continue
            if demand is None or demand.command.value != claim.value or demand.spent:
                made.append(self._demand(output, claim.value, claim.priority, claim, now))
            else:
                demand.claim = claim
        ended = [
            d for o, d in self._demands.items() if d.claim and o not in claims and o not in disabled
        ]
        for demand in sorted(ended, key=_late):
            rested = self._release(demand, now)
            if rested is not None:
                made.append(rested)
        return made

    def tell(self, output: str, value: Value, rule: str, now: int) -> Command:
        """A command that is to be carried out now or never: it is sent once and not owed later.

        Several to one output in one scan are all sent.
        """
        number = self._numbers[output] = self._numbers.get(output, 0) + 1
        command = Command(f"{output}#{number}", output, value, REST_PRIORITY, rule, now)
        demand = Demand(command, self._points[output], None, now, spent=True)
        self._demands[output] = demand
        self._said.append(demand)
        return command

    def answer(self, command: str, result: str) -> Command | None:
        """An answer has come; the command it belongs to, or None if nobody waits for it."""
        demand = self._demands.get(command.partition("#")[0])
        if demand is None or demand.command.id != command or demand.answered:
            return None
        if result in _ASK_AGAIN:
            return demand.command
        demand.answered = True
        self._open.pop(demand.point.id, None)
        return demand.command

    def unanswered(self, command: str, now: int) -> None:
        """The driver gave up on a command: try again after a pause."""
        demand = self._open.get(command.partition("#")[0])
        if demand is not None and demand.command.id == command:
            demand.due_ms = now + _pause(demand.sends)

    def reconnected(self, device_ids: frozenset[str], now: int, *, again: bool) -> None:
        """A way to some devices is open again: what is owed is due now, all of it if `again`."""
        for demand in self._demands.values():
            if demand.point.device not in device_ids:
                continue
            if again and demand.claim is not None and demand.claim.rest is not None:
                demand.answered = False
                self._open[demand.point.id] = demand
            if demand.point.id in self._open:
                demand.sends, demand.due_ms = min(demand.sends, 1), now

    def due(self, now: int) -> list[Demand]:
        """Commands to be sent now, highest priority first, then in the order they were made."""
        found = [*self._said, *(d for d in self._open.values() if d.due_ms <= now)]
        self._said = []
        return sorted(found, key=lambda d: d.command.priority)

    def sent(self, demand: Demand, now: int, *, answers_itself: bool) -> None:
        """A command left; `answers_itself`: the driver will report silence, no timer is needed."""
        demand.sends += 1
        demand.due_ms = NEVER if answers_itself else now + _pause(demand.sends)

    def postpone(self, demand: Demand) -> None:
        """There is no way to send a command now: it waits for the reconnect."""
        demand.due_ms = NEVER

    def exhausted(self, demand: Demand) -> bool:
        """Whether a command has been sent often enough; then it is given up until a reconnect."""
        if demand.sends < MAX_SENDS:
            return False
        demand.due_ms = NEVER
        return True

    def seen(self, point: str, value: Value, quality: Quality) -> Iterator[Verdict]:
        """A feedback point says something: the commands that it shows to have worked."""
        for output in self._watched.get(point, ()):
            demand = self._watching.get(output)
            if demand is not None and quality is Quality.GOOD and _met(demand, value):
                del self._watching[output]
                yield Verdict(demand.command, "ok")

    def missing(self, now: int) -> list[Verdict]:
        """Commands whose feedback is overdue; each is told once."""
        found = []
        for demand in self._watching.values():
            if demand.feedback_due_ms <= now:
                demand.feedback_due_ms = NEVER
                found.append(Verdict(demand.command, "missing"))
        return found

    @property
    def wake_ms(self) -> int:
        """When something is next due here."""
        sends = min((d.due_ms for d in self._open.values()), default=NEVER)
        return min(sends, self.feedback_wake_ms)

    @property
    def feedback_wake_ms(self) -> int:
        """When feedback is next overdue."""
        return min((d.feedback_due_ms for d in self._watching.values()), default=NEVER)

    def capture(self) -> dict[str, Any]:
        """Every output's number and latest command, as plain values."""
        return {
            output: [self._numbers[output], d.command.value, d.command.priority, d.command.rule,
                     d.command.t_ms, _plain(d.claim), d.spent, d.feedback_due_ms]
            for output, d in self._demands.items()
        }  # fmt: skip

    def restore(self, plain: Mapping[str, Any], move: Callable[[int], int]) -> None:
        """Take back what was captured: what stood is owed again, since devices may have forgotten.

        An output that the I/O list no longer has is left out.
        """
        for output, (number, value, priority, rule, t_ms, claim, spent, due_ms) in plain.items():
            point = self._points.get(output)
            if point is None:
                continue
            command = Command(f"{output}#{number}", output, value, priority, rule, move(t_ms))
            demand = Demand(command, point, Claim(*claim) if claim else None, NEVER, spent=spent)
            self._numbers[output], self._demands[output] = number, demand
            if not spent:
                self._open[output], demand.due_ms = demand, 0
            if point.feedback is not None:
                again_ms = _patience_ms(
                    point.feedback
                )  # it is sent again, and takes its time again
                demand.feedback_due_ms = NEVER if due_ms == NEVER else max(move(due_ms), again_ms)
                self._watching[output] = demand

    def _release(self, demand: Demand, now: int) -> Command | None:
        rest = demand.claim.rest if demand.claim is not None else None
        if rest is None:
            demand.claim, demand.spent = None, True
            self._open.pop(demand.point.id, None)
            return None
        return self._demand(demand.point.id, rest, REST_PRIORITY, None, now)

    def _demand(
        self, output: str, value: Value, priority: int, claim: Claim | None, now: int
    ) -> Command:
        number = self._numbers[output] = self._numbers.get(output, 0) + 1
        before = self._demands.get(output)
        rule = claim.rule if claim is not None else _rule_of(before)
        command = Command(f"{output}#{number}", output, value, priority, rule, now)
        demand = Demand(command, self._points[output], claim, now)
        self._demands[output] = self._open[output] = demand
        feedback = demand.point.feedback
        if feedback is not None:
            demand.feedback_due_ms = now + _patience_ms(feedback)
            self._watching[output] = demand
        return command


_PLACE = {kind: place for place, kinds in enumerate(RELEASE_ORDER) for kind in kinds}
_AMONG = RELEASE_ORDER.index(())


def _late(demand: Demand) -> int:
    return _PLACE.get(demand.point.kind, _AMONG)


def _patience_ms(feedback: Feedback) -> int:
    return min(feedback.within_ms, FEEDBACK_MS)


def _plain(claim: Claim | None) -> list[Any] | None:
    return None if claim is None else [claim.value, claim.priority, claim.rule, claim.rest]


def _rule_of(demand: Demand | None) -> str:
    return demand.claim.rule if demand is not None and demand.claim is not None else ""


def _met(demand: Demand, value: Value) -> bool:
    feedback = demand.point.feedback
    return feedback is not None and feedback.met(demand.command.value, value)


def _pause(sends: int) -> int:
    return min(ANSWER_MS << max(0, sends - 1), MAX_PAUSE_MS)
