"""people.yaml: who is on the site, in which groups, and where they are at which time of day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from controller.interface.dutyentry import DutyEntry
from controller.interface.files import Entry, Finding, nearest
from controller.interface.spread import SecondsEntry, SpeedEntry

Name = Annotated[str, Field(pattern=r"^[a-z0-9.-]{1,48}$")]
TimeOfDay = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Share = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]
WORK = ("guard", "head", "engineer", "desk", "class", "staff", "visitor", "pupil", "teacher")
"""What somebody does: a group that is called so is not called by a name."""

TABLE = "/"
"""A name with this in it is of a published table (`boyce/stick`), which the simulator ships."""


class ProfileEntry(Entry):
    """What sets one sort of people apart: numbers of one's own, over a published table's."""

    table: str = ""
    speed: SpeedEntry | None = None
    stairs_down: SpeedEntry | None = None
    stairs_up: SpeedEntry | None = None
    body_area_m2: float | None = Field(default=None, gt=0, le=1)
    dose_limit: float = Field(default=1.0, gt=0, le=1)
    wheels_m: float | None = Field(default=None, ge=0, le=3)
    source: str = ""

    @model_validator(mode="after")
    def _walks(self) -> ProfileEntry:
        if self.speed is None and not self.table:
            raise ValueError("a profile needs a speed or a table")
        return self


class PreMovementEntry(SecondsEntry):
    """Seconds from the cue to the first step: one draw per group, or per person, and a scatter."""

    preset: str = ""
    per: Literal["group", "person"] | None = None
    scatter_s: float | None = Field(default=None, ge=0, le=3_600)
    source: str = ""

    @property
    def is_given(self) -> bool:
        """Whether a preset stands for the distribution."""
        return not self.preset


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


class HelpEntry(Entry):
    """Who comes for each member of a group, where they meet, and how they move from there.

    `by` is a group whose members help in their order, `each` of them one person.
    """

    by: str
    each: int = Field(default=1, ge=1, le=8)
    how: str = "help/evacuation-chair"
    meet: str = ""
    prepare_s: Seconds = 30.0
    patience_s: Seconds = 300.0


class TaskEntry(Entry):
    """What one member (`who`: p01; left out: the next in order) does before he leaves."""

    do: Literal["marshal", "sweep"]
    who: str = ""
    at: str = ""
    tells: str = ""
    rooms: tuple[str, ...] = ()
    quiet_s: Seconds = 60.0
    stay_s: Seconds = 1_800.0
    look_s: Seconds = 5.0

    @model_validator(mode="after")
    def _has_a_place(self) -> TaskEntry:
        if self.do == "marshal" and not self.at:
            raise ValueError("a marshal needs `at`: the space he stands in")
        if self.do == "sweep" and not self.rooms:
            raise ValueError("a sweep needs `rooms`: ids or globs, in order")
        return self


class GroupEntry(Entry):
    """People who belong together: a class, an office, a kitchen, visitors."""

    id: Name
    kind: Literal["class", "staff", "visitors"]
    profile: str | dict[str, Share]
    count: int = Field(ge=0, le=1_000_000)
    pre_movement: str
    at: str | dict[str, str]
    grade: int | None = None
    name: str = ""
    leader: LeaderEntry | None = None
    role: str = ""
    assembly: str = ""
    knows: tuple[str, ...] = ()
    stays_together: bool = False
    help: HelpEntry | None = None
    tasks: tuple[TaskEntry, ...] = ()

    def place(self, period: str) -> str:
        """The space they are in during a period; "" if they are absent."""
        return self.at if isinstance(self.at, str) else self.at.get(period, "")

    @property
    def members(self) -> tuple[str, ...]:
        """The ids of its members and of those who lead it."""
        led = self.leader.count if self.leader else 0
        own = tuple(f"{self.id}.p{n:02}" for n in range(1, self.count + 1))
        return own + tuple(f"{self.id}.t{n}" for n in range(1, led + 1))

    @property
    def profiles(self) -> tuple[str, ...]:
        """The names of its profiles: one, or one per part."""
        return (self.profile,) if isinstance(self.profile, str) else tuple(self.profile)


def persons_of(group: GroupEntry) -> Iterator[str]:
    """What one person is called besides his number: a group of one by its id and name.

    Not where that says his work or place: `guard`, `clinic` in the space `a.f1.clinic`.
    """
    if len(group.members) == 1:
        places = [group.at] if isinstance(group.at, str) else list(group.at.values())
        taken = {part for place in places for part in place.split(".")} | {*WORK, group.role, ""}
        named = (group.id, group.name)
        yield from (n for n in named if not {n.lower(), n.lower().rstrip("s")} & taken)


class AreaEntry(Entry):
    """People by floor area: every space that `at` (ids or globs) and `use` name gets its part,
    except those that `but` names.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
    density_per_m2: float = Field(gt=0, le=10, allow_inf_nan=False)
    profile: str | dict[str, Share]
    pre_movement: str
    at: tuple[str, ...] = ("*",)
    but: tuple[str, ...] = ()
    use: str = ""
    periods: tuple[str, ...] = ()
    knows: tuple[str, ...] = ()
    assembly: str = ""

    @property
    def profiles(self) -> tuple[str, ...]:
        """The names of its profiles: one, or one per part."""
        return (self.profile,) if isinstance(self.profile, str) else tuple(self.profile)


