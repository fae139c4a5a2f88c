"""people.yaml: who is on the site, in which groups, and where they are at which time of day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from controller.interface.files import Entry, Finding, nearest

Name = Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,48}$")]
TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class SpeedEntry(Entry):
    """Free walking speed on the level, m/s: normal, cut off at `min` and `max`."""

    mean: float = Field(gt=0, le=5)
    sd: float = Field(ge=0)
    min: float = Field(gt=0)
    max: float = Field(le=5)

    @model_validator(mode="after")
    def _ordered(self) -> SpeedEntry:
        if not self.min <= self.mean <= self.max:
            raise ValueError("speed needs min <= mean <= max")
        return self


class ProfileEntry(Entry):
    """What sets one sort of people apart."""

    speed: SpeedEntry
    body_area_m2: float = Field(gt=0, le=1)
    dose_limit: float = Field(default=1.0, gt=0, le=1)
    source: str = ""


class PreMovementEntry(Entry):
    """Seconds from the cue to the first step: one lognormal draw per group, scatter per person."""

    median_s: float = Field(ge=0)
    sigma: float = Field(ge=0)
    scatter_s: float = Field(ge=0)
    source: str = ""


class PeriodEntry(Entry):
    """A period of the timetable."""

    id: Name
    from_: TimeOfDay = Field(alias="from")
    to: TimeOfDay
    name: str = ""


class LeaderEntry(Entry):
    """Who leads a group, and leaves last."""

    profile: str
    count: int = Field(default=1, ge=1)
    role: str = "teacher"


class GroupEntry(Entry):
    """People who belong together: a class, an office, a kitchen, visitors."""

    id: Name
    kind: Literal["class", "staff", "visitors"]
    profile: str
    count: int = Field(ge=0)
    pre_movement: str
    at: str | dict[str, str]
    grade: int | None = None
    name: str = ""
    leader: LeaderEntry | None = None
    role: str = ""
    assembly: str = ""
    knows: tuple[str, ...] = ()

    def place(self, period: str) -> str:
        """The space they are in during a period; "" if they are absent."""
        return self.at if isinstance(self.at, str) else self.at.get(period, "")


class PeopleFile(Entry):
    """people.yaml."""

    people: Literal[1]
    profiles: dict[str, ProfileEntry]
    pre_movement: dict[str, PreMovementEntry]
    timetable: tuple[PeriodEntry, ...]
    groups: tuple[GroupEntry, ...]

    def findings(self) -> Iterator[Finding]:
        """Names that lead nowhere and ids used twice."""
        periods = [period.id for period in self.timetable]
        yield from _twice("timetable", periods)
        yield from _twice("groups", [group.id for group in self.groups])
        for number, group in enumerate(self.groups):
            keys = ("groups", number)
            yield from _unknown((*keys, "profile"), "profile", group.profile, list(self.profiles))
            cues = list(self.pre_movement)
            yield from _unknown((*keys, "pre_movement"), "pre_movement", group.pre_movement, cues)
            if group.leader is not None:
                at = (*keys, "leader", "profile")
                yield from _unknown(at, "profile", group.leader.profile, list(self.profiles))
            for period in group.at if isinstance(group.at, dict) else ():
                yield from _unknown((*keys, "at", period), "timetable period", period, periods)


def _twice(where: str, ids: list[str]) -> Iterator[Finding]:
    for number, name in enumerate(ids):
        if name in ids[:number]:
            yield Finding((where, number, "id"), f"{name!r} is the id of an earlier entry")


def _unknown(
    keys: tuple[str | int, ...], noun: str, word: str, known: list[str]
) -> Iterator[Finding]:
    if word not in known:
        yield Finding(keys, f"no such {noun}: {word!r}", nearest(word, known))
