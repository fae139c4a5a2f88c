"""Everything between what was taken in and what is asked of the outputs; knows no links.

The scan and the replay of a journal run this same program, so a journal proves its decisions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from controller.alarms import Alarms
from controller.image import Image
from controller.intake import PHASE, Intake, Records
from controller.interface.points import Command, PointList
from controller.matrix import Matrix
from controller.outputs import Outputs
from controller.rules import State, decide, ordered
from controller.state import capture_rules, moved, restore_rules

SETTLE_MS = 10_000
"""After a restart: how long a condition stands of which nothing has been heard. A gateway that is
dead is known to be lost by then (three polls with a repetition each, at the usual times)."""


class Decider:
    """The matrix at work on one site: `intake` hears the field, `outputs` hold what is asked."""

    def __init__(self, points: PointList, matrix: Matrix, journal: Records) -> None:
        self.image = Image(Alarms(points, matrix.confirm))
        self.outputs = Outputs(points)
        self.intake = Intake(self.image, self.outputs, matrix, journal)
        self._points, self._matrix, self._journal = points, matrix, journal
        self._state = State(wake_ms=0)

    @property
    def wake_ms(self) -> int:
        """When to look again: at once if something has come in since, else when a timer ends."""
        if self.intake.changed:
            return 0
        return min(self._state.wake_ms, SETTLE_MS) if self.image.unheard else self._state.wake_ms

    @property
    def next_ms(self) -> int:
        """When decisions or feedback are next due, sending apart."""
        return min(self.wake_ms, self.outputs.feedback_wake_ms)

    def decide(self, now: int) -> bool:
        """Work off the rules if anything can have changed; whether anything went on record."""
        if now < self.wake_ms:
            return False
        if now >= SETTLE_MS:
            self.image.unheard.clear()
        matrix = self._matrix
        was_reset = ordered(matrix.reset, self.image) and self.intake.reset()
        self.intake.changed = False
        outcome = decide(matrix, self._state, self.image, now)
        self._state = outcome.state
        for d in outcome.decisions:
            self._journal.record(
                now, PHASE, "decision", d.rule, what=d.what, cause=d.cause, effect=d.effect,
                inputs=list(d.inputs),
            )  # fmt: skip
        if outcome.decisions:
            for command in self.outputs.claim(outcome.state.claims, now):
                self._command(command)
        return was_reset or bool(outcome.decisions)

    def capture(self) -> dict[str, Any]:
        """Everything that must not be forgotten across a restart, as plain values."""
        return {
            "alarms": self.image.alarms.capture(),
            "rules": capture_rules(self._state),
            "outputs": self.outputs.capture(),
        }

    def restore(self, plain: Mapping[str, Any], shift_ms: int) -> None:
        """Go on from what was captured; the clock that starts now reads `shift_ms` less."""
        move = partial(moved, shift_ms=shift_ms)
        self.image.alarms.restore(plain["alarms"], move)
        self._state = restore_rules(plain["rules"], shift_ms)
        self.outputs.restore(plain["outputs"], move)
        self.image.unheard |= {*self._points.points, *self._points.gateways}

    def miss(self, now: int) -> None:
        """Put feedback on record that is overdue."""
        for verdict in self.outputs.missing(now):
            self.intake.feedback(verdict)

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
