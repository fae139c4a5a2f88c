"""matrix.yaml as written: the cause-and-effect table of a site."""

from __future__ import annotations

import json
import re
from typing import Annotated, Literal

from pydantic import Field

from controller.interface.files import Entry

When = Literal["first", "confirmed", "call-point", "comms-lost", "fault", "above", "point"]
Plain = bool | int | float | str
Name = Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,48}$")]
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Rank = Annotated[int, Field(ge=1, le=8)]
_CELL = re.compile(r"^(X|P|L|U|C|I|M|D[0-9]+[LU]?)$")
CELLS = "X, D<seconds> (D3L, D3U to latch), P, L, U, C, I or M"


class ConfirmEntry(Entry):
    """When single alarms of a zone become a confirmed fire."""

    window_s: Seconds = 300
    call_point_counts: bool = True
    latch: bool = True


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


class EffectEntry(Entry):
    """A column's head: which outputs get which value; `rest` is their value without any claim."""

    id: Name
    say: str
    outputs: Annotated[tuple[str, ...], Field(min_length=1)]
    value: Plain
    rest: Plain | None = None
    clause: str = ""


class OrderEntry(Entry):
    """An operator's order: a point that reads a certain value."""

    point: str
    equals: Plain


class MatrixFile(Entry):
    """matrix.yaml."""

    matrix: Literal[1]
    rules: str = ""
    confirm: ConfirmEntry = ConfirmEntry()
    causes: tuple[CauseEntry, ...]
    effects: tuple[EffectEntry, ...]
    rows: dict[str, dict[str, str]]
    priority: dict[When, Rank] = Field(default_factory=dict)
    reset: OrderEntry | None = None
    operator: OrderEntry | None = None


def as_yaml(file: MatrixFile) -> str:
    """A matrix as matrix.yaml: one line per setting, cause, effect and row, defaults left out."""
    plain = file.model_dump(exclude_defaults=True, mode="json")
    lines = ["matrix: 1"]
    for key in ("rules", "confirm", "priority", "reset", "operator"):
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
