"""The scenarios of the plan end as they must; each journal repeats; the picture is the plan's."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.replay import replay
from controller.site import load
from scenarios.catalog import CATALOGUE, find_site
from scenarios.plan_picture import picture
from scenarios.run import Order, run
from scenarios.schema import load_scenario

SCENARIOS = [
    path for path in sorted(CATALOGUE.glob("plan-*.yaml")) if path.stem != "plan-one-key-ten"
]
"""The ten alarms are played on both rigs in `test_telling`."""


def test_every_scenario_of_the_plan_is_found_by_its_tag_and_names_a_clause() -> None:
    for path in SCENARIOS:
        scenario = load_scenario(path)
        assert "plan" in scenario.tags
        assert any(one.clause for one in scenario.expect), path.stem
    assert {load_scenario(path).site for path in SCENARIOS} == {
        "primary-school", "kit-institute", "device-hall",
    }  # fmt: skip


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_a_plan_ends_as_it_must_and_its_journal_proves_it(path: Path, tmp_path: Path) -> None:
    document = run(Order(path, rig="memory", out=tmp_path, report=False)).document
    assert [one for one in document["expectations"] if one["verdict"] != "pass"] == []
    assert document["exit_code"] == 0
    site = load(find_site(document["site"]))
    found = replay(tmp_path / "controller.jsonl", site.points, site.matrix, site.plan)
    assert (found.journal_says, found.program_says) == ("", "")


def test_the_picture_of_the_documentation_is_that_of_the_site() -> None:
    plan = load(find_site("primary-school")).plan
    assert plan is not None
    drawn = Path(__file__).parents[2] / "docs" / "plan.svg"
    assert drawn.read_text("utf-8") == picture(plan), (
        "run `python -m scenarios.plan_picture primary-school > docs/plan.svg`"
    )
