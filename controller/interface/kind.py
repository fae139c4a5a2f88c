"""The declaration of a device kind: its points, timing, faults and safe state, said once.

The checks of an I/O list, the controller, the emulators, `desc` messages, profiles and the pages
of `docs/devices/` all read it. Sources marked (m) are quoted from memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypedDict, Unpack

Plain = bool | int | float | str

_WIDE = {"u16": (0, 0xFFFF), "s16": (-0x8000, 0x7FFF), "u32": (0, 0xFFFFFFFF)}
MANY = 10
"""People whom no camera counts the same for a minute: with 97 % seen of each, two pictures in a row
agree with a chance of 0.6, sixty with one of 1e-13."""

LOOP_VALUES = ("normal", "prealarm", "alarm")


@dataclass(frozen=True, slots=True)
class PointRole:
    """What a point of a kind is: the controller writes it, or reads it, as which type.

    `area` and `offset`: its place in the device's block (coil, discrete, holding, input), or its
    MQTT leaf (cmd, state, event) with offset 0. `span`: lowest and highest value, or () where any
    value of the type may come; `words`: the texts it may have. `pulse`: a written 1 goes back to
    0 by itself. `pace_ms`: it counts, and one that stands still for so long comes from a frozen
    image. `varies_ms`: a number of `MANY` or more is never the same for so long.
    `personal`: its value names a person, of this class of data. `forms`: the texts that answer an
    event of the device, with the event's value in the place of its name in braces.
    """

    name: str
    write: bool
    as_type: str
    text: str
    area: str
    offset: int
    unit: str = ""
    span: tuple[float, float] | tuple[()] = ()
    words: tuple[str, ...] = ()
    pulse: bool = False
    pace_ms: int = 0
    varies_ms: int = 0
    personal: str = ""
    forms: tuple[str, ...] = ()

    @property
    def range(self) -> tuple[Plain, ...]:
        """Lowest and highest value, or every text; empty where there is no bound."""
        if self.words or self.span:
            return self.words or self.span
        if self.as_type == "loop":
            return LOOP_VALUES
        return (False, True) if self.as_type == "bool" else _WIDE.get(self.as_type, ())

    def possible(self, value: Plain) -> bool:
        """Whether a value lies within the bounds; texts without a list of words always do."""
        if isinstance(value, str):
            return not self.words or not value or value in self.words
        return not self.span or self.span[0] <= value <= self.span[1]

    def fits(self, value: Plain) -> bool:
        """Whether a value is of the type; 0 and 1 are bools too, as they come out of a register."""
        if self.as_type in ("text", "loop"):
            return isinstance(value, str)
        if self.as_type == "bool":
            return value in (False, True)
        return not isinstance(value, str)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long something takes: uniform between `low_ms` and `high_ms`, drawn once per device."""

    name: str
    text: str
    low_ms: int
    high_ms: int
    source: str


@dataclass(frozen=True, slots=True)
class Takes:
    """What value a fault or setting takes: one of `words`, a number from `low` to `high`, or a text
    that `reads` can read.
    """

    say: str
    low: float = 0
    high: float = 0
    whole: bool = False
    words: tuple[Plain, ...] = ()
    reads: Callable[[str], bool] | None = None

    def fits(self, value: object) -> bool:
        """Whether a value is one of these."""
        if self.reads is not None:
            return isinstance(value, str) and self.reads(value)
        if self.words:
            return value in self.words
        number = type(value) is int if self.whole else type(value) in (int, float)
        return number and self.low <= value <= self.high  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class FaultRole:
    """A way in which devices of a kind fail; `takes` is None for a fault without a value."""

    name: str
    text: str
    takes: Takes | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """How devices of a kind may be set in the I/O list (`settings:`), and how they are usually."""

    name: str
    text: str
    usual: Plain
    takes: Takes


