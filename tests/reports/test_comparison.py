"""Comparing runs: paired by seed, with intervals that hold the true difference."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from controller.interface.streams import stream
from reports.comparison import compare
from reports.ledger import ENTRIES
from reports.measures import measures


def runs(folder: Path, side: str, values: dict[int, float], stranded: float = 0) -> list[Path]:
    found = []
    for seed, rset in values.items():
        run = folder / f"{side}-{seed}"
        run.mkdir()
        numbers = {"rset_s": rset, "stranded": stranded, "queue_s": rset / 3}
        (run / "metrics.json").write_text(json.dumps({"measures": numbers}), encoding="utf-8")
        (run / "manifest.json").write_text(json.dumps({"seed": seed}), encoding="utf-8")
        found.append(run)
    return found


def noise(count: int, name: str) -> np.ndarray:
    return stream(1, name).normal(0, 20, count)


def test_pairs_take_out_what_both_sides_share(tmp_path: Path) -> None:
    shared, own = noise(20, "shared"), noise(20, "own") / 20
    a = runs(tmp_path, "a", {i: 200 + shared[i] for i in range(20)})
    b = runs(tmp_path, "b", {i: 210 + shared[i] + own[i] for i in reversed(range(20))})
    found = compare(a, b)
    row = found["rows"][0]
    assert found["paired_by_seed"]
    assert row["low"] < 10 < row["high"]
    assert row["high"] - row["low"] < 2
    assert row["better"] == "a"
    assert "10." in found["sentence"] or "9." in found["sentence"]


def test_other_seeds_are_not_paired(tmp_path: Path) -> None:
    a = runs(tmp_path, "a", {i: 200 + x for i, x in enumerate(noise(20, "a"))})
    b = runs(tmp_path, "b", {100 + i: 210 + x for i, x in enumerate(noise(20, "b"))})
    found = compare(a, b)
    assert not found["paired_by_seed"]
    row = found["rows"][0]
    assert row["high"] - row["low"] > 10


def test_the_same_runs_do_not_differ(tmp_path: Path) -> None:
    a = runs(tmp_path, "a", {i: 200.0 + i for i in range(5)})
    found = compare(a, a)
    assert {row["better"] for row in found["rows"]} == {"neither"}
    assert "do not differ clearly" in found["sentence"]


def test_one_run_a_side_gives_no_interval(tmp_path: Path) -> None:
    found = compare(runs(tmp_path, "a", {1: 200.0}), runs(tmp_path, "b", {1: 230.0}))
    row = found["rows"][0]
    assert (row["difference"], row["low"], row["better"]) == (30.0, None, "unclear")
    assert "no interval can be given" in found["sentence"]


def test_people_left_inside_are_spoken_of_first(tmp_path: Path) -> None:
    a = runs(tmp_path, "a", {1: 200.0, 2: 201.0})
    b = runs(tmp_path, "b", {1: 150.0, 2: 151.0}, stranded=4)
    assert "people who do not get out" in compare(a, b)["sentence"]


def test_an_empty_side_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one run"):
        compare([], runs(tmp_path, "b", {1: 1.0}))


def test_a_folder_is_measured_from_its_records(folder: Path) -> None:
    found = measures(folder)
    assert found["stranded"] == 1
    assert found["mean_exit_s"] == pytest.approx(sum(found[f"{entry}_s"] for entry in ENTRIES))
    assert found["rset_s"] == json.loads((folder / "metrics.json").read_text())["rset_ms"] / 1000
    assert found["peak_density_per_m2"] > 0
