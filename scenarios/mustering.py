"""`twin muster RUN...`: the muster lists of runs, held against who was truly inside.

Of each list: how many of the people on it are inside (precision), and how many of the people inside
are on it (recall). What the controller knows are cards; whose they are is worked out from the key.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet

from controller.interface.cards import card_key, pseudonym
from controller.interface.files import BadFile, Problem, read
from reports import journals
from scenarios.benchmarks.measure import median


def muster(runs: Sequence[Path]) -> dict[str, Any]:
    """The lists of every run, and medians over the runs by time since the list began."""
    if not runs:
        raise ValueError("name at least one run's folder")
    lists = [_lists(run) for run in runs]
    found = [{"run": str(run), "lists": one} for run, one in zip(runs, lists, strict=True)]
    return {"runs": found, "median": _medians(lists)}


def muster_text(document: Mapping[str, Any]) -> str:
    """The medians as a table, one line a list."""
    lines = ["    since   missing   inside   precision   recall"]
    for row in document["median"]:
        precision, recall = (_share(row[name]) for name in ("precision", "recall"))
        at_s, missing, inside = round(row["since_ms"] / 1000), row["missing"], row["inside"]
        lines.append(f"  {at_s:5} s   {missing:7g}   {inside:6g}   {precision:>9}   {recall:>6}")
    return "\n".join([*lines, f"medians of {len(document['runs'])} runs"])


def _lists(run: Path) -> list[dict[str, Any]]:
    """Each list of one run: time since the first, sizes, precision and recall (None: of nobody)."""
    path = run / "journeys.parquet"
    if not path.exists():
        raise BadFile([Problem(str(run), 0, "", "no run: it has no journeys.parquet")])
    lists = [r for r in journals.read(run, "controller") if r["k"] == "muster"]
    if not lists:
        raise BadFile([Problem(str(run), 0, "", "nobody was mustered in this run")])
    key = card_key(run / "site", str(read(run / "site" / "points.yaml")["site"]))
    people = set(parquet.read_table(path, columns=["person"]).column("person").to_pylist())
    cards = {pseudonym(key, person): person for person in people}
    outs = {r["e"]: r["t"] for r in journals.read(run, "twin") if _left(r)}
    return [_judged(one, lists[0]["t"], cards, outs) for one in lists]


def _left(record: Mapping[str, Any]) -> bool:
    return bool(record["k"] == "person" and record.get("what") == "out")


def _judged(
    one: Mapping[str, Any], began_ms: int, cards: Mapping[str, str], outs: Mapping[str, int]
) -> dict[str, Any]:
    listed = {cards.get(card, card) for card, _, _ in one["cards"]}
    inside = {person for person in cards.values() if outs.get(person, one["t"] + 1) > one["t"]}
    both = len(listed & inside)
    return {
        "what": one["what"], "t_ms": one["t"], "since_ms": one["t"] - began_ms,
        "missing": len(listed), "inside": len(inside), "low": one["low"], "high": one["high"],
        "within": one["low"] <= len(inside) <= one["high"],
        "precision": both / len(listed) if listed else None,
        "recall": both / len(inside) if inside else None,
    }  # fmt: skip


def _medians(runs: Iterable[Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """One row for each time at which more than half of the runs have a list."""
    every = list(runs)
    times = sorted({one["since_ms"] for lists in every for one in lists if one["what"] != "asked"})
    rows = []
    for since_ms in times:
        then = [one for lists in every for one in lists if one["since_ms"] == since_ms]
        if 2 * len(then) > len(every):
            row: dict[str, Any] = {"since_ms": since_ms, "runs": len(then)}
            for name in ("missing", "inside", "precision", "recall"):
                values = [one[name] for one in then if one[name] is not None]
                row[name] = median(values) if values else None
            rows.append(row)
    return rows


def _share(value: float | None) -> str:
    return "nobody" if value is None else f"{value:.3f}"
