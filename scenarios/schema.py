"""The scenario file: what happens, and what must be true (pydantic, unknown keys forbidden)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from controller.interface.files import load, nearest
from evacuation.crush.parameters import KNOWN
from scenarios.deskwords import Says
from scenarios.expectation import Expectation
from scenarios.happening import Part
from scenarios.happening import Timed as _Happening
from scenarios.interventions import (
    INTERVENTIONS,
    Announce,
    Errand,
    Handrail,
    Hold,
    Light,
    Mains,
    Marshal,
    Meter,
    Obstacle,
    OneWay,
    Prefer,
    Urgency,
    Width,
)
from scenarios.passing import Animal, Arrive, Card, Intruder, Wind
from scenarios.quantity import Duration, Extinction, Power


class Fire(_Happening):
    """A t-squared fire starts in a space."""

    fire: str
    growth: Literal["slow", "medium", "fast", "ultra"] = "medium"
    peak: Power = 1_000.0
    soot_yield: float = Field(0.05, gt=0, lt=1)
    co_yield: float = Field(0.04, ge=0, lt=1)
    hcn_yield: float = Field(0.0, ge=0, lt=1)


class Smoke(_Happening):
    """A space fills with smoke of a given extinction coefficient, at once."""

    smoke: str
    extinction: Extinction


class SmokeFrom(_Happening):
    """Smoke that others computed begins: a table (.csv, .yaml) or FDS output (.smv, its folder)."""

    smoke_from: str = Field(min_length=1)


class Nuisance(_Happening):
    """Steam or aerosol at one detector: a false alarm."""

    nuisance: str
    lasts: Duration = 60_000


class Press(_Happening):
    """Somebody presses a call point."""

    press: str


class Order(_Happening):
    """Somebody at a duty desk gives an order: reset or release, or an operation.

    With a `reason` the desk signs it, and the controller answers.
    """

    order: str
    says: Says
    target: str = ""
    reason: str = ""


class Fault(_Happening):
    """A device or gateway fails in a stated way."""

    fault: str
    device: str
    lasts: Duration | None = None
    delay: Duration | None = None
    value: str | int | float | bool | None = None
    seed: int | None = Field(default=None, ge=0)

    @property
    def parameters(self) -> dict[str, str | int | float | bool]:
        """What the fault is given besides target and time."""
        given = {"delay_ms": self.delay, "value": self.value, "seed": self.seed}
        return {key: value for key, value in given.items() if value is not None}


class Broker(_Happening):
    """The MQTT broker goes down and comes back."""

    broker: Literal["restart"]
    down: Duration


class Portal(_Happening):
    """Somebody locks, opens or blocks a door."""

    portal: str
    state: Literal["locked", "open", "blocked"]


ALL_AT_ONCE = "all_at_once"


class _ByPlan(Part):
    """Classes are called as a release plan says."""

    plan: str = Field(min_length=1)


class Dismissal(_Happening):
    """The bell ends lessons: classes go all at once, or by a release plan, and nobody else."""

    dismissal: Literal["all_at_once"] | _ByPlan

    @property
    def plan(self) -> str:
        """The file of the plan, or `all_at_once`."""
        return ALL_AT_ONCE if isinstance(self.dismissal, str) else self.dismissal.plan


class Fall(_Happening):
    """Somebody on his way falls on the last steps of a space: a shoe lost on a stair.

    With `bends` he only bends down for so long, and is in the way.
    """

    fall: str
    bends: Duration = 0


_VERBS: dict[str, type[_Happening]] = {
    "fire": Fire, "smoke": Smoke, "smoke_from": SmokeFrom, "nuisance": Nuisance, "press": Press,
    "order": Order, "fault": Fault, "broker": Broker, "portal": Portal, "dismissal": Dismissal,
    "fall": Fall, "card": Card, "arrive": Arrive, "wind": Wind, "intruder": Intruder,
    "animal": Animal, **INTERVENTIONS,
}  # fmt: skip


def _verb(item: Any) -> str:
    if not isinstance(item, dict):
        return type(item).__name__.lower()
    return next((verb for verb in _VERBS if verb in item), "")


def _named(item: Any) -> Any:
    """Refuse a happening without a verb, naming the nearest."""
    if not isinstance(item, dict) or _verb(item):
        return item
    for key in item:
        hint = nearest(str(key), _VERBS)
        if hint and key not in ("at", "when", "after"):
            raise ValueError(f"unknown happening {key!r}; did you mean `{hint}`?")
    raise ValueError(f"nothing happens here; name one of: {', '.join(_VERBS)}")


Happening = Annotated[
    Annotated[Fire, Tag("fire")]
    | Annotated[Smoke, Tag("smoke")]
    | Annotated[SmokeFrom, Tag("smoke_from")]
    | Annotated[Nuisance, Tag("nuisance")]
    | Annotated[Press, Tag("press")]
    | Annotated[Order, Tag("order")]
    | Annotated[Fault, Tag("fault")]
    | Annotated[Broker, Tag("broker")]
    | Annotated[Portal, Tag("portal")]
    | Annotated[Dismissal, Tag("dismissal")]
    | Annotated[Fall, Tag("fall")]
    | Annotated[Card, Tag("card")]
    | Annotated[Arrive, Tag("arrive")]
    | Annotated[Wind, Tag("wind")]
    | Annotated[Intruder, Tag("intruder")]
    | Annotated[Animal, Tag("animal")]
    | Annotated[Marshal, Tag("marshal")]
    | Annotated[Light, Tag("light")]
    | Annotated[Mains, Tag("mains")]
    | Annotated[Handrail, Tag("handrail")]
    | Annotated[OneWay, Tag("one_way")]
    | Annotated[Meter, Tag("meter")]
    | Annotated[Hold, Tag("hold")]
    | Annotated[Width, Tag("width")]
    | Annotated[Obstacle, Tag("object")]
    | Annotated[Announce, Tag("announce")]
    | Annotated[Urgency, Tag("urgency")]
    | Annotated[Errand, Tag("errand")]
    | Annotated[Prefer, Tag("prefer")],
    Discriminator(_verb),
    BeforeValidator(_named),
]


class Scenario(Part):
    """A scenario file."""

    scenario: Literal[1]
    say: str = Field(min_length=3)
    site: str
    period: str
    seed: int = Field(1, ge=0)
    slice: Duration = 250
    give_up: Duration = 1_200_000
    linger: Duration = 0
    zones: Literal["off", "auto"] = "off"
    falls: Mapping[str, float] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()
    happens: tuple[Happening, ...] = ()
    expect: tuple[Expectation, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Scenario:
        if self.slice <= 0 or self.slice % 50:
            raise ValueError(f"slice must be a positive multiple of 50 ms, not {self.slice} ms")
        strange = sorted(set(self.falls) - KNOWN)
        if strange:
            hint = nearest(strange[0], KNOWN)
            raise ValueError(f"no parameter of falls: {strange[0]!r}; did you mean `{hint}`?")
        ids = [item.id for item in self.expect]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"expectation ids used twice: {', '.join(twice)}")
        return self


def load_scenario(path: Path) -> Scenario:
    """Load and validate a scenario file; raise BadFile with all problems."""
    return load(path, Scenario)
