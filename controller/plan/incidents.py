"""Incidents: pressed buttons and matrix causes that hold, step by step down their chains."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from controller.arbitration import Claim
from controller.image import Image
from controller.interface.operation import Operation
from controller.interface.points import PointList, Quality
from controller.plan import telling
from controller.plan.case import Case
from controller.plan.desk import Desk
from controller.plan.values import Incident, Plan
from controller.service import NEVER

RESET_MS = 100
"""How long a button's reset is claimed, a scan at least: it is a pulse, and another may follow."""

RESET_PRIORITY = 4
OPERATOR = "operator"
"""Stands among who acknowledged for any operator."""

Move = Callable[[int], int]


class Incidents:
    """What stands, by button or cause. A button in doubt neither rises nor falls."""

    def __init__(self, plan: Plan, points: PointList, image: Image, desk: Desk) -> None:
        self._plan, self._points, self._image, self._desk = plan, points, image, desk
        incidents = plan.incidents.values()
        self.sources = {name for one in incidents for name in (*one.buttons, *one.causes)}
        self.cases: dict[str, Case] = {}
        self._down: set[str] = set()
        self._resets: dict[str, int] = {}

    @property
    def wake_ms(self) -> int:
        """When the next step of a chain is due, or a reset is over."""
        wakes = [self._step_ms(case) for case in self.cases.values()]
        return min([*wakes, *self._resets.values()], default=NEVER)

    @property
    def claims(self) -> dict[str, Claim]:
        """The resets of buttons that were asked for."""
        return {p: Claim(True, RESET_PRIORITY, "plan>reset", None) for p in self._resets}

    def decide(self, now: int, causes: Collection[str], *, drill: bool) -> None:
        """Open incidents and take the steps that are due."""
        for incident in self._plan.incidents.values():
            for button in incident.buttons:
                self._look_at(button, incident, now, drill)
            for cause in incident.causes:
                self._follow(cause, incident, now, cause in causes, drill)
        for case in self.cases.values():
            self._step(case, now)
        self._resets = {name: until for name, until in self._resets.items() if until > now}

    def forget(self, finished: Callable[[Case], bool]) -> None:
        """What is closed and reported needs no memory."""
        kept = {n: c for n, c in self.cases.items() if not (c.closed and finished(c))}
        self.cases = kept

    def operate(self, operation: Operation, now: int) -> tuple[bool, str]:
        """Grant what an operator says of an incident, or refuse it."""
        case = self.cases.get(operation.target)
        if case is None or case.closed:
            return False, f"no incident stands at {operation.target}"
        who = f"{operation.role} ({operation.operator})"
        case.did(now, f"{operation.verb} by {who}")
        what, do = SAYS[operation.verb]
        self._desk.note(
            now, "incident", case.source, what=what, id=case.notice, by=operation.operator,
            role=operation.role,
        )  # fmt: skip
        return True, do(self, case, who, now)

    def acknowledged(self, receiver: str, notice: str, now: int) -> None:
        """Somebody at a receiver has seen a notice."""
        case = next((c for c in self.cases.values() if c.notice == notice), None)
        if case is not None and receiver not in case.acknowledged:
            case.acknowledged.append(receiver)
            case.did(now, f"acknowledged by {self._plan.receivers[receiver].role} ({receiver})")

    def capture(self) -> dict[str, Any]:
        """What stands, as plain values."""
        return {
            "cases": [case.capture() for case in self.cases.values()],
            "down": sorted(self._down),
            "resets": dict(self._resets),
        }

    def restore(self, plain: dict[str, Any], move: Move) -> None:
        """Take back what was captured; an incident that the plan no longer has is left out."""
        cases = (Case.restored(one, move) for one in plain["cases"])
        self.cases = {c.source: c for c in cases if c.incident in self._plan.incidents}
        self._down = set(plain["down"])
        self._resets = {name: move(until) for name, until in plain["resets"].items()}

    def _look_at(self, button: str, incident: Incident, now: int, drill: bool) -> None:
        """A button that is on and was not has been pressed; one that stays on was pressed once.

        What it said last counts while it is in doubt: it neither rises nor falls.
        """
        sample = self._image.samples.get(self._plan.latches[button])
        if sample is None or sample.quality in (Quality.STALE, Quality.UNKNOWN):
            return
        if not sample.value:
            self._down.discard(button)
        elif button not in self._down:
            self._down.add(button)
            case = self.cases.get(button)
            if case is None or case.closed:
                self._open(button, incident, now, drill)
            else:
                case.presses += 1
                self._desk.note(now, "incident", button, what="again", id=case.notice)

    def _follow(self, cause: str, incident: Incident, now: int, holds: bool, drill: bool) -> None:
        """A cause of the matrix begins an incident, and ends it when it holds no longer."""
        case = self.cases.get(cause)
        if holds and (case is None or case.closed):
            case = self._open(cause, incident, now, drill)
            case.confirmed, case.confirmed_ms = "the alarm system", now
        elif case is not None and not holds and not case.closed:
            self._close(case, "the alarm system", now)
            self._desk.note(now, "incident", cause, what="closed", id=case.notice)

    def _open(self, source: str, incident: Incident, now: int, drill: bool) -> Case:
        case = Case(incident.id, source, self._desk.number(), now, drill)
        self.cases[source] = case
        self._desk.note(
            now, "incident", source, what="drill" if drill else "open", id=case.notice,
            incident=incident.id, where=self._plan.places.get(source, ""),
            camera=self._plan.cameras.get(source, ""),
        )  # fmt: skip
        return case

    def _step_ms(self, case: Case) -> int:
        """When the next step of a case is due."""
        steps = self._plan.incidents[case.incident].steps
        if case.closed or case.next_step >= len(steps):
            return NEVER
        return case.since_ms + steps[case.next_step].after_ms

    def _step(self, case: Case, now: int) -> None:
        """Tell whom it is time to tell, unless somebody has acknowledged."""
        while self._step_ms(case) <= now:
            step = self._plan.incidents[case.incident].steps[case.next_step]
            case.next_step += 1
            spared = [name for name in case.acknowledged if name in (*step.unless, OPERATOR)]
            if step.unless and spared:
                self._desk.note(now, "notice", step.to[0], what="spared", id=case.notice, by=spared)
                continue
            text = telling.alarm(
                self._plan, self._desk.site, case, self._desk.began_ms, self._image
            )
            for name in step.to:
                self._tell(case, name, text, now, escalated=bool(step.unless))

    def _tell(self, case: Case, receiver: str, text: str, now: int, *, escalated: bool) -> None:
        if case.drill and not self._plan.receivers[receiver].drill:
            self._desk.note(now, "notice", receiver, what="quiet", id=case.notice)
            return
        if escalated:
            self._desk.note(now, "notice", receiver, what="escalated", id=case.notice)
        case.told.append(receiver)
        case.did(now, f"told {self._plan.receivers[receiver].role} ({receiver})")
        self._desk.tell(case.notice, text, receiver, now, asks=True)

    def acknowledge(self, case: Case, who: str, now: int) -> str:
        """Somebody has taken it up: nobody is told because others are silent."""
        case.acknowledged.append(OPERATOR)
        return f"{case.source} is taken up"

    def confirm(self, case: Case, who: str, now: int) -> str:
        """It is so: the authorities get their first report. In a drill it is one no longer, and
        everybody is told anew."""
        case.confirmed, case.confirmed_ms = who, now
        if case.drill:
            case.drill, case.next_step, case.since_ms = False, 0, now
            self._desk.settle(case.notice)
            case.notice = self._desk.number()
            self._step(case, now)
        return f"{case.source} is confirmed"

    def dismiss(self, case: Case, who: str, now: int) -> str:
        """It was none: whoever was told hears that too."""
        notice = self._desk.number()
        when_ms = self._desk.began_ms + now
        text = telling.clear(self._plan, self._desk.site, case, notice, who, when_ms)
        for receiver in case.told:
            self._desk.tell(notice, text, receiver, now, asks=False)
        self._close(case, who, now)
        return f"{case.source} is dismissed; whoever was told is told so"

    def reset(self, case: Case, who: str, now: int) -> str:
        """It is over."""
        self._close(case, who, now)
        return f"{case.source} is over"

    def _close(self, case: Case, who: str, now: int) -> None:
        case.closed = True
        case.did(now, f"closed by {who}")
        self._desk.settle(case.notice)
        point = self._points.points.get(f"{case.source}.reset")
        if point is not None:
            self._resets[point.id] = now + RESET_MS


SAYS: dict[str, tuple[str, Callable[[Incidents, Case, str, int], str]]] = {
    "acknowledge": ("acknowledged", Incidents.acknowledge),
    "confirm": ("confirmed", Incidents.confirm),
    "dismiss": ("dismissed", Incidents.dismiss),
    "reset": ("closed", Incidents.reset),
}
"""What an operator may say of an incident, by the id of its button or cause."""
