"""The release plan at work: calls classes, waits while a warning stands, gives way to a fire.

Its claims rank below every rule of the matrix, it locks nothing, and whatever it waits for it waits
for a stated time at most.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from controller.arbitration import Claim
from controller.image import Image
from controller.interface.points import Value
from controller.memory import moved
from controller.records import PHASE, Records
from controller.releaseplan import Call, ReleasePlan
from controller.service import NEVER

RELEASE = "release"
PRIORITY = 6
"""Rank of its claims: schedule, below every alarm; any rule of the matrix goes first."""
STANDS_MS = 10_000
"""How long a call stands on its output: a phrase without a tone is over by then."""


@dataclass(slots=True)
class Progress:
    """How far a release is; times on the scan clock, NEVER where it does not apply.

    `began_ms` the bell; `called` how many calls have been made, of which those that `speaking`
    holds (output -> words, until) are still being said; `held_ms` since when it waits, `clear_ms`
    since when nothing is left to wait for, `lost_ms` how long it has waited before. `worn`: the
    warning that stands has held it for the longest time already. `asked`: the start order stands.
    """

    began_ms: int = NEVER
    called: int = 0
    held_ms: int = NEVER
    clear_ms: int = NEVER
    lost_ms: int = 0
    worn: bool = False
    asked: bool = False
    speaking: dict[str, tuple[str, int]] = field(default_factory=dict)


class Releasing:
    """Runs the release plan of a site, if it has one, scan by scan."""

    def __init__(self, plan: ReleasePlan | None, image: Image, journal: Records) -> None:
        self._plan, self._image, self._journal = plan, image, journal
        self._at = Progress()
        self.wake_ms = NEVER

    @property
    def claims(self) -> dict[str, Claim]:
        """What it asks of outputs now."""
        if self._plan is None or self._at.began_ms == NEVER:
            return {}
        found = {o: _claim(value) for o, value in self._plan.during.items()}
        for call in self._plan.calls[: self._at.called]:
            found |= {o: _claim(value) for o, value in call.shows.items()}
        return found | {o: _claim(words) for o, (words, _) in self._at.speaking.items()}

    def decide(self, now: int, active: Collection[str]) -> bool:
        """Go on by what holds now (causes of the matrix); whether anything went on record."""
        plan, before = self._plan, self._at.asked
        if plan is None:
            return False
        self._at.asked = bool(plan.start) and self._image.good(plan.start) == plan.equals
        ends = next((cause for cause in plan.ends if cause in active), "")
        if self._at.began_ms == NEVER:
            told = self._at.asked and not before and self._begin(now, ends)
        elif ends:
            told = self._end(now, "give-way", ends)
        else:
            told = self._go_on(now, plan, active)
        self.wake_ms = self._next(now, plan)
        return told

    def capture(self) -> dict[str, Any]:
        """What must not be forgotten across a restart; a call that is not over is made again."""
        at = self._at
        return {
            "began_ms": at.began_ms, "called": self._spoken(), "held_ms": at.held_ms,
            "clear_ms": at.clear_ms, "lost_ms": at.lost_ms, "worn": at.worn, "asked": at.asked,
        }  # fmt: skip

    def restore(self, plain: Mapping[str, Any], shift_ms: int) -> None:
        """Go on from what was captured; the clock that starts now reads `shift_ms` less."""
        times = {k: moved(plain[k], shift_ms) for k in ("began_ms", "held_ms", "clear_ms")}
        self._at = Progress(**{**plain, **times})
        self.wake_ms = 0

    def _begin(self, now: int, ends: str) -> bool:
        if ends:
            self._tell(now, "refused", reason=ends)
            return True
        self._at.began_ms = now
        self._tell(now, "start", reason=self._start)
        self._call(now)
        return True

    def _go_on(self, now: int, plan: ReleasePlan, active: Collection[str]) -> bool:
        at = self._at
        holds = next((cause for cause in plan.holds if cause in active), "")
        at.worn = at.worn and bool(holds)
        at.speaking = {o: (w, until) for o, (w, until) in at.speaking.items() if until > now}
        if at.held_ms == NEVER:
            waiting = at.called < len(plan.calls) or at.speaking
            if holds and waiting and not at.worn:
                return self._hold(now, holds)
            if self._elapsed(now) >= plan.lasts_ms:
                return self._end(now, "end", "")
            return self._call(now)
        at.clear_ms = NEVER if holds else min(at.clear_ms, now)
        if now >= at.held_ms + plan.longest_ms:
            at.worn = bool(holds)
            return self._resume(now, "longest")
        return now >= at.clear_ms + plan.clear_ms and self._resume(now, "clear")

    def _hold(self, now: int, cause: str) -> bool:
        """Wait; a call that is still being said is taken back, and made again afterwards."""
        at = self._at
        at.called, at.speaking, at.held_ms, at.clear_ms = self._spoken(), {}, now, NEVER
        self._tell(now, "hold", reason=cause)
        return True

    def _resume(self, now: int, why: str) -> bool:
        at = self._at
        at.lost_ms += now - at.held_ms
        self._tell(now, "resume", reason=why, held_ms=now - at.held_ms)
        at.held_ms = at.clear_ms = NEVER
        self._call(now)
        return True

    def _end(self, now: int, what: str, cause: str) -> bool:
        self._tell(now, what, reason=cause)
        self._at = Progress(asked=self._at.asked)
        return True

    def _call(self, now: int) -> bool:
        """Make every call that is due."""
        at, calls = self._at, self._calls
        first = at.called
        while at.called < len(calls) and calls[at.called].at_ms <= self._elapsed(now):
            call = calls[at.called]
            at.called += 1
            self._tell(now, "call", reason=f"{call.at_ms} ms after the bell", groups=call.groups)
            at.speaking |= {o: (words, now + STANDS_MS) for o, words in call.outputs.items()}
        return at.called > first

    def _spoken(self) -> int:
        """How many calls are over: those before the first that is still being said."""
        for number in range(self._at.called):
            if any(self._at.speaking.get(o, ("", 0))[0] == words
                   for o, words in self._calls[number].outputs.items()):  # fmt: skip
                return number
        return self._at.called

    def _elapsed(self, now: int) -> int:
        """Time since the bell, without holds, ms."""
        at = self._at
        return min(now, at.held_ms) - at.began_ms - at.lost_ms

    def _next(self, now: int, plan: ReleasePlan) -> int:
        """When something falls due by time alone."""
        at = self._at
        if at.began_ms == NEVER:
            return NEVER
        if at.held_ms != NEVER:
            return min(at.held_ms + plan.longest_ms, at.clear_ms + plan.clear_ms)
        due = [at.began_ms + at.lost_ms + plan.lasts_ms, *(u for _, u in at.speaking.values())]
        if at.called < len(plan.calls):
            due.append(at.began_ms + at.lost_ms + plan.calls[at.called].at_ms)
        return min(due)

    @property
    def _calls(self) -> tuple[Call, ...]:
        return self._plan.calls if self._plan is not None else ()

    @property
    def _start(self) -> str:
        return self._plan.start if self._plan is not None else ""

    def _tell(self, now: int, what: str, **data: Any) -> None:
        self._journal.record(now, PHASE, RELEASE, "plan", what=what, **data)


def _claim(value: Value) -> Claim:
    """A claim of lowest rank; afterwards the output is silent, shut or off again."""
    rest: Value = "" if isinstance(value, str) else type(value)(0)
    return Claim(value, PRIORITY, RELEASE, rest)
