"""`twin verify`: the public verification tests, and the page that is generated from them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from controller.interface.files import nearest
from evacuation.verification import GROUPS, Result, graphfalls, measured, run, stampede
from evacuation.verification.case import Case
from scenarios.benchmarks.measure import tell

_MISSING = "CAMPUS_TWIN_DATA is not set: V1 to V6 need the measured trajectories"
_LONG = "it takes tens of minutes: --group stampede"
_MARKS = {"pass": "pass", "fail": "**fail**", "not_met": "*not met*"}


def verify(group: str) -> dict[str, Any]:
    """Run one group of tests; all but the crush zone's if empty, which take tens of minutes.

    Published tables are always compared, trajectories where the environment says where the data
    is; `left_out` tells by group what was not run, and why. ValueError names the nearest group or
    missing data.
    """
    known = (*GROUPS, stampede.GROUP, measured.GROUP)
    if group and group not in known:
        hint = nearest(group, known) or known[0]
        raise ValueError(f"--group {group!r}: no such group of tests; did you mean `{hint}`?")
    results = run(group) if group in ("", *GROUPS) else []
    if group == stampede.GROUP:
        results += side_by_side([case.id for case in _crushes()])
    left_out = {} if group else {stampede.GROUP: _LONG}
    if group in ("", measured.GROUP):
        data = _data()
        results += [case.run() for case in measured.cases(data)]
        left_out |= {} if data else {measured.GROUP: _MISSING}
    return {"tests": [_row(result) for result in results], **_tally(results), "left_out": left_out}


def side_by_side(ids: Sequence[str]) -> list[Result]:
    """Run cases of the crush group in a process per core; each is told as it ends."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        runs = [pool.submit(_crush, one) for one in ids]
        for done, one in enumerate(as_completed(runs), 1):
            tell(f"{done} of {len(ids)}: {one.result().id} {one.result().verdict}")
    return [one.result() for one in runs]


def _crushes() -> tuple[Case, ...]:
    return (*stampede.cases(), *graphfalls.cases())


def _crush(name: str) -> Result:
    return next(case for case in _crushes() if case.id == name).run()


def verify_text(document: Mapping[str, Any]) -> str:
    """The result as lines to read: per test its verdict, what was expected and what measured."""
    lines = []
    for test in document["tests"]:
        mark = f"{test['verdict']}{' (by construction)' if test['by_construction'] else ''}"
        lines += [
            f"{test['id']:6} {mark}: {test['title']} [{', '.join(test['refs'])}]",
            f"       expected: {test['expected']}",
            f"       measured: {test['measured']}",
        ]
    lines += [f"left out: {group}: {why}" for group, why in document["left_out"].items()]
    counts = (document["passed"], document["failed"], document["not_met"])
    lines.append("{} passed, {} failed, {} not met".format(*counts))
    return "\n".join(lines)


def document() -> str:
    """The page `docs/verification.md`; ValueError without the outside data, which it needs."""
    data = _data()
    if data is None:
        raise ValueError(_MISSING)
    return page(run(), [case.run() for case in measured.cases(data)])


def page(results: Sequence[Result], beside: Sequence[Result]) -> str:
    """The page of some results, and of the model beside measured flows."""
    count = _tally(results)
    given = sum(one.by_construction for one in results)
    parts = [
        _OPENING.format(tests=len(results), given=given, **count),
        *(_table(name, [r for r in results if r.group == name]) for name in GROUPS),
        _reasons("By construction", _GIVEN, [r for r in results if r.by_construction]),
        _findings("Fails", _FAILS, [r for r in results if r.verdict == "fail"]),
        _reasons("Not met", _NOT_MET, [r for r in results if r.verdict == "not_met"]),
        _table("Beside measured data", beside),
        _BESIDE,
        _off([r for r in beside if r.verdict == "fail"]),
        _CLOSING,
    ]
    return "\n".join(parts)


def _data() -> Path | None:
    """The data folder, if one is named; ValueError if a trajectory file is not in it."""
    named = os.environ.get("CAMPUS_TWIN_DATA")
    if not named:
        return None
    folder = Path(named)
    missing = measured.missing(folder)
    if missing:
        raise ValueError(f"CAMPUS_TWIN_DATA={folder}: the folder holds no {', '.join(missing)}")
    return folder


def _row(result: Result) -> dict[str, Any]:
    return {
        "id": result.id,
        "group": result.group,
        "title": result.title,
        "refs": list(result.refs),
        "expected": result.expected,
        "measured": result.measured,
        "unit": result.unit,
        "verdict": result.verdict,
        "by_construction": result.by_construction,
        "note": result.note,
        "values": dict(result.values),
    }


