"""`twin warn`: many dismissals of a site, and how often its crowd warnings are right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from controller.matrix import read
from controller.site import load
from reports.warning import write_curves
from scenarios.warning.dismissal import KINDS, Recorded, record
from scenarios.warning.judging import LEAD_MS, TARGETS, Stair, judge, shares, tuned
from twin.site import Site

FACTORS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2)
"""Thresholds of density, over those of the site."""
LEADS_S = (0, 2, 4, 5, 6, 8, 10, 15, 20, 30)


def warn(folder: Path, seeds: Sequence[int], jobs: int, out: Path | None) -> dict[str, Any]:
    """Measure; ValueError if the site watches no flight. Writes warning.svg below `out`."""
    matrix = load(folder).matrix
    spaces = _spaces(folder)
    if not spaces:
        raise ValueError(f"{folder}: its matrix watches no flight: give it a `crowd` part")
    with ProcessPoolExecutor(max(jobs, 1)) as pool:
        taken = [r for one in pool.map(partial(_record, folder), seeds) for r in one]
    looked = [r for r in taken if r.kind != "steered"]
    curve = {
        factor: [s for r in looked for s in judge(r, tuned(matrix.crowd, factor), spaces)]
        for factor in FACTORS
    }
    document = _document(folder, seeds, curve)
    document["steered"] = _steered(taken, folder, spaces)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        write_curves(document, out / "warning.svg")
        document["files"] = [str(out / "warning.svg")]
    return document


def _spaces(folder: Path) -> dict[str, str]:
    """The space of each watch of a site."""
    from controller.interface.files import matrix_path

    return {watch.id: watch.space for watch in read(matrix_path(folder)).crowd.watches}


def _record(folder: Path, seed: int) -> list[Recorded]:
    return record(Site.load(folder), load(folder).matrix, _spaces(folder), KINDS, seed)


def _document(
    folder: Path, seeds: Sequence[int], curve: Mapping[float, Sequence[Stair]]
) -> dict[str, Any]:
    """What was found at the site's thresholds, and the curves."""
    usual = curve[1.0]
    found = {name: share.document() for name, share in shares(usual).items()}
    cascades = [s for s in usual if s.cascade is not None]
    leads = [s.lead_ms for s in cascades]
    grew = [s.cascade - s.first for s in cascades if s.cascade is not None and s.first is not None]
    return {
        "site": folder.name,
        "seeds": len(seeds),
        "stairs": len(usual),
        **found,
        "targets": TARGETS,
        "met": {name: _met(name, found[name]) for name in TARGETS},
        "curve": [
            {"factor": f, **{n: s.document() for n, s in shares(every).items()}}
            for f, every in curve.items()
        ],
        "lead": [
            {
                "s": lead,
                "warned": sum(one is not None and one >= 1000 * lead for one in leads),
                "possible": sum(one >= 1000 * lead for one in grew),
                "of": len(cascades),
            }
            for lead in LEADS_S
        ],
        "seen_ms": sorted(d for s in usual for d in s.seen if d is not None),
        "runs": [asdict(s) | {"lead_ms": s.lead_ms} for s in usual],
    }


def _met(name: str, found: Mapping[str, Any]) -> str:
    """Whether a target is met: the share on its side, and `proven` if its interval is too."""
    if found["share"] is None:
        return "nothing to judge"
    aim = TARGETS[name]
    rising = not name.startswith("false")
    good = found["share"] >= aim if rising else found["share"] <= aim
    proven = found["low"] >= aim if rising else found["high"] <= aim
    return "proven" if proven else "met" if good else "not met"


def _steered(taken: Sequence[Recorded], folder: Path, spaces: Mapping[str, str]) -> dict[str, Any]:
    """From the first fall on a stair to the first door that asks to wait; falls with and without
    the controller on the same seeds.
    """
    portals = {p.id: p.between for p in Site.load(folder).floor_file.portals}
    names = sorted({space.rpartition(".")[0] for space in spaces.values()})
    took = []
    for one in (r for r in taken if r.kind == "steered"):
        for stair in names:
            first = min((f.t_ms for f in one.falls if f.space.startswith(stair)), default=None)
            doors = [
                t for t, p in one.held
                if first is not None and t >= first and any(s.startswith(stair) for s in portals[p])
            ]  # fmt: skip
            if first is not None:
                took.append(min(doors) - first if doors else None)
    falls = {
        kind: sum(len(r.falls) for r in taken if r.kind == kind) for kind in ("trip", "steered")
    }
    held = sorted(t for t in took if t is not None)
    return {"falls": falls, "first_falls": len(took), "fall_to_held_door_ms": held}


def warn_text(document: Mapping[str, Any]) -> str:
    """The document as lines to read."""
    lines = [f"{document['site']}: {document['stairs']} stairs in dismissals"]
    says = {
        "recall": f"cascades warned of {LEAD_MS // 1000} s before R_f is above 1",
        "seen": "falls on a flight seen within 5 s",
        "false_amber2": "stairs with a false amber 2",
        "false_red": "stairs with a false red",
    }
    for name, text in says.items():
        one = document[name]
        lines.append(
            f"{text}: {one['hits']} of {one['of']}, 95 % interval {one['low']:.3f} to "
            f"{one['high']:.3f}: {document['met'][name]} (target {TARGETS[name]:g})"
        )
    steered = document["steered"]
    times = steered["fall_to_held_door_ms"]
    if times:
        lines.append(
            f"from the fall to the held door: {times[len(times) // 2] / 1000:g} s in the middle, "
            f"{times[-1] / 1000:g} s at most, {len(times)} of {steered['first_falls']}"
        )
    falls = steered["falls"]
    lines.append(f"falls with the controller {falls['steered']}, without {falls['trip']}")
    return "\n".join(lines)