@dataclass(frozen=True, slots=True)
class Watchdog:
    """A point that the controller must keep changing, and what the device does when it does not.

    It begins to watch with the first write; `safe` is what points read once it has run out.
    """

    point: str
    after_ms: int
    text: str
    safe: Mapping[str, Plain]


@dataclass(frozen=True, slots=True)
class Kind:
    """A device kind: its level in MQTT topics, its bus, its points and required place keys.

    `boards`: gateway profile -> registers from one device's block to the next (1: packed).
    `fire_wire` is the point that a wire from the panel's fire relay drives, past the controller.
    `senses` are the words of its `sense` records, ("*",) for any.
    `alarm` is "detector", "call-point" or "flow" where its `state` counts as a fire alarm.
    `powered`: what it does hangs on the mains. `comms_lost` and `power_lost` say its safe state.
    """

    name: str
    title: str
    title_zh: str
    topic: str
    bus: str
    points: Mapping[str, PointRole]
    places: tuple[str, ...]
    boards: Mapping[str, int]
    timing: Mapping[str, Timing]
    faults: Mapping[str, FaultRole]
    settings: Mapping[str, Setting]
    comms_lost: str
    power_lost: str
    powered: bool = False
    alarm: str = ""
    fire_wire: str = ""
    senses: tuple[str, ...] = ()
    watchdog: Watchdog | None = None
    clauses: tuple[str, ...] = ()


def kind(
    name: str,
    titles: tuple[str, str],
    topic: str,
    *,
    bus: str = "modbus",
    points: Iterable[PointRole],
    places: str,
    boards: Mapping[str, int] | None = None,
    timing: Iterable[Timing] = (),
    faults: Iterable[FaultRole] = (),
    settings: Iterable[Setting] = (),
    comms_lost: str,
    power_lost: str,
    powered: bool = False,
    alarm: str = "",
    fire_wire: str = "",
    senses: tuple[str, ...] = (),
    watchdog: Watchdog | None = None,
    clauses: tuple[str, ...] = (),
) -> Kind:
    """A kind; `titles` are English and Chinese, `places` like `at zone`."""
    return Kind(
        name,
        *titles,
        topic,
        bus,
        {point.name: point for point in points},
        tuple(places.split()),
        boards or {},
        {one.name: one for one in timing},
        {one.name: one for one in faults},
        {one.name: one for one in settings},
        comms_lost,
        power_lost,
        powered,
        alarm,
        fire_wire,
        senses,
        watchdog,
        clauses,
    )


class Details(TypedDict, total=False):
    """What a point may state besides its name, place and text; see `PointRole`."""

    as_type: str
    unit: str
    span: tuple[float, float] | tuple[()]
    words: tuple[str, ...]


def reads(
    name: str, place: str, text: str, *, pace_ms: int = 0, varies_ms: int = 0,
    personal: str = "", **details: Unpack[Details],
) -> PointRole:  # fmt: skip
    """A point that the controller reads, at `place` (`discrete 1`, `input 0`, `state`)."""
    role = _role(name, False, place, text, False, **details)
    return replace(role, pace_ms=pace_ms, varies_ms=varies_ms, personal=personal)


def writes(
    name: str, place: str, text: str, *, pulse: bool = False, forms: tuple[str, ...] = (),
    **details: Unpack[Details],
) -> PointRole:  # fmt: skip
    """A point that the controller writes, at `place` (`coil 0`, `holding 2`, `cmd`)."""
    return replace(_role(name, True, place, text, pulse, **details), forms=forms)


def _role(
    name: str,
    write: bool,
    place: str,
    text: str,
    pulse: bool,
    as_type: str = "",
    unit: str = "",
    span: tuple[float, float] | tuple[()] = (),
    words: tuple[str, ...] = (),
) -> PointRole:
    area, _, offset = place.partition(" ")
    usual = {"coil": "bool", "discrete": "bool", "holding": "u16", "input": "u16"}
    kept = as_type or ("text" if words else usual.get(area, "number"))
    return PointRole(name, write, kept, text, area, int(offset or 0), unit, span, words, pulse)
