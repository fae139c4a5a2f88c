"""A small building of our own: what the importer finds, leaves out, and says about it."""

import collections

import ifcopenshell
import pytest

from evacuation.bim import ImportProblem, Source
from evacuation.bim.building import Building, building_of, read
from evacuation.bim.findings import findings_of
from evacuation.bim.ids import ids_of
from evacuation.bim.mapping import floor_of
from evacuation.bim.names import meaning
from evacuation.floor import Floor
from tests.evacuation.bim_model import FLIGHT_M, GOING_M, RISER_M, write


@pytest.fixture(scope="module", params=["IFC4", "IFC2X3"])
def house(request, tmp_path_factory) -> Building:
    path = write(tmp_path_factory.mktemp("bim") / "house.ifc", request.param)
    return read(Source.of(path))


@pytest.fixture(scope="module")
def floor(house):
    return floor_of(house, ids_of(house))


def said(house: Building, kind: str) -> list[str]:
    return [one.text for one in findings_of(house, ids_of(house)) if one.kind == kind]


def test_rooms_storeys_and_areas_are_metres_from_a_millimetre_file(house):
    assert [(s.name, s.z_m) for s in house.used_storeys] == [("Ground", 0.0), ("Upper", 3.0)]
    assert {r.number: round(r.area_m2, 2) for r in house.rooms}["101"] == 24.0
    assert {r.number: round(r.z0_m, 2) for r in house.rooms}["201"] == 3.0


def test_every_door_finds_its_role_and_width(house):
    roles = {door.name: (door.role, door.nominal_m) for door in house.doors}
    assert roles == {
        "D102": ("inner", 0.9),
        "D103": ("inner", 0.8),
        "D105": ("inner", 1.0),
        "D202": ("inner", 1.0),
        "X1": ("exit", 1.2),
        "French": ("air", 0.9),
        "Cubicle": ("partition", 0.7),
    }


def test_links_without_a_door_are_an_opening_and_an_open_edge(house):
    number = {room.key: room.number for room in house.rooms}
    links = {link.kind: ({number[key] for key in link.rooms}, link.width_m) for link in house.links}
    assert links["free"] == ({"102", "104"}, pytest.approx(1.1))
    assert links["touch"] == ({"101", "106"}, pytest.approx(6.0, abs=0.11))


def test_the_stair_is_measured_on_its_treads(house):
    (stair,) = house.stairs
    step = (GOING_M**2 + RISER_M**2) ** 0.5
    assert (house.room[stair.lower].number, house.room[stair.upper].number) == ("105", "201")
    assert stair.steps == 17
    assert stair.width_m == pytest.approx(FLIGHT_M, abs=0.01)
    assert stair.riser_m == pytest.approx(RISER_M, abs=0.001)
    assert stair.going_m == pytest.approx(GOING_M, abs=0.001)
    assert stair.slope_m == pytest.approx(17 * step, rel=0.01)


def test_a_stair_without_treads_is_assumed_and_said_so(tmp_path):
    house = read(Source.of(write(tmp_path / "house.ifc", treads=False)))
    (stair,) = house.stairs
    assert not stair.measured
    assert stair.slope_m == pytest.approx(3.0 / 0.5299, rel=0.01)
    assert any("32 degrees" in text for text in said(house, "stair"))


def test_the_store_without_a_door_reaches_no_exit_and_the_lift_only_on_paper(house):
    assert len(house.hops()) == 8
    assert len(house.hops(riding=False)) == 7
    assert said(house, "unreached") == ["203 Store (15.2 m2) reaches no exit: it has no door."]


def test_what_was_left_out_is_said_in_plain_words(house):
    kinds = collections.Counter(one.kind for one in findings_of(house, ids_of(house)))
    assert kinds["partition"] == kinds["air"] == kinds["lift"] == kinds["storey"] == 1
    assert "1 storey without spaces: Roof." in said(house, "storeys")
    assert "3.0 m above the datum" in said(house, "air")[0]
    assert "ratio 1.000" in said(house, "area")[0]


def test_the_floor_is_one_that_the_crowd_can_walk(floor):
    walked = Floor.from_mapping(floor)
    assert walked.exits == ("s0.x106",)
    assert [space for space, _ in walked.unreachable()] == ["s1.r203"]
    assert walked.spaces["st1.s0-s1"].is_stair


def test_clear_width_is_nominal_less_ten_centimetres_and_both_are_kept(floor):
    exit_door = next(p for p in floor["portals"] if p["id"] == "s0.x106")
    assert exit_door["between"] == ["s0.r106", "outside"]
    assert (exit_door["width_m"], exit_door["nominal_width_m"]) == (1.1, 1.2)


