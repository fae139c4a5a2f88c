"""A scenario varied: the same file with something more in it, written beside the runs made of it.

So every run of a robustness set can be repeated by hand with `twin run`.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from statistics import mean, pstdev
from typing import Any

import networkx as nx
from ruamel.yaml import YAML

from controller.interface.files import read
from scenarios.catalog import SITES, find_site
from scenarios.schema import load_scenario
from twin.site import PEOPLE, Site

LEAST_SHARE = 0.1
"""At least so much larger is a class by one standard deviation (assumed: schools' lists hardly
spread, their years do)."""
RAIN_SHARE = 0.8
"""Who wants to leave by the one exit in the rain (Xiangxiang 2009: more than 400 on one stair)."""


@dataclass(slots=True)
class Draft:
    """A scenario as plain content, its site and period, the folder that it lies in, and by how
    many pupils classes are to grow.
    """

    content: dict[str, Any]
    site: Site
    period: str
    beside: Path
    grows: dict[str, int] = field(default_factory=dict)

    def happens(self, **what: Any) -> None:
        """Let something more happen, from the start."""
        self.content["happens"] = [{"at": "0 s", **what}, *self.given]

    @property
    def given(self) -> list[dict[str, Any]]:
        """What happens in it."""
        return list(self.content.get("happens") or ())

    def fallen_at(self) -> str:
        """The space in which the scenario lets somebody fall first; else the lowest flight."""
        named = (str(item["fall"]) for item in self.given if "fall" in item)
        return next(named, next(iter(sorted(_flights(self.site))), ""))


def lose_a_stair(draft: Draft) -> str:
    """Block every door of the stair with most flights that the scenario lets nobody fall on."""
    here = _stair(draft.fallen_at())
    stairs: dict[str, list[str]] = {}
    for name in _flights(draft.site):
        if _stair(name) != here:
            stairs.setdefault(_stair(name), []).append(name)
    if not stairs:
        return "there is no second stair"
    lost = max(sorted(stairs), key=lambda name: len(stairs[name]))
    doors = {door for name in stairs[lost] for door in draft.site.floor.portals_of(name)}
    for door in sorted(doors):
        draft.happens(portal=door, state="blocked")
    return ""


def cut_power(draft: Draft) -> str:
    """Let the mains fail after dark."""
    draft.happens(mains="fails", night=True)
    return ""


def rain(draft: Draft) -> str:
    """Send most people to the exit nearest to where somebody falls."""
    floor = draft.site.floor
    if len(floor.exits) < 2 or not draft.fallen_at():
        return "there is no second exit, or no stair"
    away = nx.single_source_shortest_path_length(floor.graph, draft.fallen_at())
    ends = {door: [s for s in floor.portals[door].between if s in away] for door in floor.exits}
    near = min((min(away[s] for s in inner), door) for door, inner in ends.items() if inner)
    draft.happens(prefer="*", exit=near[1], share=RAIN_SHARE)
    return ""


def add_pupils(draft: Draft) -> str:
    """Make every class larger by a standard deviation of the site's classes, at least a tenth."""
    classes = [g for g in draft.site.people.groups if g.kind == "class" and g.place(draft.period)]
    if not classes:
        return "there are no classes"
    sizes = [group.count for group in classes]
    more = max(round(pstdev(sizes)), round(LEAST_SHARE * mean(sizes)), 1)
    draft.grows = {group.id: more for group in classes}
    return ""


def send_a_marshal_away(draft: Draft) -> str:
    """Leave out the first marshal that is posted; of several spaces in one line, the first."""
    rows = draft.given
    posted = [k for k, row in enumerate(rows) if "marshal" in row and row.get("posted", True)]
    if not posted:
        return "no marshal is posted in it"
    row = rows[posted[0]]
    spaces = [s for s in draft.site.floor.spaces if fnmatchcase(s, str(row["marshal"]))]
    others = [{**row, "marshal": name} for name in sorted(spaces)[1:]]
    draft.content["happens"] = rows[: posted[0]] + others + rows[posted[0] + 1 :]
    return ""


def opened(scenario: Path) -> Draft:
    """A scenario's file as a draft, in a run's folder with the site that it was run on; BadFile if
    it or its site cannot be read.
    """
    known = load_scenario(scenario)
    kept = scenario.parent / "site"
    of_run = scenario.name == "scenario.yaml" and kept.is_dir()
    site = Site.load(kept.resolve() if of_run else find_site(known.site, scenario.parent))
    return Draft(_plain(read(scenario)), site, known.period, scenario.parent)


def write(draft: Draft, path: Path) -> Path:
    """Write a draft of a scenario to a file, with a site of its own beside it if that changed."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shipped = draft.site.folder.parent == SITES
    draft.content["site"] = draft.site.folder.name if shipped else str(draft.site.folder)
    for row in draft.content.get("happens") or ():
        _anchor(row, draft.beside)
    if draft.grows:
        draft.content["site"] = f"site-{path.stem}"
        _grow(draft, path.with_name(f"site-{path.stem}"))
    _dump(draft.content, path)
    return path


def _anchor(row: dict[str, Any], beside: Path) -> None:
    """Files that lie beside the scenario are named by their whole path."""
    plan = row.get("dismissal")
    if isinstance(plan, dict) and (beside / str(plan.get("plan"))).is_file():
        plan["plan"] = str((beside / str(plan["plan"])).resolve())
    if "smoke_from" in row and (beside / str(row["smoke_from"])).exists():
        row["smoke_from"] = str((beside / str(row["smoke_from"])).resolve())


def _grow(draft: Draft, folder: Path) -> None:
    shutil.copytree(draft.site.folder, folder, dirs_exist_ok=True)
    people = _plain(read(draft.site.folder / PEOPLE))
    for group in people["groups"]:
        group["count"] += draft.grows.get(group["id"], 0)
    _dump(people, folder / PEOPLE)


def _flights(site: Site) -> Iterator[str]:
    return (name for name, space in site.floor.spaces.items() if space.is_stair)


def _stair(flight: str) -> str:
    """The stair of a flight: `a.sa.f1-f2` is of `a.sa`."""
    return flight.rpartition(".")[0]


def _plain(value: Any) -> Any:
    """YAML as plain mappings and lists."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list | tuple) else value


def _dump(content: Mapping[str, Any], path: Path) -> None:
    yaml = YAML(typ="safe")
    yaml.default_flow_style = None
    yaml.width = 4_096
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(dict(content), file)
