"""What the controller's own watch makes of recorded dismissals, and how often it is right.

A cascade is a stair on which falls over others come to outnumber the rest (R_f above 1), which
takes three people down at least: one who falls and two over him. A pile is a stair on which ten are
down. Either is warned of if amber 2 or red stood 10 s before. The lead is from the scan in which
the controller set the level to the half second in which the last of them fell. In a calm
dismissal amber 2 is false where there was no cascade, red where nobody fell at all. A fall that
nobody lay near before is seen if the flight is red within 5 s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from controller.crowdvalues import AMBER2, RED, Crowd
from controller.crowdwatch import CrowdWatch
from evacuation.crush.measures import is_cascade
from evacuation.crush.risk import interval
from scenarios.warning.dismissal import Fell, Recorded, stairs

LEAD_MS, SEEN_MS = 10_000, 5_000
PILE = 10
"""So many falls on a stair make a pile (the acceptance test of a single trip)."""
ALONE_MS = 60_000
"""A fall this long after the last on its flight is one of its own."""
DEFINITIONS = {
    "cascade": "falls over others outnumber the other falls on a stair; three down at least",
    "pile": f"{PILE} falls on a stair",
    "lead": "from the scan that set amber 2 or red to the half second of the fall that made it so",
    "false_amber2": "amber 2 or red on a stair of a calm dismissal without a cascade",
    "false_red": "red on a stair of a calm dismissal on which nobody fell",
    "seen": "red within 5 s of a fall on a flight on which nobody had fallen for 60 s",
}
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
    until the flight was red, None if it was not at all; `first`: the first fall; `cascade`: R_f
    above 1; `pile`: ten down.
    """

    stair: str
    kind: str
    seed: int
    fallen: int
    first: int | None
    cascade: int | None
    pile: int | None
    amber2: int | None
    red: int | None
    seen: tuple[int | None, ...]

    @property
    def warned(self) -> int | None:
        """When amber 2 or red stood for the first time."""
        return min((t for t in (self.amber2, self.red) if t is not None), default=None)

    @property
    def lead_ms(self) -> int | None:
        """How long before R_f came above 1 the warning stood; None without cascade or warning."""
        return self.lead(self.cascade)

    def lead(self, event: int | None) -> int | None:
        """How long before an event the warning stood; None without event or warning before it."""
        if event is None or self.warned is None or self.warned > event:
            return None
        return event - self.warned


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
            judge_cascade(falls),
            sorted(f.t_ms for f in falls)[PILE - 1] if len(falls) >= PILE else None,
            reached[AMBER2], reached[RED], tuple(_seen(one, times)),
        )  # fmt: skip


def _levels(one: Recorded, crowd: Crowd) -> dict[str, list[tuple[int, str]]]:
    """The level of every watch in every slice."""
    watch = CrowdWatch(crowd)
    found: dict[str, list[tuple[int, str]]] = {name: [] for name in crowd.watches}
    for now, samples in one.pictures:
        watch.look(samples, set(), now)
        for name, watched in watch.watched.items():
            found[name].append((now, watched.level))
    return found


def judge_cascade(falls: Iterable[Fell]) -> int | None:
    """When falls over others first outnumbered the rest of the falls on a stair, ms."""
    first = over = 0
    for fall in sorted(falls, key=lambda fall: fall.t_ms):
        first, over = first + (fall.cause != "tripped"), over + (fall.cause == "tripped")
        if is_cascade(first, over):
            return fall.t_ms
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
    piles = [s for s in every if s.pile is not None]
    warned = [s for s in cascades if _early(s.lead_ms)]
    seen = [delay for s in every for delay in s.seen]
    harmless = [s for s in every if s.cascade is None and s.kind == "calm"]
    return {
        "recall": Share(len(warned), len(cascades)),
        "recall_pile": Share(sum(_early(s.lead(s.pile)) for s in piles), len(piles)),
        "before_first": Share(
            sum(
                s.warned is not None and s.first is not None and s.warned < s.first
                for s in cascades
            ),
            len(cascades),
        ),
        "seen": Share(sum(d is not None and d <= SEEN_MS for d in seen), len(seen)),
        "false_amber2": Share(sum(s.amber2 is not None for s in harmless), len(harmless)),
        "false_red": Share(
            sum(s.red is not None and not s.fallen for s in harmless), len(harmless)
        ),
    }


def _early(lead_ms: int | None) -> bool:
    return lead_ms is not None and lead_ms >= LEAD_MS
