"""`twin egress --second-opinion`: each storey through JuPedSim's models, beside our own laws."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from controller.interface.files import nearest
from evacuation import Laws
from evacuation.opinion.cut import Cut, cuts
from evacuation.opinion.models import DEFAULT, KNOWN, NoOpinion, peer_version
from evacuation.opinion.ours import walked
from evacuation.opinion.walk import Opinion, ask
from scenarios.egress.place import Place
from scenarios.egress.run import members
from scenarios.egress.statistics import spread

EVERY = "all"
USUAL = "default"


def chosen(text: str) -> tuple[str, ...]:
    """The models that `--second-opinion` names; ValueError for an unknown one or no JuPedSim."""
    if not text:
        return ()
    try:
        peer_version()
    except NoOpinion as none:
        raise ValueError(str(none)) from None
    named = {EVERY: tuple(KNOWN), USUAL: DEFAULT}.get(text, tuple(dict.fromkeys(text.split(","))))
    for name in named:
        if name not in KNOWN:
            hint = nearest(name, KNOWN)
            rest = f"did you mean {hint!r}?" if hint else f"known: {', '.join((*KNOWN, EVERY))}"
            raise ValueError(f"--second-opinion {name!r}: no such model; {rest}")
    return named


def second_opinion(
    place: Place, models: Sequence[str], laws: Sequence[Laws], seed: int
) -> list[dict[str, Any]]:
    """A row per storey and model, our own laws first on each storey; one seed."""
    rows = []
    for cut in cuts(place.floor, members(place, seed)[0], place.closed):
        own = [walked(cut.floor, cut.people, law, seed) for law in laws]
        rows += [_row(cut, "campus-twin", one, "") for one in own]
        asked = ask(cut.floor, cut.people, models, seed)
        rows += [_row(cut, "JuPedSim", one, KNOWN[one.model].title) for one in asked]
    return rows


def _row(cut: Cut, engine: str, one: Opinion, title: str) -> dict[str, Any]:
    notes = [one.note] if one.note else []
    if cut.left_out:
        notes.append(f"{cut.left_out} people on the storey stand in no outline and are left out")
    return {
        "storey": cut.name,
        "engine": engine,
        "model": one.model,
        "title": title,
        "version": one.version,
        "dt_s": one.dt_s,
        "people": len(cut.people),
        "exit_time_s": spread(np.array(sorted(one.exit_s.values()))),
        "not_out": one.not_out,
        "note": "; ".join(notes),
        "scope": cut.note,
    }


def opinion_text(rows: Sequence[dict[str, Any]]) -> list[str]:
    """The rows as lines: storey by storey, with the bracket of all that got everybody out."""
    lines = []
    for _, group in groupby(rows, key=lambda row: row["storey"]):
        held = list(group)
        lines += ["", f"second opinion, {held[0]['people']} people: {held[0]['scope']}"]
        lines.append(f"  {'model':24}{'mean':>8}{'P95':>8}{'last out':>10}{'not out':>9}")
        lines += [line for row in held for line in _lines(row)]
        lines.append(f"  {_bracket(held)}")
    return lines


def _lines(row: dict[str, Any]) -> Iterable[str]:
    times = row["exit_time_s"]
    cells = [_cell(times[key], width) for key, width in (("mean", 8), ("p95", 8), ("max", 10))]
    name = f"{row['engine']} {row['model']}"
    yield f"  {name:24}{''.join(cells)}{row['not_out']:>9}"
    if row["note"]:
        yield f"    {row['note']}"


def _cell(value: float | None, width: int) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:>{width}.1f}"


def _bracket(rows: Sequence[dict[str, Any]]) -> str:
    times = [row["exit_time_s"]["max"] for row in rows if not row["not_out"]]
    if not times:
        return "no model gets everybody out, so there is no bracket"
    return f"everybody is out between {min(times):.1f} and {max(times):.1f} s ({len(times)} models)"
