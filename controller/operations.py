"""What each verb of an operation does, and when it is refused.

Operations are decided one after the other, on the scan. The same id is answered the same and does
nothing again. What lessens protection is refused for `AGREE_MS` after another operator has asked
for more of it in the same place; what adds to it is always heard. So of two the safer wins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from controller.alarms import Alarms
from controller.alarmtable import ZoneEvent
from controller.alarmzone import AlarmEvent
from controller.crowdwatch import CrowdWatch
from controller.interface.operation import VERBS, Answer, Operation
from controller.interface.points import PointList
from controller.matrixvalues import Matrix
from controller.orders import WHOLE_SITE, Orders
from controller.plan.work import PlanWork
from controller.reasons import blocking, weakened
from controller.service import Term

AGREE_MS = 3000
"""Two people who decide within this time do not know of each other (design)."""

LESSENS = ("silence", "reset", "dismiss", "disable", "test", "drill", "all-clear")
ADDS = ("resound", "confirm", "investigate", "enable", "end-test", "evacuate", "lockdown")

REMEMBERED = 512
"""How many answers are kept for repeats."""

Result = tuple[bool, str, list[AlarmEvent]]
Verb = Callable[[Operation, int], Result]


class Owner(Protocol):
    """Sections of a plan that operators ask for something."""

    def owns(self, operation: Operation) -> bool:
        """Whether an operation is about one of them."""
        ...

    def operate(self, operation: Operation, now: int) -> Result:
        """Grant what is asked, or refuse it."""
        ...


class Operations:
    """The only door for operators: alarms and orders change here, and nowhere else by hand.

    What the sections of the plan own is theirs to decide.
    """

    def __init__(
        self, points: PointList, matrix: Matrix, alarms: Alarms, orders: Orders, crowd: CrowdWatch,
        plan: PlanWork, sections: Owner,
    ) -> None:  # fmt: skip
        self._points, self._matrix, self._crowd = points, matrix, crowd
        self._plan, self._sections = plan, sections
        self._alarms, self._orders = alarms, orders
        self._answers: dict[str, Answer] = {}
        self._added: dict[str, tuple[int, str, str]] = {}
        self._verbs: Mapping[str, Callable[[Operation, int], Result]] = {
            "acknowledge": self._acknowledge,
            "silence": self._silence,
            "resound": self._resound,
            "reset": self._reset,
            "investigate": self._investigate,
            "confirm": self._confirm,
            "dismiss": self._dismiss,
            "disable": self._disable,
            "enable": self._end,
            "test": self._test,
            "end-test": self._end,
            "drill": self._drill,
            "end-drill": self._end,
            "evacuate": self._evacuate,
            "lockdown": self._lockdown,
            "all-clear": self._all_clear,
        }

    def answered(self, operation: Operation) -> Answer | None:
        """What was answered to this id before."""
        return self._answers.get(operation.id)

    def decide(self, operation: Operation, now: int) -> tuple[Answer, list[AlarmEvent]]:
        """Grant an operation or refuse it, and what happened to devices and zones."""
        granted, text, events = self._decided(operation, now)
        answer = self._answers[operation.id] = Answer(operation.id, granted, text)
        if len(self._answers) > REMEMBERED:
            del self._answers[next(iter(self._answers))]
        if granted and operation.verb in ADDS:
            self._added[operation.target] = (now, operation.operator, operation.verb)
        return answer, events

    def capture(self) -> dict[str, Any]:
        """The answers given, as plain values: a repeat after a restart is still one."""
        return {a.id: [a.granted, a.text] for a in self._answers.values()}

    def restore(self, plain: Mapping[str, Any]) -> None:
        """Take back what was captured."""
        self._answers = {name: Answer(name, *words) for name, words in plain.items()}

    def _decided(self, operation: Operation, now: int) -> Result:
        known = (
            *self._alarms.zones, *self._points.devices, *self._points.points,
            *self._crowd.watched, WHOLE_SITE,
        )  # fmt: skip
        if self._sections.owns(operation):
            return self._sections.operate(operation, now)
        if self._plan.owns(operation):
            return *self._plan.operate(operation, now), []
        if operation.verb in VERBS and operation.verb not in self._verbs:
            return _no(f"the plan has nothing to {operation.verb} here: {operation.target!r}")
        if operation.verb not in self._verbs:
            return _no(f"no such verb: {operation.verb!r}; known: {', '.join(VERBS)}")
        if operation.target not in known:
            return _no(f"no such zone, device or output: {operation.target!r}")
        if operation.verb in LESSENS:
            for target, (at, operator, verb) in self._added.items():
                mine = operator == operation.operator or now - at >= AGREE_MS
                if not mine and self._meet(target, operation.target):
                    return _no(f"{operator} has just asked for {verb}: ask again if it still holds")
        return self._verbs[operation.verb](operation, now)

    def _meet(self, one: str, other: str) -> bool:
        return WHOLE_SITE in (one, other) or self._zone_of(one) == self._zone_of(other)

    def _zone_of(self, target: str) -> str:
        device = self._alarms.devices.get(target)
        return target if device is None else device.zone

    def _zones(self, target: str) -> list[str]:
        return [z for z in self._alarms.zones if target in (WHOLE_SITE, z)]

    def _acknowledge(self, op: Operation, now: int) -> Result:
        names = [op.target] if op.target else list(self._alarms.zones)
        events = self._alarms.acknowledge(names, now)
        watches = self._crowd.acknowledge(op.target)
        events += [AlarmEvent(name, "acknowledged", "") for name in watches]
        if not events:
            return _no("nothing waits to be acknowledged here")
        return True, f"acknowledged: {', '.join(dict.fromkeys(e.entity for e in events))}", events

    def _silence(self, op: Operation, now: int) -> Result:
        if op.target:
            return _no("sounders start and stop together: silence names no target")
        if self._orders.known != self._alarms.rises:
            return _no("an alarm has come at this moment: it is not silenced before it was heard")
        self._orders.silenced = self._alarms.rises
        return True, "sounders silenced; another alarm makes them sound again", []

    def _resound(self, op: Operation, now: int) -> Result:
        if self._orders.silenced != self._alarms.rises:
            return _no("the sounders are not silenced")
        self._orders.silenced = None
        return True, "the sounders sound again", []

    def _reset(self, op: Operation, now: int) -> Result:
        zones = [self._alarms.zones[name] for name in self._zones(op.target)]
        if not zones:
            return _no(f"{op.target!r} is no zone: a reset is for a zone or the whole site")
        latched = [zone for zone in zones if zone.latched]
        stands = [text for zone in latched for text in blocking(zone, self._alarms, now)]
        if stands:
            return _no(f"not reset: {'; '.join(stands)}")
        self._orders.reset, self._orders.silenced = True, None
        events = self._alarms.reset(now, [zone.id for zone in latched])
        return True, f"reset: {', '.join(z.id for z in latched) or 'nothing was latched'}", events

    def _investigate(self, op: Operation, now: int) -> Result:
        confirm = self._matrix.confirm
        look_ms = min(op.lasts_ms or confirm.look_ms, confirm.pack.longest_look.ms)
        text = f"is looked at for {look_ms / 1000:g} s, then it counts as a fire"
        return self._word(op, ZoneEvent.INVESTIGATE, now, text, look_ms)

    def _confirm(self, op: Operation, now: int) -> Result:
        return self._word(op, ZoneEvent.CONFIRM, now, "is a fire")

    def _dismiss(self, op: Operation, now: int) -> Result:
        return self._word(op, ZoneEvent.DISMISS, now, "is dismissed; a reset is still needed")

    def _word(
        self, op: Operation, event: ZoneEvent, now: int, text: str, look_ms: int = 0
    ) -> Result:
        zone = self._alarms.zones.get(op.target)
        if zone is None:
            return _no(f"{op.verb} names a zone, not {op.target!r}")
        was = zone.state
        events = self._alarms.decide(zone.id, event, now, op.operator, look_ms)
        if not events:
            return _no(f"zone {zone.id} is in state {was}: {op.verb} does not apply")
        return True, f"zone {zone.id} {text}", events

    def _disable(self, op: Operation, now: int) -> Result:
        if not op.target or (
            op.target in self._points.points and not self._points.points[op.target].write
        ):
            return _no("disable names a device of a zone, a zone or an output")
        known = (*self._alarms.zones, *self._alarms.devices, *self._points.points)
        if op.target not in known:
            return _no(f"{op.target} is neither a detector, a call point, a zone nor an output")
        term = self._term(op, self._matrix.limits.disable_ms, now)
        self._alarms.service.disabled[op.target] = term
        events = self._alarms.serve(now)
        told = weakened(op.target, self._alarms, self._matrix.confirm)
        return True, f"disabled for {term.lasts_ms / 1000:g} s{told}", events

    def _test(self, op: Operation, now: int) -> Result:
        zone = self._alarms.zones.get(op.target)
        if zone is None or zone.latched:
            return _no("test names a zone in which nothing is latched")
        term = self._term(op, self._matrix.limits.test_ms, now)
        self._alarms.service.tested[zone.id] = term
        events = self._alarms.serve(now)
        text = f"zone {zone.id} in test for {term.lasts_ms / 1000:g} s without activity"
        return True, f"{text}; a real alarm elsewhere ends it", events

    def _drill(self, op: Operation, now: int) -> Result:
        if op.target or any(zone.latched for zone in self._alarms.zones.values()):
            return _no("a drill is of the whole site, and only while nothing is latched")
        term = self._alarms.service.drill = self._term(op, self._matrix.limits.drill_ms, now)
        return True, f"drill for {term.lasts_ms / 1000:g} s; a real alarm ends it", []

    def _end(self, op: Operation, now: int) -> Result:
        if not self._alarms.service.end(op.verb, op.target):
            return _no("there is nothing to end here")
        return True, "ended", self._alarms.serve(now)

    def _evacuate(self, op: Operation, now: int) -> Result:
        if op.target and op.target not in self._alarms.zones:
            return _no(f"evacuate names a zone or the whole site, not {op.target!r}")
        self._orders.evacuate[op.target], self._orders.silenced = op.operator, None
        return True, f"evacuation of {op.target or 'the whole site'} ordered", []

    def _lockdown(self, op: Operation, now: int) -> Result:
        if op.target:
            return _no("a lockdown is of the whole site")
        self._orders.lockdown = op.operator
        return True, "lockdown ordered; ways out stay free", []

    def _all_clear(self, op: Operation, now: int) -> Result:
        """A lockdown ends at any time; an evacuation and open doors only once the fire is reset."""
        zones = self._zones(op.target)
        if not zones:
            return _no(f"all-clear names a zone or the whole site, not {op.target!r}")
        ended = ["lockdown"] if self._orders.lockdown and not op.target else []
        if ended:
            self._orders.lockdown = ""
        fires = [name for name in zones if self._alarms.zones[name].confirmed]
        if fires:
            text = f"reset zone {', '.join(fires)} first: evacuation and open doors stay"
            return bool(ended), "; ".join([*(f"{e} ended" for e in ended), text]), []
        ends = [z for z in self._orders.evacuate if z in zones or not op.target]
        for name in ends:
            del self._orders.evacuate[name]
        self._orders.release = True
        ended += [f"evacuation of {name or 'the whole site'}" for name in ends]
        return True, f"all clear: {', '.join(ended) or 'doors may lock'}", []

    def _term(self, op: Operation, limit_ms: int, now: int) -> Term:
        lasts_ms = min(op.lasts_ms or limit_ms, limit_ms)
        return Term(now + lasts_ms, lasts_ms, self._alarms.rises)


def _no(text: str) -> Result:
    return False, text, []
