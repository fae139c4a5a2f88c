"""matrix.yaml as written: the cause-and-effect table of a site."""

from __future__ import annotations

import json
import re
from typing import Annotated, Literal

from pydantic import Field

from controller.crowdfile import CrowdEntry, Level
from controller.interface.files import Entry
from controller.rulepacks import Pack

When = Literal[
    "first", "confirmed", "call-point", "prealarm", "comms-lost", "fault", "above", "point",
    "flow", "key", "evacuate", "lockdown", "drill", "crowd", "plan",
]  # fmt: skip
Policy = Literal["fire_always", "verify_then_fire", "operator_only"]
SWITCHES = ("flow", "key")
"""Causes of one contact, which is true unless `equals` says otherwise."""

Plain = bool | int | float | str
Name = Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,48}$")]
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Rank = Annotated[int, Field(ge=1, le=8)]
_CELL = re.compile(r"^(X|P|L|U|C|I|M|D[0-9]+[LU]?)$")
CELLS = "X, D<seconds> (D3L, D3U to latch), P, L, U, C, I or M"


class ConfirmEntry(Entry):
    """When single alarms of a zone become a confirmed fire, and how that ends.

    `window: closed` counts its last instant. `when_disabled`: whether one of two is enough while
    the other is disabled. `investigate_s`: left out, as long as the rule pack allows.
    """

    window_s: Seconds = 300
    window: Literal["closed", "open"] = "closed"
    call_point_counts: bool = True
    latch: bool = True
    when_disabled: Literal["one", "two"] = "one"
    clear_s: Seconds = 2
    investigate_s: Annotated[float, Field(gt=0, le=86_400)] | None = None


class CauseEntry(Entry):
    """A row's left side: what must be the case. Which keys it needs hangs on `when`."""

    id: Name
    say: str
    when: When
    zones: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    point: str = ""
    equals: Plain | None = None
    limit: float | None = None
    for_s: Seconds | None = None
    after_s: Seconds | None = None
    clause: str = ""
    priority: Rank | None = None
    lockdown: bool = False
    in_lockdown: Policy | None = None
    watches: tuple[str, ...] = ()
    level: Level | None = None
    unanswered: bool = False


class EffectEntry(Entry):
    """A column's head: which outputs get which value; `rest` is their value without any claim.

    With an alarm in `instead_zones` they get `instead_value`. `drill: false`: not in a drill.
    `steers`: it holds people back, slows or turns them; so it stands for `at_most_s`, and not in a
    fire.
    """

    id: Name
    say: str
    outputs: Annotated[tuple[str, ...], Field(min_length=1)]
    value: Plain
    rest: Plain | None = None
    instead_value: Plain | None = None
    instead_zones: tuple[str, ...] = ()
    drill: bool = True
    clause: str = ""
    steers: bool = False
    at_most_s: Annotated[float, Field(gt=0, le=1800)] | None = None


class OrderEntry(Entry):
    """An operator's order: a point that reads a certain value."""

    point: str
    equals: Plain


class LockdownEntry(Entry):
    """What a single alarm may do while a lockdown stands, and what ends the time of looking."""

    policy: Policy = "verify_then_fire"
    verify_s: Annotated[float, Field(gt=0, le=300)] = 60
    at_end: Literal["confirm", "wait"] = "confirm"


class LimitsEntry(Entry):
    """The longest that a disablement, a test and a drill may stand."""

    disable_s: Annotated[float, Field(gt=0, le=604_800)] = 28_800
    test_s: Annotated[float, Field(gt=0, le=86_400)] = 3600
    drill_s: Annotated[float, Field(gt=0, le=86_400)] = 3600


class MatrixFile(Entry):
    """matrix.yaml."""

    matrix: Literal[1]
    rules: Pack = "gb50116"
    confirm: ConfirmEntry = ConfirmEntry()
    lockdown: LockdownEntry = LockdownEntry()
    limits: LimitsEntry = LimitsEntry()
    causes: tuple[CauseEntry, ...]
    effects: tuple[EffectEntry, ...]
    rows: dict[str, dict[str, str]]
    priority: dict[When, Rank] = Field(default_factory=dict)
    reset: OrderEntry | None = None
    operator: OrderEntry | None = None
    crowd: CrowdEntry = CrowdEntry()


SETTINGS = ("rules", "confirm", "lockdown", "limits", "priority", "reset", "operator", "crowd")


def as_yaml(file: MatrixFile) -> str:
    """A matrix as matrix.yaml: one line per setting, cause, effect and row, defaults left out."""
    plain = file.model_dump(exclude_defaults=True, mode="json") | {"rules": file.rules}
    lines = ["matrix: 1"]
    for key in SETTINGS:
        if key in plain:
            lines.append(f"{key}: {_flow(plain[key])}")
    for key in ("causes", "effects"):
        lines += ["", f"{key}:", *(f"  - {_flow(entry)}" for entry in plain[key])]
    rows = (f"  {_flow(cause)}: {_flow(row)}" for cause, row in plain["rows"].items())
    return "\n".join([*lines, "", "rows:", *rows, ""])


def _flow(value: object) -> str:
    """YAML 1.2 takes JSON as it is."""
    return json.dumps(value, ensure_ascii=False)


def cell_problem(text: str) -> str:
    """Why a cell cannot be understood; "" if it can."""
    return "" if _CELL.match(text) else f"{text!r} is not a cell: use {CELLS}"
