"""All invariants of the safety case, and what a heap of traces says of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from tests.safety import knowledge, lockdown, notice, release, restart, restraint
from tests.safety.invariant import Invariant
from tests.safety.trace import Trace

INVARIANTS: tuple[Invariant, ...] = (
    *release.INVARIANTS,
    *notice.INVARIANTS,
    *restraint.INVARIANTS,
    *knowledge.INVARIANTS,
    *restart.INVARIANTS,
    *lockdown.INVARIANTS,
)

KEPT = 5


@dataclass(slots=True)
class Tally:
    """How often each premise held, and each breach: seed and what was seen."""

    timelines: int = 0
    with_alarm: int = 0
    premises: Counter[str] = field(default_factory=Counter)
    breaches: dict[str, list[str]] = field(default_factory=dict)

    def judge(self, trace: Trace, invariants: Iterable[Invariant] = INVARIANTS) -> bool:
        """Judge one trace; whether everything held."""
        self.timelines += 1
        self.with_alarm += trace.timeline.alarm_ms is not None
        clean = True
        for invariant in invariants:
            for judged in invariant.judge(trace):
                self.premises[invariant.id] += 1
                if not judged.holds:
                    clean = False
                    found = self.breaches.setdefault(invariant.id, [])
                    found.append(f"seed {trace.timeline.seed} at {judged.t_ms} ms: {judged.seen}")
        return clean

    def add(self, other: Tally) -> None:
        """Put another heap on top."""
        self.timelines += other.timelines
        self.with_alarm += other.with_alarm
        self.premises.update(other.premises)
        for name, found in other.breaches.items():
            self.breaches.setdefault(name, []).extend(found)
