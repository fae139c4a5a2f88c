"""What the controller's own watch makes of recorded dismissals, and how often it is right.

A cascade is a stair on which falls over others come to outnumber the rest (R_f above 1), which
takes three people down at least: one who falls and two over him. A pile is a stair on which ten are
down. Either is warned of if amber 2 or red stood 10 s before. The lead is from the scan in which
the controller set the level to the half second in which the last of them fell. In a calm
dismissal amber 2 is false where there was no cascade, red where nobody fell at all, and so is a
suspicion. A fall that nobody lay near before is seen if it is suspected within 5 s, sure if the
flight is red.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from controller.crowdvalues import AMBER2, RED, SUSPECTED, Crowd
from controller.crowdwatch import CrowdWatch
from evacuation.crush.measures import is_cascade
from evacuation.crush.risk import interval
from scenarios.warning.dismissal import SLICE_MS, Fell, Recorded, stairs

LEAD_MS, SEEN_MS = 10_000, 5_000
LAY_MS = 1000
"""Who is up again sooner has stumbled."""
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
    "seen": "suspected or red within 5 s of a fall on a flight with none in 60 s before",
    "seen_lying": "the same, of those who lay for a second at least; the others stumbled",
    "sure": "red within 5 s of such a fall",
    "suspected_ms": "how long a fall was suspected on the flights of a stair",
}
TARGETS = {
    "recall": 0.95,
    "seen": 0.95,
    "seen_lying": 0.95,
    "false_amber2": 1 / 20,
    "false_red": 1 / 200,
}


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
    """One stair in one dismissal; times in ms, None: never. `seen`, `sure`: delay of each fall of
    its own until it was suspected, until the flight was red, None if it was not at all; `lying`:
    which of them lay for a second; `first`: the first fall; `cascade`: R_f above 1; `pile`: ten
    down; `suspected_ms`: how long on any flight.
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
    sure: tuple[int | None, ...]
    lying: tuple[bool, ...]
    suspected_ms: int

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
    stood = _stood(one, crowd)
    for stair, watches in stairs(spaces).items():
        falls = [f for f in one.falls if f.space.startswith(f"{stair}.")]
        first = {
            level: min((t for w in watches for t, at in stood[w] if at & wanted), default=None)
            for level, wanted in ((AMBER2, {AMBER2, RED}), (RED, {RED}))
        }
        times = {spaces[w]: stood[w] for w in watches}
        yield Stair(
            stair, one.kind, one.seed, len(falls), min((f.t_ms for f in falls), default=None),
            judge_cascade(falls),
            sorted(f.t_ms for f in falls)[PILE - 1] if len(falls) >= PILE else None,
            first[AMBER2], first[RED],
            tuple(_delays(one, times, {SUSPECTED, RED})), tuple(_delays(one, times, {RED})),
            tuple(fall.lay_ms is None or fall.lay_ms >= LAY_MS for fall in _own(one, times)),
            sum(SLICE_MS for w in watches for _, at in stood[w] if SUSPECTED in at),
        )  # fmt: skip


def _stood(one: Recorded, crowd: Crowd) -> dict[str, list[tuple[int, set[str]]]]:
    """What stood on every watch in every slice: its level, and whether a fall was suspected."""
    watch = CrowdWatch(crowd)
    found: dict[str, list[tuple[int, set[str]]]] = {name: [] for name in crowd.watches}
    for now, samples in one.pictures:
        watch.look(samples, set(), now)
        for name, watched in watch.watched.items():
            suspected = {SUSPECTED} if watched.suspects else set()
            found[name].append((now, {watched.level} | suspected))
    return found


def judge_cascade(falls: Iterable[Fell]) -> int | None:
    """When falls over others first outnumbered the rest of the falls on a stair, ms."""
    first = over = 0
    for fall in sorted(falls, key=lambda fall: fall.t_ms):
        first, over = first + (fall.cause != "tripped"), over + (fall.cause == "tripped")
        if is_cascade(first, over):
            return fall.t_ms
    return None


def _own(one: Recorded, flights: Container[str]) -> Iterator[Fell]:
    """The falls on flights on which nobody had fallen for a while."""
    last: dict[str, int] = {}
    for fall in one.falls:
        alone = fall.t_ms - last.get(fall.space, -ALONE_MS) >= ALONE_MS
        last[fall.space] = fall.t_ms
        if fall.space in flights and alone:
            yield fall


def _delays(
    one: Recorded, stood: Mapping[str, list[tuple[int, set[str]]]], wanted: set[str]
) -> Iterator[int | None]:
    """How long after each fall of its own one of these stood."""
    for fall in _own(one, stood):
        times = [t for t, at in stood[fall.space] if at & wanted and t >= fall.t_ms]
        yield times[0] - fall.t_ms if times else None


def shares(found: Iterable[Stair]) -> dict[str, Share]:
    """How often warnings are right."""
    every = list(found)
    cascades = [s for s in every if s.cascade is not None]
    piles = [s for s in every if s.pile is not None]
    warned = [s for s in cascades if _early(s.lead_ms)]
    seen, sure = ([d for s in every for d in getattr(s, name)] for name in ("seen", "sure"))
    lying = [d for s in every for d, lay in zip(s.seen, s.lying, strict=True) if lay]
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
        "seen": Share(sum(_soon(d) for d in seen), len(seen)),
        "seen_lying": Share(sum(_soon(d) for d in lying), len(lying)),
        "sure": Share(sum(_soon(d) for d in sure), len(sure)),
        "false_amber2": Share(sum(s.amber2 is not None for s in harmless), len(harmless)),
        "false_red": Share(
            sum(s.red is not None and not s.fallen for s in harmless), len(harmless)
        ),
        "false_suspected": Share(
            sum(s.suspected_ms > 0 and not s.fallen for s in harmless), len(harmless)
        ),
    }


def _soon(delay_ms: int | None) -> bool:
    return delay_ms is not None and delay_ms <= SEEN_MS


def _early(lead_ms: int | None) -> bool:
    return lead_ms is not None and lead_ms >= LEAD_MS
