"""Everything between what was taken in and what is asked of the outputs; knows no links.

The scan and the replay of a journal run this same program, so a journal proves its decisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from controller.alarms import Alarms
from controller.crowdwatch import Change, CrowdWatch
from controller.desks import Desks
from controller.image import Image
from controller.intake import Intake
from controller.interface.operation import Answer, Operation
from controller.interface.points import Command, PointList
from controller.matrixvalues import Matrix
from controller.memory import capture_rules, moved, restore_rules
from controller.operations import Operations
from controller.outputs import Outputs
from controller.plan.values import Plan
from controller.plan.work import PlanWork
from controller.records import PHASE, Records
from controller.releasing import Releasing
from controller.rules import State, decide, ordered
from controller.sections import Sections

SETTLE_MS = 10_000
"""After a restart: how long a condition stands of which nothing has been heard. A gateway that is
dead is known to be lost by then (three polls with a repetition each, at the usual times)."""


class Decider:
    """The matrix at work on one site: `intake` hears the field, `outputs` hold what is asked.

    `plan` and `sections` run beside it.
    """

    def __init__(
        self, points: PointList, matrix: Matrix, journal: Records, plan: Plan | None = None
    ) -> None:
        self._crowd = CrowdWatch(matrix.crowd)
        self.image = Image(Alarms(points, matrix.confirm), crowd=self._crowd.watched)
        self.outputs = Outputs(points)
        self.plan = PlanWork(plan or Plan(), points, self.image, journal)
        self.intake = Intake(self.image, self.outputs, matrix, journal, points, self.plan)
        self.sections = Sections(plan or Plan(), points, matrix, self.image, journal)
        self.intake.heed(self.sections.inputs)
        self._operations = Operations(
            points,
            matrix,
            self.image.alarms,
            self.image.orders,
            self._crowd,
            self.plan,
            self.sections,
        )
        self._points, self._matrix, self._journal = points, matrix, journal
        self._state = State(wake_ms=0)
        self._release = Releasing(matrix.release, self.image, journal)
        self._desks = Desks(points, self.image)

    @property
    def wake_ms(self) -> int:
        """When to look again: at once if something has come in since, else when a timer ends."""
        if self.intake.changed:
            return 0
        due = (
            self._state, self.image.alarms, self._release, self._crowd, self.plan, self.sections,
        )  # fmt: skip
        wake = min(one.wake_ms for one in due)
        return min(wake, SETTLE_MS) if self.image.unheard else wake

    @property
    def next_ms(self) -> int:
        """When decisions or feedback are next due, sending apart."""
        return min(self.wake_ms, self.outputs.feedback_wake_ms)

    def begin(self, utc_ms: int) -> None:
        """The scan clock's 0 was at this time (UTC, ms since 1970)."""
        self.plan.began_ms = self.sections.began_ms = utc_ms

    @property
    def names(self) -> tuple[str, ...]:
        """What an operator may name besides zones, devices and outputs."""
        return (*self.plan.names, *self.sections.names)

    @property
    def claimed(self) -> tuple[str, ...]:
        """The outputs that rules claim now."""
        return tuple(self._state.claims)

    def operate(self, operation: Operation, now_ms: int) -> Answer:
        """Grant or refuse what an operator asks, and put both on record.

        To be called before this scan's `decide`: alarms and orders change at once, outputs with
        it. An id that was answered before gets the same answer and changes nothing.
        """
        before = self._operations.answered(operation)
        if before is not None:
            return before
        answer, events = self._operations.decide(operation, now_ms)
        self._journal.record(
            now_ms, PHASE, "operation", operation.target or "site", what=operation.verb,
            id=operation.id, operator=operation.operator, role=operation.role,
            target=operation.target, reason=operation.reason, lasts_ms=operation.lasts_ms,
            granted=answer.granted, text=answer.text,
        )  # fmt: skip
        self.intake.changed = True
        self.intake.tell(events)
        self.plan.speak()
        return answer

    def decide(self, now: int) -> bool:
        """Work off the rules if anything can have changed; whether anything went on record."""
        if now < self.wake_ms:
            return False
        if now >= SETTLE_MS:
            self.image.unheard.clear()
        matrix, orders = self._matrix, self.image.orders
        asked = [self.operate(order, now) for order in self._desks.orders()]
        ticked = self.image.alarms.tick(now)
        self.intake.tell(ticked)
        was_reset = ordered(matrix.reset, self.image) and self.intake.reset()
        warned = self._look_at_crowd(now)
        self.intake.changed = False
        outcome = decide(matrix, self._state, self.image, now)
        orders.reset = orders.release = False
        orders.known = self.image.alarms.rises
        self._state = outcome.state
        for d in outcome.decisions:
            self._journal.record(
                now, PHASE, "decision", d.rule, what=d.what, cause=d.cause, effect=d.effect,
                inputs=list(d.inputs),
            )  # fmt: skip
        disabled = self.image.alarms.service.disabled
        released = self._release.decide(now, outcome.state.causes.active)
        drill = self.image.alarms.service.drill is not None
        active = outcome.state.causes.active
        told = self.plan.decide(now, {*active, *self.sections.watch(now)}, drill=drill)
        claims = {**self._release.claims, **self.plan.claims, **outcome.state.claims}
        claims = self.sections.claim(claims, active, now)
        commands = self.outputs.claim(claims, now, disabled)
        for v in self.sections.serve(claims, active, now):
            commands.append(self.outputs.tell(v.output, v.text, v.rule, now))
        told = told or self.sections.spoke
        for command in commands:
            self._command(command)
        news = ticked or warned or outcome.decisions or commands
        return was_reset or released or told or bool(asked or news)

    def capture(self) -> dict[str, Any]:
        """Everything that must not be forgotten across a restart, as plain values."""
        return {
            "alarms": self.image.alarms.capture(),
            "orders": self.image.orders.capture(),
            "operations": self._operations.capture(),
            "desks": self._desks.capture(),
            "crowd": self._crowd.capture(),
            "rules": capture_rules(self._state),
            "outputs": self.outputs.capture(),
            "release": self._release.capture(),
            "plan": self.plan.capture(),
            "sections": self.sections.capture(),
        }

    def restore(self, plain: Mapping[str, Any], shift_ms: int) -> None:
        """Go on from what was captured; the clock that starts now reads `shift_ms` less."""
        move = partial(moved, shift_ms=shift_ms)
        self.image.alarms.restore(plain["alarms"], move)
        self.image.orders.restore(plain["orders"])
        self.image.orders.known = self.image.alarms.rises
        self._operations.restore(plain["operations"])
        self._desks.restore(plain.get("desks", {}))
        self._crowd.restore(plain["crowd"], move)
        self._state = restore_rules(plain["rules"], shift_ms)
        self.outputs.restore(plain["outputs"], move)
        if "release" in plain:
            self._release.restore(plain["release"], shift_ms)
        if "plan" in plain:
            self.plan.restore(plain["plan"], shift_ms)
        self.sections.restore(plain.get("sections", {}), move)
        self.image.unheard |= {*self._points.points, *self._points.gateways}

    def miss(self, now: int) -> None:
        """Put feedback on record that is overdue."""
        for verdict in self.outputs.missing(now):
            self.intake.feedback(verdict)

    def _look_at_crowd(self, now: int) -> bool:
        """Bring the levels of all watches up to date; whether anything went on record."""
        changes = self._crowd.look(self.image.samples, self.image.unheard, now)
        for change in changes:
            self._journal.record(now, PHASE, "warning", change.watch.id, **_told(change))
        news = self._crowd.unseen(now)
        for name, lost in news:
            self.intake.faults.set(name, "unseen", wrong=lost, now=now)
        return bool(changes or news)

    def _command(self, command: Command) -> None:
        self._journal.record(
            command.t_ms, PHASE, "command", command.point, id=command.id, value=command.value,
            prio=command.priority, rule=command.rule,
        )  # fmt: skip
        feedback = self._points.points[command.point].feedback
        seen = self.image.samples.get(feedback.point) if feedback is not None else None
        if seen is not None:
            for verdict in self.outputs.seen(seen.point, seen.value, seen.quality):
                self.intake.feedback(verdict)


def _told(change: Change) -> dict[str, Any]:
    """A change of level as it goes on record: why, and the corrected figures behind it."""
    told: dict[str, Any] = {
        "what": change.level, "was": change.was, "why": list(change.why),
        "camera": change.watch.camera,
    }  # fmt: skip
    if change.seen is not None:
        adults, flow, gain, speed, fallen = change.seen
        told |= {"adults_per_m2": round(adults, 2), "speed_m_s": round(speed, 2), "fallen": fallen}
        told |= {"flow_per_m_s": round(flow, 2)} if flow is not None else {}
        told |= {"gain_per_m_s": round(gain, 2)} if gain is not None else {}
    return told
