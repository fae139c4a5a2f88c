"""`twin warn`: many dismissals of a site, and how often its crowd warnings are right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from controller.interface.files import matrix_path
from controller.matrix import read
from controller.matrixvalues import Matrix
from controller.site import load
from reports.warning import write_curves
from scenarios.stagger.progress import Bar
from scenarios.warning.dismissal import KINDS, Dismissal, Recorded, stairs
from scenarios.warning.judging import DEFINITIONS, TARGETS, Stair, judge, shares
from scenarios.warning.shelf import Shelf
from scenarios.warning.steered import steered
from scenarios.warning.tuning import variants
from twin.site import Site

LEADS_S = (0, 1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60)
Todo = tuple[str, int]
"""Kind and seed."""


def warn(
    folder: Path, seeds: Mapping[str, Sequence[int]], jobs: int, out: Path | None, curves: bool
) -> dict[str, Any]:
    """Measure; ValueError if the site watches no flight. `seeds` by kind of dismissal.

    Below `out` it keeps every recording, takes those that are there, and draws warning.svg;
    `curves`: at other thresholds too.
    """
    if not _watches(folder)[1]:
        raise ValueError(f"{folder}: its matrix watches no flight: give it a `crowd` part")
    todo = [(kind, seed) for kind, numbers in seeds.items() for seed in numbers]
    with TemporaryDirectory() as gone, ProcessPoolExecutor(max(jobs, 1)) as pool:
        kept = (Path(gone) if out is None else out) / "dismissals"
        work = partial(_taken, Shelf(kept, folder), folder, curves)
        with Bar(len(todo)) as bar:
            looked, recorded = [], []
            for (kind, seed), (one, found) in zip(todo, pool.map(work, todo), strict=True):
                bar.turn(f"{kind} {seed}")
                recorded.append(one)
                looked.append(found)
    document = _document(folder, seeds, looked)
    document["steered"] = steered(recorded, list(stairs(_watches(folder)[1])), _between(folder))
    if out is not None:
        write_curves(document, out / "warning.svg")
        document["files"] = [str(out / "warning.svg")]
    return document


@cache
def _watches(folder: Path) -> tuple[Matrix, dict[str, str]]:
    """A site's matrix, and the space of each of its watches."""
    spaces = {watch.id: watch.space for watch in read(matrix_path(folder)).crowd.watches}
    return load(folder).matrix, spaces


@cache
def _site(folder: Path) -> Site:
    return Site.load(folder)


def _between(folder: Path) -> dict[str, tuple[str, str]]:
    return {p.id: (p.between[0], p.between[1]) for p in _site(folder).floor_file.portals}


def _taken(
    shelf: Shelf, folder: Path, curves: bool, todo: Todo
) -> tuple[Recorded, list[list[Stair]]]:
    """A dismissal, played or taken from the shelf, without its pictures; and its stairs as every
    variant of the thresholds judges them (steered ones are not judged).
    """
    matrix, spaces = _watches(folder)
    if not shelf.path(*todo).exists():
        shelf.put(Dismissal(_site(folder), matrix, spaces, *todo).run())
    one = shelf.get(*todo)
    wanted = [] if todo[0].endswith("-steered") else variants()[: None if curves else 1]
    found = [list(judge(one, variant.of(matrix.crowd), spaces)) for variant in wanted]
    one.pictures = []
    return one, found


def _document(
    folder: Path, seeds: Mapping[str, Sequence[int]], looked: Iterable[list[list[Stair]]]
) -> dict[str, Any]:
    """What was found at the site's thresholds, and the curves."""
    by_variant = [
        [stair for dismissal in same for stair in dismissal]
        for same in zip(*(one for one in looked if one), strict=True)
    ]
    usual = by_variant[0]
    found = {name: share.document() for name, share in shares(usual).items()}
    return {
        "site": folder.name,
        "seeds": {kind: len(seeds.get(kind, ())) for kind in KINDS},
        "stairs": len(usual),
        **found,
        "targets": TARGETS,
        "definitions": DEFINITIONS,
        "met": {name: _met(name, found[name]) for name in TARGETS},
        "curve": [
            {"curve": variant.curve, "value": variant.value}
            | {name: share.document() for name, share in shares(every).items()}
            for variant, every in zip(variants(), by_variant, strict=False)
        ],
        "kinds": {
            kind: {name: share.document() for name, share in shares(every).items()}
            for kind in KINDS
            if (every := [s for s in usual if s.kind == kind])
        },
        "lead": _lead(usual),
        "seen_ms": sorted(d for s in usual for d in s.seen if d is not None),
        "suspected_s": _suspected_s(usual),
        "runs": [asdict(s) | {"lead_ms": s.lead_ms} for s in usual],
    }


def _suspected_s(usual: Sequence[Stair]) -> float | None:
    """How long a fall was suspected on a calm stair on which nobody fell, s in the mean."""
    calm = [s.suspected_ms for s in usual if s.kind == "calm" and not s.fallen]
    return sum(calm) / len(calm) / 1000 if calm else None


def _lead(usual: Sequence[Stair]) -> list[dict[str, Any]]:
    """By lead time: cascades and piles warned of so long before, and how many had their first fall
    so long before, which bounds any warning by falls.
    """
    rows = []
    for lead in LEADS_S:
        row: dict[str, Any] = {"s": lead}
        for name in ("cascade", "pile"):
            events = [(s, getattr(s, name)) for s in usual if getattr(s, name) is not None]
            leads = [s.lead(at) for s, at in events]
            grew = [at - s.first for s, at in events if s.first is not None]
            row[name] = {
                "warned": sum(one is not None and one >= 1000 * lead for one in leads),
                "possible": sum(one >= 1000 * lead for one in grew),
                "of": len(events),
            }
        rows.append(row)
    return rows


def _met(name: str, found: Mapping[str, Any]) -> str:
    """Whether a target is met: the share on its side, and `proven` if its interval is too."""
    if found["share"] is None:
        return "nothing to judge"
    aim = TARGETS[name]
    rising = not name.startswith("false")
    good = found["share"] >= aim if rising else found["share"] <= aim
    proven = found["low"] >= aim if rising else found["high"] <= aim
    return "proven" if proven else "met" if good else "not met"
