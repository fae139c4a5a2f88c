"""The gate at work: who may drive in now, when bollards sink, and that they rise under nobody.

Bollards sink for one vehicle that has been let in, while nobody is in the gate area and nothing is
known to be wrong; what is not known counts as people, and as a vehicle on the loop. They rise when
the vehicle has gone or its time is over, and only where loop and line are known to be free. In an
attack nobody drives in. Fire and everything else of the matrix comes before all of this.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from controller.access.hours import Window, is_open, next_edge_ms, timetable, windows
from controller.arbitration import Claim
from controller.gate.entry import GateEntry
from controller.interface.people import PeopleFile
from controller.service import NEVER

RANK = 6
"""Priority of its claims: after everything that an alarm claims."""

LEFT_MS = 2000
"""How long the loops must be free again until a vehicle counts as gone (assumed)."""

Good = Callable[[str], object]


@dataclass(frozen=True, slots=True)
class Mode:
    """See `ModeEntry`; `free` are outputs."""

    id: str
    hours: tuple[Window, ...]
    vehicles: bool
    free: tuple[str, ...]


DAY = Mode("day", (), True, ())


@dataclass(frozen=True, slots=True)
class GatePlan:
    """See `GateEntry`."""

    portal: str
    bollards: tuple[str, ...]
    people: str
    line: str
    attack: frozenset[str]
    clear_ms: int
    open_ms: int
    modes: tuple[Mode, ...]

    @property
    def inputs(self) -> set[str]:
        """What it looks at."""
        loops = {f"{one}.loop" for one in self.bollards}
        return {self.people, *loops} | ({self.line} if self.line else set())


def compile_gate(entry: GateEntry, people: PeopleFile) -> GatePlan:
    """A checked section."""
    periods = timetable(people)
    modes = tuple(
        Mode(
            m.id, windows(m.from_, m.to, m.periods, periods), m.vehicles,
            tuple(f"{name}.free" for name in m.free),
        )
        for m in entry.modes
    )  # fmt: skip
    return GatePlan(
        entry.portal, entry.bollards, entry.people, entry.line, frozenset(entry.attack),
        round(entry.clear_s * 1000), round(entry.open_s * 1000), modes,
    )  # fmt: skip


class Gate:
    """One gate. `state`: shut, open (for a vehicle), held (it would rise under somebody)."""

    def __init__(self, plan: GatePlan) -> None:
        self.plan = plan
        self.state, self.mode = "shut", DAY
        self.attacked = False
        self._due_ms = NEVER
        self._crossed = False
        self._free_ms = 0
        self._seen_ms = 0

    def wake_ms(self, day_ms: int, now: int) -> int:
        """When to look again: a mode changes, the area has been clear, a vehicle is late."""
        edges = [next_edge_ms(mode.hours, day_ms) for mode in self.plan.modes]
        times = [now + min(edges, default=NEVER - now), self._due_ms]
        times += [self._seen_ms + self.plan.clear_ms, self._free_ms + LEFT_MS]
        return min(t for t in times if t > now)

    def step(
        self, good: Good, causes: Collection[str], day_ms: int, now: int
    ) -> Iterator[tuple[str, str]]:
        """Look at hours, causes and inputs; what happened, and why."""
        mode = next((m for m in self.plan.modes if is_open(m.hours, day_ms)), DAY)
        if mode != self.mode:
            self.mode = mode
            yield "mode", mode.id
        attacked = bool(self.plan.attack & set(causes))
        if attacked != self.attacked:
            self.attacked = attacked
            yield ("attack" if attacked else "attack-over"), ""
        if good(self.plan.people) != 0:
            self._seen_ms = now
        loop = self._loop(good)
        if loop:
            self._crossed, self._free_ms = self.state != "shut", now
        yield from self._rise(good, loop, now)

    def refuses(self, now: int) -> str:
        """Why no vehicle is let in now; "" if one is."""
        if self.attacked:
            return "attack"
        if not self.mode.vehicles:
            return f"mode {self.mode.id}"
        if now - self._seen_ms < self.plan.clear_ms:
            return "people in the gate area"
        return ""

    def let(self, now: int) -> None:
        """A vehicle has been let in: the bollards sink for it."""
        self.state, self._due_ms, self._crossed = "open", now + self.plan.open_ms, False

    def claims(self) -> dict[str, Claim]:
        """Bollards that are to be down, and turnstiles that stand open in this mode."""
        rule = f"gate {self.mode.id}"
        found = {}
        if self.state != "shut":
            found = {f"{b}.lower": Claim(True, RANK, rule, False) for b in self.plan.bollards}
        if not self.attacked:
            found |= {output: Claim(True, RANK, rule, False) for output in self.mode.free}
        return found

    def merged(self, claims: Mapping[str, Claim], good: Good) -> dict[str, Claim]:
        """All claims with the gate's beside them: none against the matrix, none under a person.

        An emergency rise is held back while somebody is known to stand on the line.
        """
        both = {**self.claims(), **claims}
        standing = good(self.plan.line) if self.plan.line else 0
        for name in self.plan.bollards:
            efo = both.get(f"{name}.efo")
            if efo is not None and efo.value and isinstance(standing, (int, float)) and standing:
                del both[f"{name}.efo"]
            elif efo is not None and efo.value and f"{name}.lower" not in claims:
                both.pop(f"{name}.lower", None)
        return both

    def capture(self) -> list[Any]:
        """What must not be forgotten, as plain values."""
        return [self.state, self._due_ms, self._crossed, self._free_ms, self._seen_ms,
                self.attacked, self.mode.id]  # fmt: skip

    def restore(self, plain: list[Any], move: Callable[[int], int]) -> None:
        """Take back what was captured."""
        self.state, due_ms, self._crossed, free_ms, seen_ms, self.attacked, mode = plain
        self._due_ms, self._free_ms, self._seen_ms = move(due_ms), move(free_ms), move(seen_ms)
        self.mode = next((m for m in self.plan.modes if m.id == mode), DAY)

    def _loop(self, good: Good) -> bool:
        """Whether a vehicle may stand on any loop."""
        return any(good(f"{name}.loop") is not False for name in self.plan.bollards)

    def _rise(self, good: Good, loop: bool, now: int) -> Iterator[tuple[str, str]]:
        gone = self._crossed and now - self._free_ms >= LEFT_MS
        if self.state == "shut" or not (gone or now >= self._due_ms or self.attacked):
            return
        under = good(self.plan.line or self.plan.people) != 0
        if loop or under:
            if self.state != "held":
                self.state = "held"
                yield "held", "vehicle on the loop" if loop else "somebody on the line"
            return
        self.state, self._due_ms, self._crossed = "shut", NEVER, False
        yield "shut", "gone" if gone else "attack" if self.attacked else "late"
