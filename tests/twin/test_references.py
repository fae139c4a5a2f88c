"""Files that name the same building are accepted; every name that leads nowhere is found."""

from pathlib import Path

import pytest

from controller.interface.files import BadFile
from twin.site import Site

FLOOR = """
floor: 1
name: Two rooms
source: drawn for a test
storeys: [{id: g, name: Ground, z_m: 0}]
spaces:
  - {id: r1, name: Room, kind: room, storey: g, area_m2: 36, outline: [[0,0],[6,0],[6,6],[0,6]]}
  - {id: hall, name: Hall, kind: hall, storey: g, area_m2: 36, outline: [[6,0],[12,0],[12,6],[6,6]]}
  - {id: cell, name: Cell, kind: room, storey: g, area_m2: 4, outline: [[0,6],[2,6],[2,8],[0,8]]}
  - {id: yard, name: Yard, kind: yard, storey: g, area_m2: 500, safe: true}
portals:
  - {id: d1, name: Door 1, between: [r1, hall], width_m: 1.0, at: [6, 3], kind: door}
  - {id: x1, name: Exit, between: [hall, yard], width_m: 1.5, at: [12, 3], kind: door}
"""
POINTS = """
points: 1
site: two-rooms
mqtt: {host: 127.0.0.1, port: 11883}
gateways:
  - {id: sounders, profile: sounder-board, host: 127.0.0.1, port: 15020, at: hall,
     poll_ms: 500, timeout_ms: 1000, retries: 1}
devices:
  - {id: snd-1, kind: sounder, at: hall, gateway: sounders, unit: 1,
     points: {on: {coil: 0, write: true}, sounding: {discrete: 0}, line: {input: 0}}}
  - {id: pa-1, kind: pa-zone, at: hall, covers: ["r*"], bus: mqtt,
     points: {message: {topic: cmd/message, as: text}, playing: {topic: state/playing, as: text}}}
"""
PEOPLE = """
people: 1
profiles: {pupil: {speed: {mean: 1.0, sd: 0.1, min: 0.6, max: 1.4}, body_area_m2: 0.05}}
pre_movement: {trained: {median_s: 25, sigma: 0.5, scatter_s: 4}}
timetable: [{id: lesson, from: "08:00", to: "09:00"}]
groups:
  - {id: c1, kind: class, profile: pupil, count: 5, pre_movement: trained, at: {lesson: r1},
     assembly: yard, knows: [x1]}
"""


def write(folder: Path, **texts: str) -> Path:
    files = {"floor": FLOOR, "points": POINTS, "people": PEOPLE, "matrix": "matrix: 1\n", **texts}
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text)
    return folder


def problems(folder: Path) -> dict[str, tuple[str, int, str]]:
    with pytest.raises(BadFile) as bad:
        Site.load(folder)
    return {p.path: (Path(p.file).name, p.line, p.suggestion) for p in bad.value.problems}


def test_a_sound_site_loads_and_names_the_room_without_a_way_out(tmp_path: Path) -> None:
    site = Site.load(write(tmp_path))
    assert site.matrix == tmp_path / "matrix.yaml"
    assert [warning.path for warning in site.warnings] == ["spaces[2]"]
    assert "cell" in site.warnings[0].message


def test_all_wrong_names_are_found_at_once_with_their_lines_and_nearest(tmp_path: Path) -> None:
    points = POINTS.replace("at: hall, gateway", "at: hal, gateway").replace('"r*"', '"q*"')
    people = PEOPLE.replace("assembly: yard", "assembly: yrad").replace("[x1]", "[d1]")
    found = problems(write(tmp_path, points=points, people=people))
    assert found["devices[0].at"] == ("points.yaml", 9, "hall")
    assert found["devices[1].covers[0]"][0] == "points.yaml"
    assert found["groups[0].assembly"] == ("people.yaml", 8, "yard")
    assert found["groups[0].knows[0]"][0] == "people.yaml"
    assert len(found) == 4


def test_a_person_in_a_room_that_is_not_there_is_found(tmp_path: Path) -> None:
    found = problems(write(tmp_path, people=PEOPLE.replace("lesson: r1", "lesson: r9")))
    assert list(found) == ["groups[0].at.lesson"]


def test_a_portal_between_unknown_spaces_is_the_floor_files_problem(tmp_path: Path) -> None:
    found = problems(write(tmp_path, floor=FLOOR.replace("[r1, hall]", "[r1, hell]")))
    assert {name for name, _, _ in found.values()} == {"floor.yaml"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "matrix.yaml").unlink()
    (tmp_path / "people.yaml").unlink()
    with pytest.raises(BadFile) as bad:
        Site.load(tmp_path)
    assert {Path(p.file).name for p in bad.value.problems} == {"matrix.yaml", "people.yaml"}