def test_no_portal_leads_into_a_lift_through_a_cubicle_or_into_the_air(floor):
    names = {p["source_id"] for p in floor["portals"] if "source_id" in p}
    ends = {space for p in floor["portals"] for space in p["between"]}
    assert "s0.r104" not in ends
    assert len(names) == 5


def test_a_floor_is_the_same_each_time(house):
    again = read(house.source)
    assert floor_of(again, ids_of(again)) == floor_of(house, ids_of(house))


def test_nothing_depends_on_fills_or_voids_between_doors_and_walls(house):
    model = ifcopenshell.open(str(house.source.path))
    for kind in ("IfcRelFillsElement", "IfcRelVoidsElement", "IfcOpeningElement"):
        for one in list(model.by_type(kind)):
            model.remove(one)
    bare = building_of(house.source, model)
    assert [(d.key, d.role, d.rooms, d.nominal_m) for d in bare.doors] == [
        (d.key, d.role, d.rooms, d.nominal_m) for d in house.doors
    ]


def test_without_fills_a_door_is_not_also_an_opening(house):
    model = ifcopenshell.open(str(house.source.path))
    for one in list(model.by_type("IfcRelFillsElement")):
        model.remove(one)
    assert building_of(house.source, model).links == house.links


def test_a_door_that_the_probe_cannot_see_is_placed_by_space_boundaries(house):
    model = ifcopenshell.open(str(house.source.path))
    door = next(one for one in model.by_type("IfcDoor") if one.Name == "X1")
    spaces = {one.Name: one for one in model.by_type("IfcSpace")}
    for name in ("101", "106"):
        model.create_entity(
            "IfcRelSpaceBoundary",
            GlobalId=ifcopenshell.guid.new(),
            RelatingSpace=spaces[name],
            RelatedBuildingElement=door,
            PhysicalOrVirtualBoundary="PHYSICAL",
        )
    seen = building_of(house.source, model)
    assert next(one for one in seen.doors if one.name == "X1").by_boundary
    assert any("X1" in text for text in said(seen, "boundary"))


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("124 ELEV", "lift"),
        ("ELEV EQ RM", "room"),
        ("Flur Keller Treppe", "landing"),
        ("Flur EG West", "corridor"),
        ("Relevant archive", "room"),
        ("Aufzugsschacht", "lift"),
    ],
)
def test_a_room_is_a_lift_or_a_corridor_only_by_its_name(name, kind):
    assert meaning(name).kind == kind


def test_a_missing_file_is_one_sentence(tmp_path):
    with pytest.raises(ImportProblem, match=r"^There is no file .*nowhere\.ifc\.$"):
        Source.of(tmp_path / "nowhere.ifc")


def test_a_folder_is_one_sentence(tmp_path):
    with pytest.raises(ImportProblem, match="is a folder"):
        Source.of(tmp_path)


def test_junk_is_not_an_ifc_file(tmp_path):
    path = tmp_path / "junk.ifc"
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(ImportProblem, match="is not an IFC file"):
        Source.of(path)


def test_a_file_cut_short_is_refused_although_it_would_open(tmp_path):
    path = write(tmp_path / "house.ifc")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 3 // 4])
    with pytest.raises(ImportProblem, match="is cut short"):
        Source.of(path)


def test_an_old_schema_is_named(tmp_path):
    path = write(tmp_path / "house.ifc")
    path.write_text(path.read_text().replace("IFC4", "IFC2X_FINAL"))
    with pytest.raises(ImportProblem, match=r"has schema IFC2X_FINAL.*supported: IFC2X3, IFC4"):
        Source.of(path)


def test_a_broken_body_is_one_sentence(tmp_path):
    path = tmp_path / "broken.ifc"
    head = "ISO-10303-21;\nHEADER;\nFILE_SCHEMA(('IFC4'));\n"
    path.write_text(head + "ENDSEC;\nDATA;\n#1=NONSENSE(;\nEND-ISO-10303-21;\n")
    with pytest.raises(ImportProblem) as problem:
        read(Source.of(path))
    assert "\n" not in str(problem.value)


def test_a_model_without_rooms_is_refused(tmp_path):
    path = write(tmp_path / "house.ifc")
    model = ifcopenshell.open(str(path))
    for one in list(model.by_type("IfcSpace")):
        model.remove(one)
    model.write(str(path))
    with pytest.raises(ImportProblem, match="has no rooms"):
        read(Source.of(path))


def test_without_the_extra_one_sentence_says_how_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setattr("evacuation.bim.source.find_spec", lambda name: None)
    source = Source.of(write(tmp_path / "house.ifc"))
    with pytest.raises(ImportProblem, match=r"extra `bim`: pip install campus-twin\[bim\]"):
        source.open()
