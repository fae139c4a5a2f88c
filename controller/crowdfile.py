"""The `crowd` part of matrix.yaml as written: which cameras watch which flights, and the levels.

Densities are adult equivalents: people per m2 times their body area over an adult's 0.113 m2. The
defaults are design values for stairs (flow breakdown at 0.8 per m and s: Mina 2006, after Helbing
2007); no data set of a school stair confirms them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from controller.interface.files import Entry

Name = Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,48}$")]
Level = Literal["amber1", "amber2", "red", "suspected", "unknown"]
Density = Annotated[float, Field(gt=0, le=12)]
Wait = Annotated[float, Field(ge=0, le=600)]


class LevelEntry(Entry):
    """At least `agree` of three signs for `for_s`: density from `dense` on; and from `least` on
    an outflow that has broken down, people who stand still.
    """

    dense: Density
    least: Density
    for_s: Wait
    agree: Annotated[int, Field(ge=1, le=3)] = 2


class LevelsEntry(Entry):
    """The three levels above green."""

    amber1: LevelEntry = LevelEntry(dense=2.5, least=2.5, for_s=10, agree=1)
    amber2: LevelEntry = LevelEntry(dense=3.5, least=2.5, for_s=5)
    red: LevelEntry = LevelEntry(dense=5.0, least=4.0, for_s=5)


class WatchEntry(Entry):
    """A flight, landing or gate that a camera watches.

    `width_m`: its effective width. `people`: the groups (globs) whose bodies count there; all
    where none. `levels`: its own, where the site's do not fit.
    """

    id: Name
    say: str
    camera: str
    space: str
    width_m: Annotated[float, Field(gt=0, le=100)]
    people: tuple[str, ...] = ()
    levels: LevelsEntry | None = None


class CrowdEntry(Entry):
    """What holds for all watches.

    `counted`: the share of people that a camera is taken to find; lower errs towards a warning.
    `flow_per_m_s`: outflow below which a dense flow has broken down, over `window_s`;
    `standing_m_s`: mean speed below which people stand; `unbalance_per_m_s`: more in than out, over
    20 s, which is amber 1. A level ends `clear_s` after too few of its signs stand even where each
    takes `release` of its threshold only, a fall `fall_clear_s` after nobody lies any more. Who
    lies is a fall suspected at once (amber 1 at least), until `suspect_clear_s` after nobody does.
    It is red once somebody has lain for `fall_for_s`, so that who bends is not a fall, or several
    at a time for `falls_for_s`, since few bend together; at once on a flight at amber 2.
    """

    watches: tuple[WatchEntry, ...] = ()
    levels: LevelsEntry = LevelsEntry()
    counted: Annotated[float, Field(gt=0, le=1)] = 0.75
    flow_per_m_s: Annotated[float, Field(ge=0, le=5)] = 0.8
    window_s: Annotated[float, Field(ge=1, le=60)] = 5
    standing_m_s: Annotated[float, Field(ge=0, le=1)] = 0.05
    unbalance_per_m_s: Annotated[float, Field(gt=0, le=5)] = 0.3
    release: Annotated[float, Field(gt=0, le=1)] = 0.8
    clear_s: Wait = 15
    fall_for_s: Wait = 0
    falls_for_s: Wait = 0
    suspect_clear_s: Wait = 5
    fall_clear_s: Wait = 30
    unseen_s: Wait = 10