def _tally(results: Sequence[Result]) -> dict[str, int]:
    verdicts = [result.verdict for result in results]
    return {
        "passed": verdicts.count("pass"),
        "failed": verdicts.count("fail"),
        "not_met": verdicts.count("not_met"),
    }


def _table(name: str, results: Sequence[Result]) -> str:
    lines = [
        f"## {name[0].upper()}{name[1:]}",
        "",
        "| | Test | Expected | Measured | Verdict |",
        "|---|---|---|---|---|",
    ]
    for one in results:
        mark = _MARKS[one.verdict] + (", by construction" if one.by_construction else "")
        about = f"{one.title} ({', '.join(one.refs)})"
        unit = f" [{one.unit}]" if one.unit else ""
        lines.append(f"| {one.id} | {about} | {one.expected} | {one.measured}{unit} | {mark} |")
    return "\n".join([*lines, ""])


def _reasons(title: str, text: str, results: Sequence[Result]) -> str:
    lines = [f"- {one.id} {one.title}: {one.note}" for one in results]
    return "\n".join([f"## {title}", "", text, "", *lines, ""])


def _off(results: Sequence[Result]) -> str:
    """The failures beside measured data, each by what it says is off."""
    lines = [f"- {r.id} {r.title}: {r.measured.rpartition('off: ')[2]}." for r in results]
    return "\n".join(["## Off, beside measured data", "", _OFF, "", *(lines or ["Nothing."]), ""])


def _findings(title: str, text: str, results: Sequence[Result]) -> str:
    lines = [f"- {one.id} {one.title}: {one.measured}. {one.note}".rstrip() for one in results]
    return "\n".join([f"## {title}", "", text, "", *(lines or ["None."]), ""])


_OPENING = """# Verification

Generated by `python -m scenarios.verifying > docs/verification.md`; a test compares the two.

The tests of RiMEA 4.1.1 (1-16, and the older forms of 4, 12 and 13), NIST TN 1822, IMO
MSC.1/Circ.1533 and ISO 20414:2020, each once, duplicates named beside it. Geometry is built in
code; where the official window is loose, a tighter one holds. Laws: `bounding` (SFPE design
values) unless a test says otherwise. Seeds are fixed, so the same version gives the same page.
The standards' texts were not at hand: set-ups follow public re-implementations that cite them.

{tests} tests: {passed} pass ({given} of them by construction), {failed} fail, {not_met} not met.
`twin verify` prints them; it ends with 0 only when nothing failed.
"""
_GIVEN = """A model of spaces and portals returns the laws that it was given. These passes show that
nothing was spoilt on the way, and no more. Credit comes from the others, where the queue, the
transfer between spaces or the choice of a way could be wrong."""
_FAILS = """What the standard asks for and this model does not do, or does not do well enough."""
_NOT_MET = """These need persons with places and bodies. The crush zone has them: see its own tests
(`twin verify --group stampede`, docs/stampede.md)."""
_BESIDE = """P: published tables. V: trajectories, read at every run; nothing is fitted to them.
The figures of `laboratory` are published ones of other experiments (headways: Seyfried 2005; lanes:
Hoogendoorn and Daamen 2005; openings: the lower end of Mueller 1981), but V1 to V6 were known
when they were chosen: this is a comparison, no blind prediction. All openings of V1 to V4 are
without a leaf; their people have Weidmann's mean speed (V3, V4: his distribution).
`bounding` is meant to be slower than people are: its ratio says by how much. ERD, EPC and SC
compare the curve of passages, counted from the first one (0, 1 and 1: equal).
No whole building is compared: of Cuesta and Gwynne 2016, Hamilton 2017 and the 47 drills of PLOS
ONE 0232203 neither plans nor curves were at hand; 81 to 186 s for a kindergarten class (Najmanova
and Ronchi 2017) is a total without a plan.
"""
_OFF = "Where the model, as it is, does not reproduce what was measured."
_CLOSING = """## What must not be concluded

- Verified is not validated. The tests show that the model does what it declares, not that people
  do. Say "verified against" a test, and "validated against" a data set with its measure.
- No standard certifies a model. A pass of RiMEA, NIST, IMO or ISO tests is not an approval.
- A pass by construction is no evidence about crowds; a pass with the design values of `bounding`
  is none about the flow that will be seen (laboratories count about twice as much).
- Nothing here tests pre-movement times or speeds of a particular building's people: they are
  inputs, and results are as good as they are.
- Figures are of one seed or a few. A design needs many runs, and the 95th percentile of them.
"""

if __name__ == "__main__":
    print(document(), end="")
