"""The script of a run: turns happenings into verbs of the twin's stage at their time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from evacuation.smoke.table import SmokeTable
from scenarios.deskwords import desk_word
from scenarios.dismissals import Calls
from scenarios.interventions import Intervention
from scenarios.passing import Animal, Arrive, Card, Intruder, Wind
from scenarios.schema import (
    Broker,
    Dismissal,
    Fall,
    Fault,
    Fire,
    Happening,
    Nuisance,
    Order,
    Portal,
    Press,
    Scenario,
    Smoke,
    SmokeFrom,
)
from twin.measures import Measures


class Stage(Protocol):
    """The verbs that the twin offers to a script."""

    def fire(
        self,
        now: int,
        place: str,
        growth: str,
        peak_kw: float,
        soot_yield: float,
        co_yield: float,
        hcn_yield: float,
    ) -> None:
        """Start a t-squared fire."""
        ...

    def smoke(self, now: int, place: str, extinction_per_m: float) -> None:
        """Fill a space with smoke."""
        ...

    def smoke_from(self, now: int, table: SmokeTable) -> None:
        """Follow smoke that others computed."""
        ...

    def cook(self, now: int, device: str, for_ms: int) -> None:
        """Let aerosol drift to a detector."""
        ...

    def press(self, now: int, device: str) -> None:
        """Press a call point."""
        ...

    def fault(self, now: int, target: str, fault: str, for_ms: int | None, **params: Any) -> None:
        """Begin a fault, for a time or until the end."""
        ...

    def portal(self, now: int, portal: str, state: str) -> None:
        """Set a door by hand."""
        ...

    def call(self, now: int, spaces: Sequence[str]) -> None:
        """Call classes to go."""
        ...

    @property
    def measures(self) -> Measures:
        """What may be done with people."""
        ...

    def fall(self, now: int, space: str, bends_ms: int) -> None:
        """Let somebody fall, or bend down."""
        ...

    def card(self, now: int, reader: str, who: str) -> None:
        """Show a card at a reader."""
        ...

    def wind(self, now: int, speed_m_s: float, for_ms: int) -> None:
        """Let the wind blow."""
        ...

    def intruder(
        self, now: int, place: str, for_ms: int, path: Sequence[tuple[float, float]],
        speed_m_s: float,
    ) -> None:  # fmt: skip
        """Let somebody in who has no business there."""
        ...

    def animal(self, now: int, place: str, for_ms: int) -> None:
        """Let an animal in."""
        ...

    def arrive(
        self, now: int, groups: str, through: str, over_ms: int, unread: float, earlier: bool
    ) -> None:
        """Let people come in with their cards."""
        ...


@dataclass(slots=True)
class _Cue:
    due_ms: int | None
    happening: Happening
    done: bool = False
    spaces: tuple[str, ...] = ()


class Script:
    """Plays happenings in order of time, then of their place in the file.

    A `when` watches the twin's own records, so that what is injected depends on ground truth
    and never on the controller's belief.
    """

    def __init__(
        self,
        scenario: Scenario,
        stage: Stage,
        restart: Callable[[int, int], None],
        order: Callable[[int, str, str], None],
        smokes: Mapping[str, SmokeTable] | None = None,
        calls: Calls | None = None,
    ):
        self._cues = [_Cue(item.at, item) for item in scenario.happens]
        self._stage = stage
        self._restart, self._order, self._smokes = restart, order, smokes or {}
        self._calls = calls or {}

    def watch(self, record: Mapping[str, Any]) -> None:
        """Look at one record of the twin; starts the clocks of `when ... after`."""
        for cue in self._cues:
            pattern = cue.happening.when
            if cue.due_ms is None and pattern is not None and pattern.matches(record):
                cue.due_ms = record["t"] + cue.happening.after

    def play(self, now: int) -> None:
        """Let everything happen that is due at `now`."""
        for cue in list(self._cues):
            if not cue.done and cue.due_ms is not None and cue.due_ms <= now:
                cue.done = True
                if cue.spaces:
                    self._stage.call(now, cue.spaces)
                elif isinstance(cue.happening, Dismissal):
                    self._ring(now, cue.happening)
                else:
                    self._act(now, cue.happening)

    def next_wake(self) -> int | None:
        """Time of the next happening, None if none is known yet."""
        times = [cue.due_ms for cue in self._cues if not cue.done and cue.due_ms is not None]
        return min(times, default=None)

    def untriggered(self) -> Sequence[str]:
        """Return the triggers that never fired."""
        return [str(cue.happening.when) for cue in self._cues if cue.due_ms is None]

    @property
    def pending(self) -> bool:
        """Whether something is still to happen at a known time."""
        return any(not cue.done and cue.due_ms is not None for cue in self._cues)

    def _ring(self, now: int, item: Dismissal) -> None:
        """Call those who go at the bell, and note down when the others are called."""
        for after, spaces in self._calls[item.plan].items():
            if after:
                self._cues.append(_Cue(now + after, item, spaces=spaces))
            else:
                self._stage.call(now, spaces)

    def _act(self, now: int, item: Happening) -> None:
        match item:
            case Fire():
                yields = (item.soot_yield, item.co_yield, item.hcn_yield)
                self._stage.fire(now, item.fire, item.growth, item.peak, *yields)
            case Smoke():
                self._stage.smoke(now, item.smoke, item.extinction)
            case SmokeFrom():
                self._stage.smoke_from(now, self._smokes[item.smoke_from])
            case Nuisance():
                self._stage.cook(now, item.nuisance, item.lasts)
            case Press():
                self._stage.press(now, item.press)
            case Order():
                self._order(now, item.order, desk_word(item.says, item.target, item.reason))
            case Fault():
                self._stage.fault(now, item.device, item.fault, item.lasts, **item.parameters)
            case Portal():
                self._stage.portal(now, item.portal, item.state)
            case Fall():
                self._stage.fall(now, item.fall, item.bends)
            case Intervention():
                item.act(self._stage.measures, now)
            case Card():
                self._stage.card(now, item.card, item.who)
            case Arrive():
                told = (item.over, item.unread, item.earlier)
                self._stage.arrive(now, item.arrive, item.through, *told)
            case Wind():
                self._stage.wind(now, item.wind, item.lasts)
            case Intruder():
                path = [(x, y) for x, y in item.path]
                self._stage.intruder(now, item.intruder, item.lasts, path, item.speed)
            case Animal():
                self._stage.animal(now, item.animal, item.lasts)
            case Broker():
                self._restart(now, item.down)
