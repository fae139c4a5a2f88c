"""Everything between what was taken in and what is asked of the outputs; knows no links.

The scan and the replay of a journal run this same program, so a journal proves its decisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from controller.alarms import Alarms
from controller.crowdwatch import Change, CrowdWatch
from controller.image import Image
from controller.intake import Intake
from controller.interface.operation import ORDER, Answer, Operation
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

DESK_ROLE = "desk"
"""Role of whoever stands at a duty desk of the site; no other path may give it."""


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
        self._desks = [f"{d.id}.seen" for d in points.devices.values() if d.kind == "duty-desk"]

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
        asked = self._ask_desks(now)
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
        return asked or was_reset or released or told or bool(news)

    def capture(self) -> dict[str, Any]:
        """Everything that must not be forgotten across a restart, as plain values."""
        return {
            "alarms": self.image.alarms.capture(),
            "orders": self.image.orders.capture(),
            "operations": self._operations.capture(),
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

    def _ask_desks(self, now: int) -> bool:
        """An order that a duty desk shows in the words `order VERB [TARGET]` is an operation.

        It stands for some seconds and may be retained: it is the same one as long as it was said
        at the same time.
        """
        asked = False
        for point in self._desks:
            said = self.image.good(point)
            if not isinstance(said, str) or not said.startswith(ORDER):
                continue
            verb, _, target = said.removeprefix(ORDER).partition(" ")
            desk, at_ms = self._points.points[point].device, self.image.samples[point].t_ms
            operation = Operation(f"{desk}@{at_ms}", desk, DESK_ROLE, verb, target, "")
            if self._operations.answered(operation) is None:
                self.operate(operation, now)
                asked = True
        return asked

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
