"""jpscore geometries: a building counted by hand, the RiMEA files, and files that are broken."""

from math import hypot

import pytest

from evacuation.bim.problem import ImportProblem
from evacuation.floor import Floor
from evacuation.jpscore.drafting import draft
from tests.evacuation.jpscore_files import ROOMS, TRANSITIONS, geometry, transition, write

RIMEA = [
    # subrooms, crossings, exits, stair pieces, exit width
    (1, 1, 0, 1, 0, 2.0), (2, 3, 1, 1, 1, 2.0), (3, 3, 1, 1, 1, 2.0), (4, 1, 0, 2, 0, 4.0),
    (5, 1, 0, 1, 0, 1.0), (6, 2, 1, 1, 0, 2.0), (7, 1, 0, 1, 0, 50.0), (8, 129, 123, 1, 4, 2.0),
    (9, 2, 0, 8, 0, 8.0), (10, 13, 12, 2, 0, 2.2), (11, 1, 0, 2, 0, 2.0), (12, 3, 2, 1, 0, 1.0),
    (13, 4, 2, 1, 1, 2.0), (14, 6, 3, 1, 2, 2.0), (15, 3, 0, 3, 0, 60.0),
]  # fmt: skip


@pytest.fixture
def annex(tmp_path):
    return draft(write(tmp_path / "annex"))


def space(one, source):
    return next(entry for entry in one.floor["spaces"] if entry.get("source_id") == source)


def texts(one, kind):
    return [finding.text for finding in one.findings if finding.kind == kind]


def test_the_counts_and_areas_are_those_drawn(annex):
    document = annex.document
    assert document["spaces"] == 5
    assert document["doors"] == document["crossings"] == 2
    assert (document["exits"], document["links"], document["transitions"]) == (1, 2, 3)
    assert document["exit_width_m"] == pytest.approx(1.2)
    assert document["stairs"] == 2
    assert document["area_m2"] == pytest.approx(40 + 6 + 8 + 6 + 20)
    assert document["reach_exit"] == 5


def test_a_landing_between_flights_is_no_storey_but_has_its_own_height(annex):
    storeys = [(one["name"], one["z_m"], one["spaces"]) for one in annex.document["storeys"]]
    assert storeys == [("Ground", 0.0, 4), ("Office", 3.0, 1)]
    assert [one["z_m"] for one in annex.floor["storeys"]] == [0.0, 1.5, 3.0]
    assert space(annex, "1/0")["kind"] == "landing"
    assert "at 1.5 m lies between two flights" in texts(annex, "landing")[0]


def test_a_flight_is_measured_along_its_plane(annex):
    flight = space(annex, "0/1")
    assert flight["kind"] == "stair"
    assert flight["slope_length_m"] == pytest.approx(hypot(3.0, 1.5), abs=0.001)
    assert flight["width_m"] == pytest.approx(2.0)
    assert flight["rises_m"] == pytest.approx(1.5)
    assert flight["riser_m"] / flight["tread_m"] == pytest.approx(0.5, abs=0.005)
    assert 2 * flight["riser_m"] + flight["tread_m"] == pytest.approx(0.63, abs=0.002)


def test_the_office_is_reached_through_both_flights_only(annex):
    floor = Floor.from_mapping(annex.floor)
    assert floor.unreachable() == []
    ends = {portal["id"]: portal["between"] for portal in annex.floor["portals"]}
    assert ends["s0.x0"] == ["s0.r0-0", "outside"]
    assert ["s1.r2-0", "m1.st1-1"] in ends.values()


def test_people_speeds_and_delays_are_those_of_the_settings_file(annex):
    assert [(group["count"], group["at"]) for group in annex.groups] == [(6, "s1.r2-0")]
    speed = annex.profiles["p1"]["speed"]
    assert (speed["mean"], speed["sd"]) == (1.2, 0.1)
    assert speed["min"] == pytest.approx(0.9)
    assert annex.pre_movement["after-10-2"] == {"median_s": 10, "sigma": 0, "scatter_s": 2}
    assert any("Group 2" in text and "left out" in text for text in texts(annex, "people"))


def test_without_a_settings_file_people_are_assumed_and_said_to_be(tmp_path):
    one = draft(write(tmp_path, settings=False))
    counts = {group["at"]: group["count"] for group in one.groups}
    assert counts == {"s0.r0-0": 8, "s1.r2-0": 4}
    assert "one person per 5 m2 is assumed" in texts(one, "people")[0]


def test_the_settings_file_leads_to_its_geometry(tmp_path, annex):
    write(tmp_path / "again")
    again = draft(tmp_path / "again" / "master_ini.xml")
    assert again.floor == annex.floor


def test_a_goal_says_which_exit_its_people_know(data):
    one = draft(data / "ped/jpscore/rimea_tests/test_10/geometry.xml")
    known = {group["id"]: group["knows"] for group in one.groups}
    assert known["g0"] == ["s0.x0"]
    assert known["g4"] == ["s0.x1"]


@pytest.mark.parametrize(("number", "spaces", "doors", "exits", "stairs", "width"), RIMEA)
def test_the_rimea_files_have_the_rooms_and_doors_counted_in_them(
    data, number, spaces, doors, exits, stairs, width
):
    document = draft(data / f"ped/jpscore/rimea_tests/test_{number}/geometry.xml").document
    assert document["spaces"] == spaces
    assert document["doors"] == doors
    assert document["exits"] == exits
    assert document["stairs"] == stairs
    assert document["exit_width_m"] == pytest.approx(width)


def test_rimea_8_is_a_building_of_three_storeys(data):
    one = draft(data / "ped/jpscore/rimea_tests/test_8/geometry.xml")
    assert [storey["z_m"] for storey in one.document["storeys"]] == [0.0, 4.0, 8.0]
    assert sum(group["count"] for group in one.groups) == 448
    assert one.document["transitions"] == 5
    assert [finding.where for finding in one.findings if finding.kind == "unreached"] == [
        "s0.r0-38"
    ]


BROKEN = {
    "cut short": geometry()[:900],
    "no XML": "IFC? no.",
    "its root is <routing>": "<routing/>",
    "is in cm": geometry(unit="cm"),
    "has no subroom": geometry(rooms="", transitions=""),
    "which is not there": geometry(
        transitions=transition(0, [(0, 7), (-1, -1)], [(0, 1.4), (0, 2.6)])
    ),
    "two different vertices": geometry(
        transitions=transition(0, [(0, 0), (-1, -1)], [(0, 1.4), (0, 1.4)])
    ),
    "needs a number px": geometry(rooms=ROOMS.replace("px='10'", "px='nan'", 1)),
    "do not close around any floor": geometry(transitions=TRANSITIONS.replace("2.6", "2.0")),
}


@pytest.mark.parametrize("reason", BROKEN)
def test_a_broken_file_is_one_sentence(tmp_path, reason):
    path = write(tmp_path, BROKEN[reason], settings=False)
    with pytest.raises(ImportProblem, match=reason) as problem:
        draft(path)
    assert "\n" not in str(problem.value)
    assert "geometry.xml" in str(problem.value)


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(ImportProblem, match=r"^There is no file .*nowhere\.xml\.$"):
        draft(tmp_path / "nowhere.xml")
