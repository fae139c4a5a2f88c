"""Every class of conflict of the catalogue, played and judged on ground truth."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.replay import replay
from controller.site import load
from scenarios.catalog import CATALOGUE, find_site
from scenarios.run import Order, run

CONFLICTS = sorted(CATALOGUE.glob("conflict-*.yaml"))


def test_every_class_of_conflict_has_its_scenario() -> None:
    assert {path.stem.removeprefix("conflict-") for path in CONFLICTS} == {
        "lockdown-call-point", "lockdown-confirmed", "lockdown-fire", "fire-lockdown", "two-fires",
        "bollard", "test-real", "drill-real", "relock", "key", "sign-locked", "operators",
    }  # fmt: skip


@pytest.mark.parametrize("path", CONFLICTS, ids=lambda path: path.stem)
def test_a_conflict_ends_as_it_must_and_its_journal_proves_it(path: Path, tmp_path: Path) -> None:
    document = run(Order(path, rig="memory", out=tmp_path, report=False)).document
    assert [one for one in document["expectations"] if one["verdict"] != "pass"] == []
    assert document["exit_code"] == 0
    site = load(find_site("device-hall"))
    found = replay(tmp_path / "controller.jsonl", site.points, site.matrix, site.plan)
    assert (found.journal_says, found.program_says) == ("", "")
