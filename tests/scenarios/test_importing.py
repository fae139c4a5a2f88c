"""`twin import` of every format: a site that checks clean, empties, and is the same twice."""

import json
import sys

import pytest

from controller.interface.files import load
from controller.interface.people import PeopleFile
from scenarios.check import check
from scenarios.cli import main
from scenarios.egress import Order, egress
from scenarios.importing import ImportProblem, import_building, import_text
from tests.evacuation import imdf_venue, jpscore_files

KEYS = {
    "name", "storeys", "spaces", "area_m2", "doors", "inner_doors", "exits", "partition_doors",
    "exit_width_m", "stairs", "links", "reach_exit", "reach_exit_on_foot", "findings", "written",
}  # fmt: skip


@pytest.fixture
def files(tmp_path):
    """A building of each kind, by name."""
    house = imdf_venue.write(tmp_path / "house")
    return {
        "jpscore": jpscore_files.write(tmp_path / "annex"),
        "imdf": house,
        "zip": imdf_venue.zipped(house, tmp_path / "house.zip"),
    }


def twin(monkeypatch, capsys, *words: str) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["twin", *words])
    with pytest.raises(SystemExit) as stop:
        main()
    said = capsys.readouterr()
    return int(stop.value.code or 0), said.out, said.err


@pytest.mark.parametrize("kind", ["jpscore", "imdf", "zip"])
def test_a_site_is_complete_checks_clean_and_everybody_gets_out(files, tmp_path, kind):
    document = import_building(files[kind], tmp_path / "site")
    assert set(document) >= KEYS
    assert json.loads(json.dumps(document)) == document
    assert check(tmp_path / "site") == []
    result = egress(Order(floor=tmp_path / "site", seeds=(1,), laws=("bounding",), summary=True))
    assert result["stranded"] == []
    assert result["people"] == sum(
        group.count for group in load(tmp_path / "site" / "people.yaml", PeopleFile).groups
    )
    assert "What was left out" in import_text(document)


def test_a_folder_of_jpscore_is_read_by_its_geometry(files, tmp_path):
    by_file = import_building(files["jpscore"], tmp_path / "a")
    by_folder = import_building(files["jpscore"].parent, tmp_path / "b")
    assert by_folder["findings"] == by_file["findings"]
    assert (tmp_path / "a/floor.yaml").read_text() == (tmp_path / "b/floor.yaml").read_text()


@pytest.mark.parametrize("kind", ["jpscore", "imdf"])
def test_an_import_is_the_same_twice_to_the_byte(files, tmp_path, kind):
    first, again = (import_building(files[kind], tmp_path / k / "site") for k in ("a", "b"))
    assert first == again
    for name in ("floor.yaml", "people.yaml"):
        one, other = ((tmp_path / k / "site" / name).read_bytes() for k in ("a", "b"))
        assert one == other


def test_storeys_of_a_venue_are_as_high_as_one_says(files, tmp_path):
    document = import_building(files["imdf"], tmp_path / "site", 4.5)
    assert [storey["z_m"] for storey in document["storeys"]] == [0.0, 4.5]


@pytest.mark.parametrize(
    ("kind", "height", "reason"),
    [("imdf", 0.5, "2 to 20 m from floor to floor"), ("jpscore", 3.0, "heights of its own")],
)
def test_a_storey_height_that_means_nothing_is_refused(files, tmp_path, kind, height, reason):
    with pytest.raises(ImportProblem, match=reason):
        import_building(files[kind], tmp_path / "site", height)


def test_rimea_13_packs_its_room_and_says_so(data, tmp_path):
    import_building(data / "ped/jpscore/rimea_tests/test_13/geometry.xml", tmp_path / "site")
    assert check(tmp_path / "site") == []
    assert "puts 150 people here" in (tmp_path / "site" / "floor.yaml").read_text()


BAD = {
    "junk.xml": ("<geometry", "cut short or no XML"),
    "notes.txt": ("Dear all", "is no building file that can be read"),
    "half.geojson": ("{", "is no IMDF venue"),
    "short.ifc": ("ISO-10303-21;\nHEADER;", "cut short"),
}


@pytest.mark.parametrize("name", [*BAD, "nowhere.xml", "nowhere.zip", "nowhere"])
def test_a_bad_file_is_one_line_and_exit_code_2(tmp_path, monkeypatch, capsys, name):
    text, reason = BAD.get(name, ("", "There is no file"))
    if text:
        (tmp_path / name).write_text(text)
    out = str(tmp_path / "site")
    code, printed, said = twin(monkeypatch, capsys, "import", str(tmp_path / name), "--out", out)
    assert (code, printed, len(said.splitlines())) == (2, "", 1)
    assert reason in said
    assert not (tmp_path / "site").exists()


def test_an_empty_folder_is_one_line_and_exit_code_2(tmp_path, monkeypatch, capsys):
    (tmp_path / "empty").mkdir()
    out = str(tmp_path / "site")
    code, _, said = twin(monkeypatch, capsys, "import", str(tmp_path / "empty"), "--out", out)
    assert code == 2
    assert "has no level.geojson, unit.geojson, opening.geojson" in said


def test_the_three_storeys_of_rimea_8_empty_through_their_one_exit(data, tmp_path):
    """448 people through a door of 2.0 m at no more than 1.3/(m s) on 1.7 m: 203 s at least."""
    import_building(data / "ped/jpscore/rimea_tests/test_8/geometry.xml", tmp_path / "site")
    assert check(tmp_path / "site") == []
    order = Order(floor=tmp_path / "site", seeds=(1,), laws=("bounding",), summary=True)
    result = egress(order)
    assert (result["people"], result["stranded"]) == (448, [])
    assert result["portals"]["s0.x0"]["count"] == 448
    assert 448 / (1.3 * 1.7) <= result["total_time_s"]["max"] <= 400
