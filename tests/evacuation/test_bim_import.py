"""From an IFC file to a site folder, and the figures of seven real buildings.

Expected figures of the real buildings: counted by a separate prototype and checked against the
files' own space boundaries, `IsExternal` marks, base quantities and plotted plans.
"""

import json
from pathlib import Path
from typing import NamedTuple

import pytest

from controller import matrix
from controller.interface.files import load
from controller.interface.people import PeopleFile
from controller.interface.points import PointList
from controller.interface.pointsfile import PointsFile
from evacuation.bim.building import building_of
from evacuation.bim.ids import ids_of
from evacuation.bim.mapping import floor_of
from evacuation.bim.source import Source
from evacuation.floor import Floor
from scenarios.importing import ImportProblem, import_building, import_text
from tests.evacuation.bim_model import write
from twin.floorfile import FloorFile

SITE = Path(__file__).parents[2] / "scenarios" / "sites" / "kit-institute"
INSTITUTE = "kit_institute/AC11-Institute-Var-2-IFC.ifc"
OFFICE = "office_a_nibs/Office_A_20110811.ifc"
DUPLEX = "duplex_bsi/Duplex_A_20110907.ifc"


class Expected(NamedTuple):
    file: str
    storeys: list[tuple[float, int, float]]
    area_m2: float
    inner: int
    exits: int
    partitions: int
    exit_width_m: float
    stairs: int
    touch: int
    free: int
    reach: int


BUILDINGS = [
    Expected(OFFICE, [(0, 60, 1710.6), (4.27, 39, 1717.0), (7.92, 0, 0)], 3427.6, 87, 6, 9, 8.23, 2, 11, 2, 99),  # noqa: E501
    Expected(INSTITUTE, [(-3, 17, 451.7), (0, 18, 455.8), (3, 22, 441.6), (6, 22, 441.6), (9, 3, 475.9)], 2266.66, 76, 1, 0, 2.0, 4, 0, 0, 80),  # noqa: E501
    Expected("kit_fzk_haus/AC20-FZK-Haus.ifc", [(0, 6, 101.4), (2.7, 1, 107.2)], 208.6, 3, 2, 0, 3.02, 1, 3, 0, 7),  # noqa: E501
    Expected(DUPLEX, [(-1.25, 0, 0), (0, 10, 126.3), (3.1, 10, 114.3), (6, 1, 135.2)], 375.8, 10, 4, 0, 4.13, 2, 8, 0, 20),  # noqa: E501
    Expected("kit_jasmin_sun/AC90R1-Jasmin-Sun-105-2x3.ifc", [(-2.9, 3, 52.6), (0, 4, 53.5), (2.9, 3, 53.8)], 159.9, 6, 2, 0, 2.51, 2, 0, 1, 10),  # noqa: E501
    Expected("bimwhale/LargeBuilding.ifc", [(0, 8, 299.5), (4, 0, 0)], 299.48, 8, 10, 0, 9.15, 0, 0, 0, 8),  # noqa: E501
    Expected("bimwhale/TallBuilding.ifc", [(0, 3, 58.5), (4, 0, 0), (8, 0, 0), (12, 0, 0), (16, 0, 0)], 58.52, 2, 3, 0, 3.38, 0, 0, 0, 3),  # noqa: E501
]  # fmt: skip


@pytest.fixture(scope="session")
def imported(data, tmp_path_factory):
    """Each file is imported once for all tests: (document, site folder) by file."""
    done = {}

    def get(file: str):
        if file not in done:
            out = tmp_path_factory.mktemp("site") / "site"
            done[file] = (import_building(data / "ifc" / file, out), out)
        return done[file]

    return get


def texts(document, kind: str) -> list[str]:
    return [one["text"] for one in document["findings"] if one["kind"] == kind]


