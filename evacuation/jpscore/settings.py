"""The settings file (ini.xml) beside a geometry: who stands where, who goes to which goal."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from evacuation.bim.problem import ImportProblem
from evacuation.jpscore.geometry import CLOSED
from evacuation.jpscore.markup import Markup, Xy

Speed = tuple[float, float]
GOALS, PARTIES = "routing/goals/goal", "agents/agents_distribution/group"
BOUNDS = ("x_min", "x_max", "y_min", "y_max", "startX", "start_x")
"""Attributes of a group that narrow down where in its subroom it stands."""


@dataclass(frozen=True, slots=True)
class Party:
    """A group of agents: ``where`` is room/subroom, ``count`` the first of a list, 0 if none."""

    number: str
    where: str
    count: int
    said: str
    goal: str
    parameters: str
    pre_movement_s: tuple[float, float]
    bounded: bool


@dataclass(frozen=True, slots=True)
class Settings:
    """A whole settings file; ``closed`` are the transitions that it closes, by number."""

    markup: Markup
    parties: tuple[Party, ...]
    goals: Mapping[str, tuple[Xy, ...]]
    speeds: Mapping[str, Speed]
    closed: frozenset[str]
    sources: int

    @property
    def geometry(self) -> Path:
        """The geometry that the file names: as written, or by its name beside this file."""
        said = (self.markup.root.findtext("geometry") or "geometry.xml").strip()
        written = self.markup.path.parent / said
        return written if written.is_file() else self.markup.path.parent / Path(said).name

    @classmethod
    def of(cls, markup: Markup) -> "Settings":
        """Read the file; ImportProblem for a number that is none."""
        root = markup.root
        doors = root.iterfind("traffic_constraints/doors/door")
        shut = (door for door in doors if (door.get("state") or "").casefold() in CLOSED)
        return cls(
            markup,
            tuple(_party(markup, one) for one in root.iterfind(PARTIES)),
            {goal.get("id", ""): _corners(markup, goal) for goal in root.iterfind(GOALS)},
            dict(_speeds(markup)),
            frozenset(door.get("trans_id", "") for door in shut),
            len(root.findall("agents/agents_sources/source")),
        )


def beside(geometry: Path) -> tuple[Settings, ...]:
    """The settings files in the folder of ``geometry`` that name it, by their names."""
    found = []
    for path in sorted(geometry.parent.glob("*ini*.xml")):
        try:
            markup = Markup.of(path)
        except ImportProblem:
            continue
        if markup.root.tag == "JuPedSim":
            said = Path((markup.root.findtext("geometry") or "").strip()).name
            found += [Settings.of(markup)] if said == geometry.name else []
    return tuple(found)


def _party(markup: Markup, one: Element) -> Party:
    said = (one.get("number") or "").strip()
    where = [markup.word(one, key) for key in ("room_id", "subroom_id") if one.get("room_id")]
    return Party(
        number=one.get("group_id", "?"),
        where="/".join(where),
        count=int(first.group()) if (first := re.search(r"\d+", said)) else 0,
        said=said,
        goal=one.get("goal_id", "-1"),
        parameters=one.get("agent_parameter_id", ""),
        pre_movement_s=(
            markup.number(one, "pre_movement_mean", 0.0),
            markup.number(one, "pre_movement_sigma", 0.0),
        ),
        bounded=any(one.get(key) for key in BOUNDS),
    )


def _corners(markup: Markup, goal: Element) -> tuple[Xy, ...]:
    return tuple(at for edge in goal.findall("polygon") for at in markup.line(edge))


def _speeds(markup: Markup) -> Iterator[tuple[str, Speed]]:
    """Free speed on the level, mean and sd in m/s, of each set of parameters of the model used."""
    agents = markup.root.find("agents")
    used = "" if agents is None else agents.get("operational_model_id", "")
    for model in markup.root.iterfind("operational_models/model"):
        if used and model.get("model_id", model.get("operational_model_id")) != used:
            continue
        for one in model.findall("agent_parameters"):
            v0 = one.find("v0")
            if v0 is not None:
                number = one.get("agent_parameter_id", "")
                yield number, (markup.number(v0, "mu"), markup.number(v0, "sigma", 0.0))
