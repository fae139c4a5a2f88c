"""The scenario file: what happens, and what must be true (pydantic, unknown keys forbidden)."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    model_validator,
)

from controller.interface.files import load, nearest
from scenarios.deskwords import Says
from scenarios.events import TWIN_KINDS, Event
from scenarios.quantity import Density, Duration, Extinction, Power


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class _Happening(_Part):
    """When: `at` a time since the start, or `after` a delay once `when` has happened."""

    at: Duration | None = None
    when: Event | None = None
    after: Duration = 0

    @model_validator(mode="after")
    def _one_time(self) -> _Happening:
        if (self.at is None) == (self.when is None):
            raise ValueError("say either `at: 10 s` or `when: EVENT` (with `after: 5 s`)")
        if self.when is not None and self.when.kind not in TWIN_KINDS:
            raise ValueError(
                f"`when` watches the twin, not the controller: {self.when.kind!r} is not one of "
                + ", ".join(TWIN_KINDS)
            )
        return self


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


_VERBS: dict[str, type[_Happening]] = {
    "fire": Fire,
    "smoke": Smoke,
    "smoke_from": SmokeFrom,
    "nuisance": Nuisance,
    "press": Press,
    "order": Order,
    "fault": Fault,
    "broker": Broker,
    "portal": Portal,
}


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
    | Annotated[Portal, Tag("portal")],
    Discriminator(_verb),
    BeforeValidator(_named),
]


class Within(_Part):
    """`to` (or every entity of `to_every`) follows the first `from` within `limit`."""

    from_: Event = Field(alias="from")
    to: Event | None = None
    to_every: Event | None = None
    limit: Duration

    @model_validator(mode="after")
    def _one_target(self) -> Within:
        if (self.to is None) == (self.to_every is None):
            raise ValueError("say either `to: EVENT` or `to_every: EVENT`")
        return self


class Count(_Part):
    """How often an event happened."""

    of: Event
    at_least: int | None = None
    at_most: int | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Count:
        if self.at_least is None and self.at_most is None:
            raise ValueError("a count needs `at_least` or `at_most`")
        return self


class Before(_Part):
    """`first` happens, and earlier than `then`."""

    first: Event
    then: Event


class Evacuated(_Part):
    """A share of the people is out within a time of the first event `from`."""

    share: float = Field(1.0, gt=0, le=1)
    from_: Event = Field(alias="from")
    limit: Duration


class Crowding(_Part):
    """No space of a glob is above a density for longer than a time."""

    spaces: str
    at_most: Density
    longer_than: Duration = 0


class Expectation(_Part):
    """One thing that must be true, with a plain sentence and the clause that it comes from."""

    id: str
    say: str = Field(min_length=3)
    must: bool = True
    clause: str = ""
    given: Event | None = None
    within: Within | None = None
    never: Event | None = None
    eventually: Event | None = None
    count: Count | None = None
    before: Before | None = None
    evacuated: Evacuated | None = None
    crowding: Crowding | None = None

    @model_validator(mode="after")
    def _one_verb(self) -> Expectation:
        if len(self.verbs()) != 1:
            raise ValueError(
                "an expectation has exactly one of: within, never, eventually, count, before, "
                f"evacuated, crowding (found {', '.join(self.verbs()) or 'none'})"
            )
        return self

    def verbs(self) -> list[str]:
        """Return the names of the verbs that are set."""
        names = ("within", "never", "eventually", "count", "before", "evacuated", "crowding")
        return [name for name in names if getattr(self, name) is not None]


class Scenario(_Part):
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
    tags: tuple[str, ...] = ()
    happens: tuple[Happening, ...] = ()
    expect: tuple[Expectation, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Scenario:
        if self.slice <= 0 or self.slice % 50:
            raise ValueError(f"slice must be a positive multiple of 50 ms, not {self.slice} ms")
        ids = [item.id for item in self.expect]
        twice = sorted({name for name in ids if ids.count(name) > 1})
        if twice:
            raise ValueError(f"expectation ids used twice: {', '.join(twice)}")
        return self


def load_scenario(path: Path) -> Scenario:
    """Load and validate a scenario file; raise BadFile with all problems."""
    return load(path, Scenario)