class PeopleFile(Entry):
    """people.yaml."""

    people: Literal[1]
    profiles: dict[str, ProfileEntry] = Field(default_factory=dict)
    pre_movement: dict[str, PreMovementEntry] = Field(default_factory=dict)
    timetable: tuple[PeriodEntry, ...] = ()
    groups: tuple[GroupEntry, ...] = ()
    areas: tuple[AreaEntry, ...] = ()
    duties: tuple[DutyEntry, ...] = ()

    def findings(self) -> Iterator[Finding]:
        """Names that lead nowhere and ids used twice."""
        if not {"groups", "areas"} & self.model_fields_set:
            yield Finding((), "nobody is here: write groups, or areas with a density_per_m2")
        periods = [period.id for period in self.timetable]
        yield from _twice("timetable", periods)
        yield from _twice("groups", [group.id for group in self.groups])
        yield from _twice("areas", [area.id for area in self.areas])
        for number, group in enumerate(self.groups):
            keys = ("groups", number)
            yield from self._sorts(keys, group)
            if group.leader is not None:
                at = (*keys, "leader", "profile")
                yield from _unknown(at, "profile", group.leader.profile, list(self.profiles))
            for period in group.at if isinstance(group.at, dict) else ():
                yield from _unknown((*keys, "at", period), "timetable period", period, periods)
            yield from self._errands(keys, group)
        members = [name for group in self.groups for name in group.members]
        for number, duty in enumerate(self.duties):
            yield from _unknown(("duties", number, "who"), "member", duty.who, members)
        for number, area in enumerate(self.areas):
            yield from self._sorts(("areas", number), area)
            for entry, period in enumerate(area.periods):
                where = ("areas", number, "periods", entry)
                yield from _unknown(where, "timetable period", period, periods)

    def _sorts(
        self, keys: tuple[str | int, ...], group: GroupEntry | AreaEntry
    ) -> Iterator[Finding]:
        for profile in group.profiles:
            yield from _unknown((*keys, "profile"), "profile", profile, list(self.profiles))
        cues = list(self.pre_movement)
        yield from _unknown((*keys, "pre_movement"), "pre_movement", group.pre_movement, cues)

    def _errands(self, keys: tuple[str | int, ...], group: GroupEntry) -> Iterator[Finding]:
        """Helpers and members with tasks who do not exist."""
        sizes = {one.id: one.count for one in self.groups}
        if group.help is not None:
            by, wanted = group.help.by, group.help.each * group.count
            yield from _unknown((*keys, "help", "by"), "group", by, list(sizes))
            if by in sizes and sizes[by] < wanted:
                text = f"{wanted} helpers are needed, {by} has {sizes[by]}"
                yield Finding((*keys, "help"), f"{text}; lower `each` or name a larger group")
        names = [f"p{n:02}" for n in range(1, group.count + 1)]
        for number, task in enumerate(group.tasks):
            at = (*keys, "tasks", number)
            if task.who:
                yield from _unknown((*at, "who"), "member", task.who, names)
            elif number >= group.count:
                yield Finding(at, f"more tasks than members: {group.id} has {group.count}")


def _twice(where: str, ids: list[str]) -> Iterator[Finding]:
    for number, name in enumerate(ids):
        if name in ids[:number]:
            yield Finding((where, number, "id"), f"{name!r} is the id of an earlier entry")


def _unknown(
    keys: tuple[str | int, ...], noun: str, word: str, known: list[str]
) -> Iterator[Finding]:
    """A name that is not in the file; names of published tables are looked up by the simulator."""
    if word not in known and TABLE not in word:
        yield Finding(keys, f"no such {noun}: {word!r}", nearest(word, known))
