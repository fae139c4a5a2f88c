"""Smoke that others computed is the truth in its spaces, for detectors, people and the journal."""

from pathlib import Path

import numpy as np
import pytest

from evacuation.smoke.table import COLUMNS, FRESH, Course, SmokeTable
from tests.twin.buildings import row
from tests.twin.campus import Drill, Journal, small_campus
from twin.fire import GROWTH_KW_S2, Fire
from twin.hazards import Hazards
from twin.plan import Plan


def table(space: str, until_s: float = 100.0, **most: float) -> SmokeTable:
    """One space that goes from clean to `most` in `until_s`."""
    top = np.array([most.get(name, usual) for name, usual in zip(COLUMNS, FRESH, strict=True)])
    values = np.array([FRESH, top])
    return SmokeTable("smoke.csv", {space: Course(np.array([0.0, until_s]), values)})


def test_a_table_rules_its_own_space_and_our_gas_the_others() -> None:
    plan, journal = Plan.of(row(3)), Journal()
    hazards = Hazards(plan, journal)
    hazards.follow(0, table("r2", extinction_per_m=2.0, temperature_c=70.0, co_ppm=900.0))
    hazards.ignite(Fire("r1", GROWTH_KW_S2["fast"], 500.0, 0))
    for second in range(1, 51):
        hazards.step(1000 * second)
    place = plan.place
    assert hazards.extinction[place["r2"]] == pytest.approx(1.0)
    assert hazards.celsius[place["r2"]] == pytest.approx(45.0)
    assert hazards.air["r2"].co_ppm == pytest.approx(450.0)
    assert hazards.sensed_per_m(place["r2"], 50_000) == pytest.approx(1.0)
    assert hazards.extinction[place["r1"]] > 0.1
    assert "r1" in hazards.air
    assert journal.of("hazard", e="r2", what="table")[0]["value"] == "smoke.csv"
    assert journal.of("hazard", e="r2", what="smoke")[0]["t"] == 5_000


def test_a_table_goes_on_when_nothing_burns() -> None:
    hazards = Hazards(Plan.of(row(2)), Journal())
    hazards.follow(7_000, table("r1", extinction_per_m=1.0))
    assert hazards.active
    hazards.step(57_000)
    assert hazards.extinction[0] == pytest.approx(0.5)


def test_people_in_the_smoke_of_a_table_fall_and_the_journal_says_by_what(tmp_path: Path) -> None:
    drill = Drill(small_campus(tmp_path))
    drill.twin.stage.smoke_from(0, table("near", 10.0, co_ppm=30_000.0, co2_percent=5.0))
    for portal in ("x1", "x2"):
        drill.twin.stage.portal(0, portal, "locked")
    drill.run(120_000)
    fallen = drill.journal.of("person", what="incapacitated")
    assert fallen
    assert {(r["space"], r["harm"]) for r in fallen} == {("near", "carbon monoxide")}
    assert all(r["dose"] == pytest.approx(1.0, abs=0.001) for r in fallen)
    drill.twin.finish(drill.now)
    stranded = {r["e"]: r for r in drill.journal.of("person", what="stranded")}
    for record in fallen:
        assert stranded[record["e"]]["reason"] == "incapacitated by carbon monoxide, dose 1.00"
        assert stranded[record["e"]]["dose"] == pytest.approx(1.0, abs=0.001)


def test_who_got_out_through_smoke_carries_his_dose_and_others_carry_none(tmp_path: Path) -> None:
    drill = Drill(small_campus(tmp_path))
    drill.alarm()
    drill.twin.stage.smoke_from(0, table("near", 1.0, co_ppm=3_000.0))
    drill.run_out(600_000)
    near = [r for r in drill.out() if r["e"].startswith("c-near") and r["t"] > 13_000]
    far = [r for r in drill.out() if r["e"].startswith("c-far")]
    assert len(near) > 15  # the first to leave takes too little to be told
    assert all(0.01 <= r["dose"] < 1 and r["harm"] == "carbon monoxide" for r in near)
    assert far
    assert not any("dose" in r for r in far)


def test_a_table_of_another_building_is_answered_with_the_nearest_space(tmp_path: Path) -> None:
    drill = Drill(small_campus(tmp_path))
    with pytest.raises(ValueError, match="no such space: 'nearr'; did you mean 'near'"):
        drill.twin.stage.smoke_from(0, table("nearr", co_ppm=1.0))
