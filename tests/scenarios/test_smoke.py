"""Smoke that others computed, in `twin egress` and in a scenario: met, told, checked beforehand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from controller.interface.files import BadFile
from evacuation.smoke.tablefile import SmokeTableError
from scenarios.check import check
from scenarios.egress import egress_text
from scenarios.run import Order, run
from tests.scenarios.test_egress import CORRIDOR_M, egress, site

HEADER = "time_s,space,extinction_per_m,co_ppm\n"
SCENARIO = """scenario: 1
say: Smoke that an engineer computed fills a corridor
site: kit-institute
period: workday
give_up: 3 min
happens:
  - {{at: 5 s, smoke_from: {file}}}
expect:
  - {{id: E1, say: its detector sees the smoke, eventually: "sense * alarm"}}
  - {{id: E2, say: nobody is hurt by it, never: "person * incapacitated"}}
"""


def table(folder: Path, rows: str) -> Path:
    path = folder / "smoke.csv"
    path.write_text(HEADER + rows)
    return path


def test_smoke_of_a_table_slows_the_way_out_by_the_law_that_is_named(tmp_path: Path) -> None:
    place = site(tmp_path)
    fog = table(tmp_path, "0,corridor,3,0\n")
    clear = egress(place)["total_time_s"]["mean"]
    for law, speed in (("frantzich-nilsson", 1.25 * (1 - 3 * 0.057 / 0.706)), ("nist", 0.3)):
        slow = egress(place, smoke=fog, smoke_law=law)["total_time_s"]["mean"]
        late = CORRIDOR_M / speed - CORRIDOR_M / 1.25
        assert slow - clear == pytest.approx(late, abs=0.5)


def test_those_who_fall_are_stranded_with_cause_and_dose_and_counted(tmp_path: Path) -> None:
    place = site(tmp_path, count=3)
    poison = table(tmp_path, "0,room,1,200000\n")
    document = egress(place, smoke=poison, seeds=[1, 2])
    assert {one["reason"] for one in document["stranded"]} == {
        "incapacitated by carbon monoxide, dose 1.00"
    }
    assert document["persons_by_dose"] == {"0.1": 3.0, "0.3": 3.0, "1": 3.0}
    assert document["smoke"] == "smoke.csv"
    assert "people with a dose of at least 0.1: 3" in egress_text(document)
    json.dumps(document, allow_nan=False)


def test_a_bad_table_or_law_is_told_before_any_run(tmp_path: Path) -> None:
    place = site(tmp_path)
    with pytest.raises(SmokeTableError, match=r"smoke.csv:2: space 'corrider'.*`corridor`"):
        egress(place, smoke=table(tmp_path, "0,corrider,3,0\n"))
    with pytest.raises(ValueError, match="did you mean 'nist'"):
        egress(place, smoke_law="nits")
    clear = table(tmp_path, "0,corridor,0,0\n")
    with pytest.raises(ValueError, match="--second-opinion knows no smoke"):
        egress(place, smoke=clear, second_opinion="sfm")


def test_a_scenario_follows_a_table_and_its_manifest_holds_the_table(tmp_path: Path) -> None:
    rows = "0,s0.r102,0,0\n30,s0.r102,2,100\n"
    table(tmp_path, rows)
    scenario = tmp_path / "fire.yaml"
    scenario.write_text(SCENARIO.format(file="smoke.csv"))
    order = Order(scenario, rig="memory", out=tmp_path / "run", report=False)
    result = run(order)
    assert result.document["verdict"] == "pass"
    inputs = json.loads((tmp_path / "run" / "manifest.json").read_text())["inputs"]
    table(tmp_path, rows.replace("100", "101"))
    again = run(Order(scenario, rig="memory", out=tmp_path / "other", report=False))
    other = json.loads((tmp_path / "other" / "manifest.json").read_text())["inputs"]
    assert {name for name in inputs if inputs[name] != other[name]} == {"smoke smoke.csv"}
    assert again.document["journal_sha256"] == result.document["journal_sha256"]


def test_check_tells_what_is_wrong_with_a_scenarios_table(tmp_path: Path) -> None:
    scenario = tmp_path / "fire.yaml"
    scenario.write_text(SCENARIO.format(file="smoke.csv"))
    assert "there is no such file" in str(check(scenario)[0])
    table(tmp_path, "0,s0.r102,nan,0\n5,s0.r1022,0,0\n")
    found = [str(problem) for problem in check(scenario)]
    assert len(found) == 2
    assert all("happens[0].smoke_from" in line for line in found)
    with pytest.raises(BadFile, match=r"smoke\.csv:3: space 's0\.r1022'"):
        run(Order(scenario, rig="memory", out=tmp_path / "run"))
