"""The compiled matrix as values: causes, effects, rules, and what the site has settled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.crowdvalues import Crowd
from controller.faces import Faces
from controller.interface.points import Value
from controller.interlocks import Interlocks
from controller.releaseplan import ReleasePlan
from controller.rulepacks import PACKS, RulePack


@dataclass(frozen=True, slots=True)
class Confirm:
    """Two heads of a zone (or one and a call point) within `window_ms`, ends included if `closed`.

    `when_disabled`: `one` is enough while all others of the zone are disabled, or it takes `two`.
    `clear_ms` (T_clear): how long every device must have been normal before a reset; `look_ms`: how
    long somebody may look before the fire counts as confirmed.
    """

    window_ms: int
    call_point_counts: bool
    latch: bool
    closed: bool = True
    when_disabled: str = "one"
    clear_ms: int = 0
    look_ms: int = 180_000
    pack: RulePack = PACKS["gb50116"]


@dataclass(frozen=True, slots=True)
class Lockdown:
    """What an alarm by a single device may do while a lockdown stands.

    `policy`: `fire_always` everything, `verify_then_fire` for `verify_ms` only tell the desk,
    `operator_only` tell the desk until an operator confirms. `confirms`: the end of the time does.
    """

    policy: str
    verify_ms: int
    confirms: bool


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a disablement, a test and a drill stand at most, and if nobody says how long."""

    disable_ms: int
    test_ms: int
    drill_ms: int


@dataclass(frozen=True, slots=True)
class Cause:
    """What must be the case, for `delay_ms`; `sampled`: 2 of the last 3 samples instead.

    `lockdown`: it begins a lockdown. `policy`: how it fares in one (`Lockdown.policy`). `watches`
    are at `level` or worse, and where `unanswered` nobody has taken notice.
    """

    id: str
    say: str
    when: str
    zones: tuple[str, ...]
    gateways: tuple[str, ...]
    point: str
    device: str
    equals: Value | None
    limit: float
    delay_ms: int
    sampled: bool
    lockdown: bool
    policy: str
    watches: tuple[str, ...] = ()
    level: str = ""
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """Which outputs get `value`; each output's value at rest is in `rest`.

    `instead`: with an alarm in one of `instead_zones` they get that. `drill`: also in a drill;
    `tells`: it only tells the duty desk. `steers`: it stands for `at_most_ms`, and not in a fire.
    """

    id: str
    say: str
    outputs: tuple[str, ...]
    value: Value
    rest: Mapping[str, Value]
    instead: Value | None
    instead_zones: tuple[str, ...]
    drill: bool
    tells: bool
    steers: bool = False
    at_most_ms: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """A filled cell: `mode` X, P, L, U, C, I or M; `delay_ms` from the cause on."""

    id: str
    cause: str
    effect: str
    mode: str
    delay_ms: int
    priority: int


@dataclass(frozen=True, slots=True)
class Order:
    """An operator's order: any of `points` reads `equals`."""

    points: tuple[str, ...]
    equals: Value


@dataclass(frozen=True, slots=True)
class Matrix:
    """The compiled matrix; `rows` are the same rules by cause, both in the table's order.

    `interlocks` and `faces` are what arbitration must know of doors, bollards and signs, `sounders`
    the outputs that a silence stops, `crowd` the watched flights, `release` the plan by which
    classes leave.
    """

    confirm: Confirm
    causes: Mapping[str, Cause]
    effects: Mapping[str, Effect]
    rules: tuple[Rule, ...]
    rows: Mapping[str, tuple[Rule, ...]]
    reset: Order
    operator: Order
    lockdown: Lockdown
    limits: Limits
    interlocks: Interlocks
    faces: Mapping[str, Faces] = field(default_factory=dict)
    sounders: frozenset[str] = frozenset()
    crowd: Crowd = field(default_factory=Crowd)
    release: ReleasePlan | None = None
