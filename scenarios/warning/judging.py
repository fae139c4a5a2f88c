"""What the controller's own watch makes of recorded dismissals, and how often it is right.

A cascade is a stair on which falls over others come to outnumber the rest (R_f above 1); it is
warned of if amber 2 or red stood 10 s before that. In a calm dismissal amber 2 is false where there
was no cascade, red where nobody fell at all. A fall that nobody lay near
before is seen if the flight is red within 5 s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from controller.crowdvalues import AMBER2, RED, Crowd
from controller.crowdwatch import CrowdWatch
from evacuation.crush.measures import is_cascade
from evacuation.crush.risk import interval
from scenarios.warning.dismissal import Recorded, stairs

LEAD_MS, SEEN_MS = 10_000, 5_000
ALONE_MS = 60_000
"""A fall this long after the last on its flight is one of its own."""
TARGETS = {"recall": 0.95, "seen": 0.95, "false_amber2": 1 / 20, "false_red": 1 / 200}


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with Wilson's 95 % interval."""

    hits: int
    of: int

    def document(self) -> dict[str, object]:
        """As JSON; the share is None where there was no occasion."""
        low, high = interval(self.hits, self.of)
        share = self.hits / self.of if self.of else None
        return {"hits": self.hits, "of": self.of, "share": share, "low": low, "high": high}


@dataclass(frozen=True, slots=True)
class Stair:
    """One stair in one dismissal; times in ms, None: never. `seen`: delay of each fall of its own
    until the flight was red, None if it was not at all; `first`: the first fall.
    """

    stair: str
    kind: str
    seed: int
    fallen: int
    first: int | None
    cascade: int | None
    amber2: int | None
    red: int | None
    seen: tuple[int | None, ...]

    @property
    def lead_ms(self) -> int | None:
        """How long before R_f came above 1 the warning stood; None without cascade or warning."""
        stood = [t for t in (self.amber2, self.red) if t is not None]
        if self.cascade is None or not stood or min(stood) > self.cascade:
            return None
        return self.cascade - min(stood)


def tuned(crowd: Crowd, factor: float) -> Crowd:
    """The same site with all densities of its levels multiplied."""
    watches = {
        name: replace(
            watch,
            levels={
                k: replace(level, dense=level.dense * factor, least=level.least * factor)
                for k, level in watch.levels.items()
            },
        )
        for name, watch in crowd.watches.items()
    }
    return replace(crowd, watches=watches)


def judge(one: Recorded, crowd: Crowd, spaces: Mapping[str, str]) -> Iterator[Stair]:
    """Let the controller watch a recorded dismissal; each stair of it."""
    levels = _levels(one, crowd)
    for stair, watches in stairs(spaces).items():
        falls = [f for f in one.falls if f.space.startswith(f"{stair}.")]
        reached = {
            level: min((t for w in watches for t, at in levels[w] if at in wanted), default=None)
            for level, wanted in ((AMBER2, (AMBER2, RED)), (RED, (RED,)))
        }
        times = {spaces[w]: levels[w] for w in watches}
        yield Stair(
            stair, one.kind, one.seed, len(falls), min((f.t_ms for f in falls), default=None),
            _cascade([(f.t_ms, f.cause == "tripped") for f in falls]),
            reached[AMBER2], reached[RED], tuple(_seen(one, times)),
        )  # fmt: skip


def _levels(one: Recorded, crowd: Crowd) -> dict[str, list[tuple[int, str]]]:
    """The level of every watch at every second."""
    watch = CrowdWatch(crowd)
    found: dict[str, list[tuple[int, str]]] = {name: [] for name in crowd.watches}
    for now, samples in one.pictures:
        watch.look(samples, set(), now)
        for name, watched in watch.watched.items():
            found[name].append((now, watched.level))
    return found


def _cascade(falls: Sequence[tuple[int, bool]]) -> int | None:
    """When falls over others first outnumbered the rest."""
    first = over = 0
    for t_ms, tripped in sorted(falls):
        first, over = first + (not tripped), over + tripped
        if is_cascade(first, over):
            return t_ms
    return None


def _seen(one: Recorded, levels: Mapping[str, list[tuple[int, str]]]) -> Iterator[int | None]:
    """How long each fall of its own waited to be red."""
    last: dict[str, int] = {}
    for fall in one.falls:
        alone = fall.t_ms - last.get(fall.space, -ALONE_MS) >= ALONE_MS
        last[fall.space] = fall.t_ms
        if fall.space in levels and alone:
            red = [t for t, level in levels[fall.space] if level == RED and t >= fall.t_ms]
            yield red[0] - fall.t_ms if red else None


def shares(found: Iterable[Stair]) -> dict[str, Share]:
    """How often warnings are right."""
    every = list(found)
    cascades = [s for s in every if s.cascade is not None]
    warned = [s for s in cascades if s.lead_ms is not None and s.lead_ms >= LEAD_MS]
    seen = [delay for s in every for delay in s.seen]
    harmless = [s for s in every if s.cascade is None and s.kind == "calm"]
    return {
        "recall": Share(len(warned), len(cascades)),
        "seen": Share(sum(d is not None and d <= SEEN_MS for d in seen), len(seen)),
        "false_amber2": Share(sum(s.amber2 is not None for s in harmless), len(harmless)),
        "false_red": Share(
            sum(s.red is not None and not s.fallen for s in harmless), len(harmless)
        ),
    }
