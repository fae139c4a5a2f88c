"""IMDF venues: a house measured by hand, a real campus, and files that are broken."""

from math import hypot

import pytest

from evacuation.bim.problem import ImportProblem
from evacuation.floor import Floor
from evacuation.imdf.drafting import draft
from evacuation.imdf.projection import Projection
from tests.evacuation.imdf_venue import venue, write, zipped


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return draft(write(tmp_path_factory.mktemp("imdf") / "house"), 3.0)


@pytest.fixture(scope="module")
def campus(data):
    return draft(data / "indoor/spbpu_campus_imdf")


def texts(one, kind):
    return [finding.text for finding in one.findings if finding.kind == kind]


def space(one, name):
    return next(entry for entry in one.floor["spaces"] if entry["id"] == name)


def test_a_degree_has_the_length_of_the_ellipsoid():
    """A degree of latitude and of longitude at 60 degrees: 111 412.2 and 55 800.0 m (WGS 84)."""
    east, north = Projection(30.0, 60.0).per_degree
    assert east == pytest.approx(55_800.0, abs=0.5)
    assert north == pytest.approx(111_412.2, abs=0.5)


def test_the_counts_and_areas_are_those_drawn(house):
    document = house.document
    assert document["spaces"] == 6
    assert document["doors"] == 5
    assert (document["inner_doors"], document["partition_doors"], document["exits"]) == (3, 1, 1)
    assert document["exit_width_m"] == pytest.approx(2.0, rel=0.01)
    assert (document["stairs"], document["stair_runs"], document["lifts"]) == (2, 1, 1)
    assert document["area_m2"] == pytest.approx(60 + 18 + 4 + 60 + 18 + 1.2, rel=0.01)
    assert (document["buildings"], document["building_outlines"]) == (1, 2)


def test_an_opening_in_the_outline_leads_out(house):
    floor = Floor.from_mapping(house.floor)
    assert [floor.portals[key].between for key in floor.exits] == [("a0.hall", "outside")]
    assert "an opening in the outline" in texts(house, "exit")[0]


def test_stairs_above_each_other_are_joined_by_a_run_of_the_assumed_height(house):
    run = space(house, "a0.st1")
    assert run["rises_m"] == 3.0
    assert run["slope_length_m"] == pytest.approx(hypot(3.0, 3.0 * 0.28 / 0.17), abs=0.01)
    assert run["width_m"] == pytest.approx((3.0 - 0.2) / 2, abs=0.02)
    assert [one["z_m"] for one in house.floor["storeys"]] == [0.0, 3.0]
    assert any("3.00 m from floor to floor are assumed" in text for text in texts(house, "assumed"))


def test_no_route_leads_through_the_lift(house):
    assert space(house, "a0.elevator")["kind"] == "lift"
    assert all("a0.elevator" not in portal["between"] for portal in house.floor["portals"])
    assert "its 1 openings are left out" in texts(house, "lift")[0]


def test_what_does_not_hold_together_is_said(house):
    assert [one.where for one in house.findings if one.kind == "unreached"] == ["a1.storage"]
    assert "names level l9, which is not there" in texts(house, "no-level")[0]
    assert "An opening inside 101" in texts(house, "partition")[0]
    assert "2 buildings are drawn, 1 of them inside" in texts(house, "buildings")[0]


def test_people_follow_from_area_and_category(house):
    assert {group["at"]: group["count"] for group in house.groups} == {"a1.r101": 30}


def test_a_zip_and_a_file_of_the_folder_are_the_same_venue(tmp_path, house):
    folder = write(tmp_path / "house")
    packed = draft(zipped(folder, tmp_path / "house.zip"), 3.0)
    single = draft(folder / "unit.geojson", 3.0)
    for other in (packed, single):
        assert {**other.floor, "source": ""} == {**house.floor, "source": ""}
        assert other.floor["source"][-64:] == house.floor["source"][-64:]


def test_the_campus_has_the_units_and_openings_counted_in_it(campus):
    document = campus.document
    assert document["spaces"] == 443
    assert document["area_m2"] == pytest.approx(38_073, rel=0.01)
    assert (document["doors"], document["stairs"], document["lifts"]) == (472, 59, 5)
    assert (document["buildings"], document["building_outlines"]) == (2, 80)
    assert document["stair_runs"] == 36
    spaces = [one["spaces"] for one in document["storeys"]]
    assert spaces == [50, 40, 32, 21, 26, 118, 122, 34]


def test_the_ways_out_of_the_campus_are_where_its_paths_come_in(campus):
    assert campus.document["exits"] == 2
    assert all("a path of the campus comes in" in text for text in texts(campus, "exit"))
    assert campus.document["reach_exit"] == 440
    assert campus.document["reach_exit_on_foot"] == 435
    assert 'category "automobile"' in texts(campus, "category")[0]


def changed(name, index, **properties):
    features = venue()
    features[name][index]["properties"] |= properties
    return features


def without(name):
    return {key: rows for key, rows in venue().items() if key != name}


def shapeless():
    features = venue()
    features["unit"][0]["geometry"] = {"type": "Polygon", "coordinates": [[[6.0, "x"]]]}
    return features


BROKEN = {
    "has no unit.geojson": without("unit"),
    "needs a whole number as its ordinal": changed("level", 0, ordinal="ground"),
    "has no level to stand on": {**venue(), "level": []},
    "geometry that cannot be read": shapeless(),
}


@pytest.mark.parametrize("reason", BROKEN)
def test_a_broken_venue_is_one_sentence(tmp_path, reason):
    with pytest.raises(ImportProblem, match=reason) as problem:
        draft(write(tmp_path / "v", BROKEN[reason]))
    assert "\n" not in str(problem.value)


@pytest.mark.parametrize(("text", "reason"), [("[1, 2", "cut short"), ("[1]", "no GeoJSON")])
def test_a_file_cut_short_is_one_sentence(tmp_path, text, reason):
    folder = write(tmp_path / "v")
    (folder / "opening.geojson").write_text(text)
    with pytest.raises(ImportProblem, match=reason):
        draft(folder)


def test_a_zip_that_is_none_is_one_sentence(tmp_path):
    path = tmp_path / "venue.zip"
    path.write_bytes(b"PK but no")
    with pytest.raises(ImportProblem, match="cannot be read as a zip"):
        draft(path)
