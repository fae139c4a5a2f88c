"""Levels of the plan: who may raise and lower them, and the steps that people then do.

What a level moves is in the matrix: causes `when: plan` hold while their level or a higher one
stands. A level claims nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from controller.image import Image
from controller.interface.operation import Operation
from controller.plan.desk import Desk
from controller.plan.dutycheck import NORMAL
from controller.plan.values import Duty, Plan
from controller.service import NEVER

DONE = "done"


@dataclass(slots=True)
class _Task:
    """A step that somebody was told to do; `late`: it was not done in time."""

    step: str
    notice: str
    receiver: str
    since_ms: int
    late: bool = False


class Levels:
    """Which level stands (`""`: none), and which steps are still to be done."""

    def __init__(self, plan: Plan, image: Image, desk: Desk) -> None:
        self._levels = plan.levels
        self._steps = {step.id: step for level in plan.levels for step in level.steps}
        self._image, self._desk = image, desk
        self._tasks: dict[str, _Task] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """What an operator may name: levels, and steps."""
        return (NORMAL, *(level.id for level in self._levels), *self._steps)

    @property
    def wake_ms(self) -> int:
        """When a step is next overdue."""
        dues = (self._due_ms(task) for task in self._tasks.values() if not task.late)
        return min(dues, default=NEVER)

    def decide(self, now: int) -> None:
        """Tell which steps were not done in time, and who is to do them instead."""
        for task in self._tasks.values():
            if not task.late and self._due_ms(task) <= now:
                task.late = True
                self._desk.note(now, "duty", task.step, what="late", to=task.receiver)
                instead = self._steps[task.step].instead
                if instead:
                    self._tell(self._steps[task.step], instead, task.notice, now)

    def operate(self, operation: Operation, now: int) -> tuple[bool, str]:
        """Raise, lower, or note a step as done."""
        if operation.verb == DONE:
            task = self._tasks.get(operation.target)
            if task is None:
                return False, f"nobody was told to do {operation.target!r}"
            self._finish(task, operation.operator, now)
            return True, f"{operation.target} is done"
        return self._set(operation, now)

    def receipt(self, receiver: str, notice: str, word: str, now: int) -> None:
        """Somebody has seen a step, or says that it is done."""
        for task in list(self._tasks.values()):
            if task.notice == notice and word == DONE:
                self._finish(task, receiver, now)
            elif task.notice == notice:
                self._desk.note(now, "duty", task.step, what=word, by=receiver)

    def capture(self) -> dict[str, Any]:
        """What stands, as plain values."""
        tasks = self._tasks.values()
        return {
            "levels": list(self._image.levels),
            "tasks": [[t.step, t.notice, t.receiver, t.since_ms, t.late] for t in tasks],
        }

    def restore(self, plain: dict[str, Any], move: Callable[[int], int]) -> None:
        """Take back what was captured; what the plan no longer has is left out."""
        known = [level.id for level in self._levels]
        self._image.levels = tuple(name for name in plain["levels"] if name in known)
        for step, notice, receiver, since_ms, late in plain["tasks"]:
            if step in self._steps:
                self._tasks[step] = _Task(step, notice, receiver, move(since_ms), late)

    def _set(self, operation: Operation, now: int) -> tuple[bool, str]:
        known = (NORMAL, *(level.id for level in self._levels))
        if operation.target not in known:
            return False, f"no such level: {operation.target!r}; known: {', '.join(known)}"
        was, wanted = len(self._image.levels), known.index(operation.target)
        if was == wanted:
            return False, f"level {operation.target} stands already"
        rank = max(was, wanted)
        level = self._levels[rank - 1]
        may = level.raised_by if wanted > was else level.lowered_by
        if operation.role not in may:
            word = "raise to" if wanted > was else "lower from"
            return False, f"a {operation.role} may not {word} {level.id}; {', '.join(may)} may"
        self._image.levels = known[1 : wanted + 1]
        what = "raised" if wanted > was else "lowered"
        self._desk.note(
            now, "level", operation.target, what=what, by=operation.operator, role=operation.role,
        )  # fmt: skip
        self._begin(was, wanted, now)
        return True, f"level {operation.target} stands"

    def _begin(self, was: int, wanted: int, now: int) -> None:
        """The steps of every level that is reached; those of levels that are left are over."""
        for level in self._levels[was:wanted]:
            for step in level.steps:
                self._tell(step, step.to, self._desk.number(), now)
        kept = {step.id for level in self._levels[:wanted] for step in level.steps}
        for task in [task for task in self._tasks.values() if task.step not in kept]:
            del self._tasks[task.step]
            self._desk.settle(task.notice)
            self._desk.note(now, "duty", task.step, what="over")

    def _tell(self, step: Duty, receiver: str, notice: str, now: int) -> None:
        text = {
            "v": 1, "kind": "step", "id": notice, "site": self._desk.site, "step": step.id,
            "say": step.say, "within_ms": step.within_ms, "when_ms": self._desk.began_ms + now,
        }  # fmt: skip
        self._tasks.setdefault(step.id, _Task(step.id, notice, receiver, now))
        said = json.dumps(text, ensure_ascii=False, separators=(",", ":"))
        self._desk.note(now, "duty", step.id, what="told", to=receiver, id=notice)
        self._desk.tell(notice, said, receiver, now, asks=True)

    def _finish(self, task: _Task, by: str, now: int) -> None:
        del self._tasks[task.step]
        self._desk.settle(task.notice)
        after_ms = now - task.since_ms
        self._desk.note(now, "duty", task.step, what=DONE, by=by, after_ms=after_ms)

    def _due_ms(self, task: _Task) -> int:
        return task.since_ms + self._steps[task.step].within_ms
