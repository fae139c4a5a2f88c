"""`twin compare --robust`: scenarios ranked under everything that a ranking must hold under.

As given first; a pair that is not decided there needs no more runs. Then one member of the set
after the other, until no pair is left that may still be robust (or all of them, if asked for).
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from controller.interface.files import BadFile, Problem
from reports.dossier import read_json
from reports.ranking import UNDECIDED, Sides, rank
from scenarios.catalog import find_scenario
from scenarios.crushrisk import crush_summary
from scenarios.places import places, places_text
from scenarios.robustness import AS_GIVEN, MEMBERS, Member
from scenarios.sweep import parse_seeds
from scenarios.trials import Trial, run_trials
from scenarios.variation import opened, write

GIVEN = "as-given"


@dataclass(frozen=True, slots=True)
class Contest:
    """What is ranked, by what, over which seeds, and where the runs are kept.

    `people`: people and building alone, no devices and no controller. `every`: try every member,
    also when the verdict stands already.
    """

    scenarios: Mapping[str, Path]
    metric: str
    seeds: Sequence[int]
    out: Path
    jobs: int = 0
    people: bool = False
    every: bool = False

    @classmethod
    def of(
        cls, given: Sequence[Path], metric: str, seeds: str, out: Path | None, jobs: int,
        *, people: bool, every: bool,
    ) -> Contest:  # fmt: skip
        """Scenarios by name or path, or folders of runs of one; ValueError if two have one name."""
        found: dict[str, Path] = {}
        for one in given:
            path = _scenario(one)
            name = one.name if one.is_dir() else path.stem
            if name in found:
                raise ValueError(f"two scenarios are called {name!r}: they are told apart by it")
            found[name] = path
        folder = out or Path("runs") / ("-".join(found) + "-robust")
        return cls(found, metric, parse_seeds(seeds), folder, jobs, people, every)

    def decide(self) -> dict[str, Any]:
        """Run what is needed and rank; the document of `--json`."""
        conditions: dict[str, Sides] = {AS_GIVEN: self._runs(None)}
        unfit: dict[str, str] = {}
        untried = []
        found = rank(conditions, self.metric)
        for member in MEMBERS:
            if found["verdict_stands"] and not self.every:
                untried.append(member.id)
                continue
            why = self._unfit(member)
            if why:
                unfit[member.id] = why
                continue
            conditions[member.id] = self._runs(member)
            found = rank(conditions, self.metric)
        return self._document(found, conditions, unfit, untried)

    def _document(
        self, found: dict[str, Any], conditions: Mapping[str, Sides], unfit: Mapping[str, str],
        untried: Sequence[str],
    ) -> dict[str, Any]:  # fmt: skip
        say = {member.id: member.say for member in MEMBERS}
        parameter = {member.id: member.parameter for member in MEMBERS}
        for pair in found["pairs"]:
            for why in pair["fails"]:
                why["say"] = say.get(why["under"], "as the scenario says")
                why["parameter"] = parameter.get(why["under"], "")
        crush = {
            name: {side: crush_summary(runs) for side, runs in sides.items()}
            for name, sides in conditions.items()
        }
        first = next(iter(crush[AS_GIVEN].values()))["rset_s"]
        for sides in crush.values():
            for row in sides.values():
                row["added_s"] = row["rset_s"] - first
        return {
            **found,
            "seeds": len(self.seeds),
            "rig": "people" if self.people else "memory",
            "members": {name: say.get(name, "as the scenario says") for name in conditions},
            "not_possible": dict(unfit),
            "not_tried": list(untried),
            "crush": crush,
            "places": {
                side: places([read_json(run / "metrics.json")["crush"] for run in runs])
                for side, runs in conditions[AS_GIVEN].items()
            },
            "folder": str(self.out),
        }

    def _unfit(self, member: Member) -> str:
        """Why a member cannot be tried on any of the scenarios; "" if on one at least."""
        reasons = [member.vary(opened(path)) for path in self.scenarios.values()]
        return reasons[0] if all(reasons) else ""

    def _runs(self, member: Member | None) -> dict[str, list[Path]]:
        """The runs of all scenarios under a member, made where they are not kept yet; what it
        cannot vary is as given.
        """
        label = member.id if member else GIVEN
        sides: dict[str, list[Trial]] = {}
        for name, scenario in self.scenarios.items():
            draft = opened(scenario)
            same = member is None or bool(member.vary(draft))
            folder = self.out / (GIVEN if same else label)
            path = write(draft, folder / f"{name}.yaml")
            sides[name] = [
                Trial(path, seed, folder / name / f"s{seed}", self.people) for seed in self.seeds
            ]
        trials = [trial for side in sides.values() for trial in side]
        run_trials(trials, self.jobs or os.cpu_count() or 1, label)
        return {name: [trial.folder for trial in side] for name, side in sides.items()}


def _scenario(given: Path) -> Path:
    """The scenario that a folder of runs was made of, or the one of this name or path."""
    if not given.is_dir():
        return find_scenario(str(given))
    for path in (given, *sorted(given.glob("*"))):
        if (path / "manifest.json").is_file() and (path / "scenario.yaml").is_file():
            return path / "scenario.yaml"
    raise BadFile((Problem(str(given), 0, "", "no run here: its scenario is not known", ""),))


def contest_text(document: Mapping[str, Any]) -> str:
    """The verdict, the pairs under every member, and why what is undecided is."""
    lines = [f"by {document['metric']}, {document['seeds']} seeds, rig {document['rig']}"]
    for side, crush in document["crush"][AS_GIVEN].items():
        lines.append(f"  {side}: {crush['sentence']}")
    for pair in document["pairs"]:
        lines.append(f"{pair['better']} before {pair['worse']}: {pair['verdict']}")
        for name, row in pair["under"].items():
            low, high = row["low"], row["high"]
            lines.append(f"  {name:18} {row['difference']:>9.2f}  [{low:.2f}, {high:.2f}]")
        if pair["verdict"] == UNDECIDED:
            lines += [f"  undecided {_why(why)}" for why in pair["fails"]]
    lines += [f"not possible: {name}: {why}" for name, why in document["not_possible"].items()]
    if document["not_tried"]:
        lines.append("not tried, the verdict stands without: " + ", ".join(document["not_tried"]))
    for side, rows in document["places"].items():
        lines += [f"{side}, by place:", *places_text(rows, document["seeds"])]
    return "\n".join([*lines, document["sentence"], f"runs: {document['folder']}"])


def _why(why: Mapping[str, Any]) -> str:
    about = f" of {why['parameter']}" if why["parameter"] else ""
    return f"under {why['under']}{about}: {why['why']} ({why['say']})"
