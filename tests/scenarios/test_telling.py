"""Everybody is told every alarm, once, whatever fails on the way; both rigs tell it alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.replay import replay
from controller.site import load
from scenarios.benchmarks.outages import outages
from scenarios.catalog import find_scenario, find_site
from scenarios.run import Order, run


def test_no_alarm_is_lost_or_told_twice_over_outages_and_restarts(tmp_path: Path) -> None:
    told = outages(tmp_path, 12)
    assert told.outages >= 12
    assert told.restarts >= 2
    assert told.alarms > 15
    assert (told.lost, told.twice) == ((), ())


@pytest.fixture(scope="module")
def ten(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict, Path]]:
    """Ten alarms with the police platform down, on each rig."""
    found = {}
    for rig in ("memory", "wire"):
        out = tmp_path_factory.mktemp(rig)
        order = Order(find_scenario("plan-one-key-ten"), rig=rig, out=out, report=False)
        found[rig] = (run(order).document, out)
    return found


def test_ten_alarms_reach_the_police_after_their_platform_is_back(ten) -> None:
    document, _ = ten["memory"]
    assert [one for one in document["expectations"] if one["verdict"] != "pass"] == []
    assert document["exit_code"] == 0


def test_both_rigs_tell_the_same_in_the_same_bytes(ten) -> None:
    for name in ("decisions_sha256", "bytes_sha256", "journal_sha256"):
        assert ten["memory"][0][name] == ten["wire"][0][name], name


def test_the_journal_of_ten_alarms_repeats(ten) -> None:
    site = load(find_site("primary-school"))
    path = ten["wire"][1] / "controller.jsonl"
    found = replay(path, site.points, site.matrix, site.plan)
    assert (found.journal_says, found.program_says) == ("", "")
    assert found.records > 500