@pytest.mark.parametrize("expected", BUILDINGS, ids=lambda e: Path(e.file).stem)
def test_a_real_building_has_the_counted_rooms_doors_and_ways_out(imported, expected):
    document, _ = imported(expected.file)
    assert len(document["storeys"]) == len(expected.storeys)
    for storey, (z_m, spaces, area) in zip(document["storeys"], expected.storeys, strict=True):
        assert storey["z_m"] == pytest.approx(z_m, abs=0.01)
        assert storey["spaces"] == spaces
        assert storey["area_m2"] == pytest.approx(area, rel=0.01)
    assert document["spaces"] == sum(spaces for _, spaces, _ in expected.storeys)
    assert document["area_m2"] == pytest.approx(expected.area_m2, rel=0.01)
    assert document["inner_doors"] == expected.inner
    assert document["exits"] == expected.exits
    assert document["partition_doors"] == expected.partitions
    assert document["doors"] == expected.inner + expected.exits + expected.partitions
    assert document["exit_width_m"] == pytest.approx(expected.exit_width_m, abs=0.05)
    assert document["stairs"] == expected.stairs
    assert (document["touch_links"], document["free_links"]) == (expected.touch, expected.free)
    assert document["links"] == expected.touch + expected.free
    assert document["reach_exit"] == expected.reach


@pytest.mark.parametrize("expected", BUILDINGS, ids=lambda e: Path(e.file).stem)
def test_a_real_building_becomes_a_site_that_loads_and_can_be_walked(imported, expected):
    document, out = imported(expected.file)
    floor_file = load(out / "floor.yaml", FloorFile)
    load(out / "people.yaml", PeopleFile)
    load(out / "points.yaml", PointsFile)
    floor = Floor.from_mapping(floor_file.mapping())
    cut_off = {space for space, _ in floor.unreachable()}
    walked = {space.id for space in floor.spaces.values() if space.kind not in ("stair", "street")}
    lifts = {space.id for space in floor.spaces.values() if space.kind in ("lift", "shaft")}
    assert len(floor.exits) == document["exits"]
    assert len(walked - cut_off - lifts) == document["reach_exit_on_foot"]
    assert json.loads(json.dumps(document)) == document


def test_the_office_names_its_exits_and_the_two_rooms_that_open_to_the_outside_only(imported):
    document, _ = imported(OFFICE)
    assert document["reach_exit_on_foot"] == 98
    exits = " ".join(texts(document, "exit"))
    for room in (
        "101 ENTRY",
        "S101 STAIR",
        "S102 STAIR",
        "140 OPEN OFFICE",
        "108 ELEC",
        "118 MECH",
    ):
        assert room in exits
    assert [text[:8] for text in texts(document, "outside-only")] == ["108 ELEC", "118 MECH"]
    assert "124 ELEV is a lift" in texts(document, "lift")[0]
    assert len(texts(document, "partition")) == 9


def test_the_stairs_have_the_flights_that_were_drawn(imported):
    _, out = imported(OFFICE)
    stairs = [s for s in load(out / "floor.yaml", FloorFile).spaces if s.kind == "stair"]
    assert [stair.width_m for stair in stairs] == [1.0, 1.0]
    assert [round(stair.rises_m / stair.riser_m) for stair in stairs] == [24, 24]


def test_the_tall_building_says_that_four_storeys_have_no_rooms(imported):
    document, _ = imported("bimwhale/TallBuilding.ifc")
    assert texts(document, "storeys")[0].startswith("4 storeys without spaces")


def test_the_duplex_is_two_flats_and_its_roof_is_cut_off(imported):
    document, _ = imported(DUPLEX)
    assert "2 parts that are not joined inside (10, 10 rooms)" in texts(document, "parts")[0]
    assert texts(document, "unreached") == ["R301 Roof (135.2 m2) reaches no exit: it has no door."]
    assert "ratio 0.890" in texts(document, "area")[0]


