"""A release plan as values: who is called when, over which outputs, and what stops it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from controller.interface.points import Value


@dataclass(frozen=True, slots=True)
class Call:
    """Classes that may go `at_ms` after the bell; `outputs` say so to those whom they cover.

    `shows` are what outputs are from then on, to the end of the plan: signs to a stair.
    """

    at_ms: int
    groups: tuple[str, ...]
    outputs: Mapping[str, str]
    shows: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """The plan; `holds` and `ends` are causes of the matrix, `lasts_ms` counts without holds."""

    start: str
    equals: Value
    during: Mapping[str, Value]
    calls: tuple[Call, ...]
    holds: tuple[str, ...]
    clear_ms: int
    longest_ms: int
    ends: tuple[str, ...]
    lasts_ms: int
