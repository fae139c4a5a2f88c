"""A ranking counts only where every pair is decided, alike under every condition."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from reports.ranking import rank
from scenarios.cli import main
from tests.reports.test_comparison import noise, runs


def sides(folder: Path, **means: float) -> dict[str, list[Path]]:
    """Ten seeds that all sides share, and a little of each side's own."""
    shared = noise(10, "shared")
    found = {}
    for name, mean in means.items():
        own = noise(10, name) / 10
        (folder / name).mkdir(parents=True)
        found[name] = runs(folder / name, name, {k: mean + shared[k] + own[k] for k in range(10)})
    return found


def test_clear_differences_are_a_robust_ranking_best_first(tmp_path):
    found = rank({"as given": sides(tmp_path, none=300, marshal=200, both=100)}, "rset_s")
    assert (found["verdict"], found["ranking"]) == ("robust", ["both", "marshal", "none"])
    pair = next(p for p in found["pairs"] if (p["better"], p["worse"]) == ("both", "none"))
    row = pair["under"]["as given"]
    assert row["low"] < row["difference"] < row["high"]
    assert row["difference"] == pytest.approx(200, abs=3)


def test_what_turns_round_under_another_condition_is_undecided_and_the_rest_still_said(tmp_path):
    given = sides(tmp_path / "a", none=300, wide=200, rail=100)
    dark = sides(tmp_path / "b", none=300, wide=100, rail=200)
    found = rank({"as given": given, "dark": dark}, "rset_s")
    assert (found["verdict"], found["ranking"]) == ("undecided", None)
    assert {(p["better"], p["worse"]): p["verdict"] for p in found["pairs"]} == {
        ("rail", "wide"): "undecided",
        ("rail", "none"): "robust",
        ("wide", "none"): "robust",
    }
    assert found["sentence"].startswith("undecided")
    assert "rail is better than none" in found["sentence"]


def test_equal_measures_are_undecided(tmp_path):
    found = rank({"as given": sides(tmp_path, a=200, b=200.1)}, "rset_s")
    assert found["verdict"] == "undecided"
    assert "no pair is decided" in found["sentence"]


def test_other_seeds_other_folders_and_unknown_metrics_are_refused(tmp_path):
    given = sides(tmp_path / "a", x=1, y=2)
    with pytest.raises(ValueError, match="same folders: x, y"):
        rank({"as given": given, "dark": sides(tmp_path / "b", x=1)}, "rset_s")
    with pytest.raises(ValueError, match="the same seeds"):
        rank({"as given": {**given, "y": given["y"][:5]}}, "rset_s")
    with pytest.raises(ValueError, match="no metric 'falls'; they have queue_s, rset_s, stranded"):
        rank({"as given": given}, "falls")


def test_the_command_ranks_folders_under_conditions(tmp_path, capsys, monkeypatch):
    sides(tmp_path, none=300, marshal=200)
    sides(tmp_path / "dark", none=400, marshal=250)
    words = [str(tmp_path / "none"), str(tmp_path / "marshal"), "--under", str(tmp_path / "dark")]
    monkeypatch.setattr(sys, "argv", ["twin", "compare", *words])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert "marshal before none: robust" in said
    assert "this holds under 2 conditions (as given, dark)" in said