def test_a_stairwell_void_is_no_way_between_storeys(imported):
    document, _ = imported(INSTITUTE)
    assert len(texts(document, "virtual")) == 1
    assert [text[:11] for text in texts(document, "unreached")] == ["402 Dachbod", "403 Dachbod"]


@pytest.mark.parametrize("expected", BUILDINGS, ids=lambda e: Path(e.file).stem)
def test_doors_are_found_without_boundaries_fills_or_openings(imported, data, expected):
    document, out = imported(expected.file)
    source = Source.of(data / "ifc" / expected.file)
    model = source.open()
    for kind in ("IfcRelSpaceBoundary", "IfcRelFillsElement", "IfcRelVoidsElement"):
        for one in list(model.by_type(kind)):
            model.remove(one)
    for one in list(model.by_type("IfcOpeningElement")):
        one.Representation = None
    bare = building_of(source, model)
    doors = [p for p in floor_of(bare, ids_of(bare))["portals"] if p["kind"] == "door"]
    whole = [p for p in load(out / "floor.yaml", FloorFile).portals if p.kind == "door"]
    assert {p["source_id"]: p["between"] for p in doors} == {
        p.source_id: list(p.between) for p in whole
    }
    assert {p["source_id"]: p["nominal_width_m"] for p in doors} == pytest.approx(
        {p.source_id: p.nominal_width_m for p in whole}, abs=0.05
    )
    assert len(bare.doors_that_are("partition")) == document["partition_doors"]


def test_an_import_is_the_same_twice_to_the_byte(imported, data, tmp_path):
    document, out = imported(DUPLEX)
    again = import_building(data / "ifc" / DUPLEX, tmp_path / "site")
    assert again == document
    for name in ("floor.yaml", "people.yaml"):
        assert (tmp_path / "site" / name).read_bytes() == (out / name).read_bytes()


def test_the_institute_in_the_catalogue_is_the_one_that_is_imported(imported):
    _, out = imported(INSTITUTE)
    fresh, kept = (load(folder / "floor.yaml", FloorFile) for folder in (out, SITE))
    assert [s.model_copy(update={"notes": ""}) for s in kept.spaces] == list(fresh.spaces)
    assert kept.storeys == fresh.storeys
    by_hand = {"holds_smoke": False}
    assert [p.model_copy(update=by_hand) for p in kept.portals] == list(fresh.portals)
    assert "KIT" in kept.source


def test_a_site_gets_four_files_and_keeps_what_was_filled_in(tmp_path):
    path, out = write(tmp_path / "house.ifc"), tmp_path / "sites" / "my-house"
    document = import_building(path, out)
    assert document["exits"] == 1
    points = PointList.load(out / "points.yaml")
    assert points.site == "my-house"
    assert matrix.check(out / "matrix.yaml", points) == []
    (out / "people.yaml").write_text("# ours\n")
    (out / "floor.yaml").write_text("")
    assert import_building(path, out)["written"] == ["floor.yaml"]
    assert (out / "people.yaml").read_text() == "# ours\n"
    assert load(out / "floor.yaml", FloorFile).name == "Small house"


def test_the_page_for_a_terminal_names_what_was_left_out(tmp_path):
    page = import_text(import_building(write(tmp_path / "house.ifc"), tmp_path / "site"))
    assert "Small house: 9 rooms" in page
    assert "203 Store (15.2 m2) reaches no exit: it has no door." in page


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "taken").write_text("")
    with pytest.raises(ImportProblem, match="cannot be written"):
        import_building(write(tmp_path / "house.ifc"), tmp_path / "taken")


def test_a_file_cut_short_writes_nothing(data, tmp_path):
    cut = tmp_path / "cut.ifc"
    cut.write_bytes((data / "ifc" / "kit_fzk_haus/AC20-FZK-Haus.ifc").read_bytes()[:900_000])
    with pytest.raises(ImportProblem, match="cut short"):
        import_building(cut, tmp_path / "site")
    assert not (tmp_path / "site").exists()
