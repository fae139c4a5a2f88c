"""`twin check` finds what is wrong, all of it, and says where."""

import shutil
from pathlib import Path

import pytest

from scenarios.catalog import CATALOGUE, SITES
from scenarios.check import check
from scenarios.pairs import pair_warnings
from scenarios.starter import init

SCHOOL = SITES / "primary-school"


@pytest.fixture
def site(tmp_path):
    init("green-lane", tmp_path)
    return tmp_path / "green-lane"


def change(path: Path, old: str, new: str) -> int:
    """Replace the one place where `old` stands; return its line."""
    text = path.read_text()
    assert text.count(old) == 1, (old, text.count(old))
    path.write_text(text.replace(old, new))
    return text[: text.index(old)].count("\n") + 1


def only(found):
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def test_the_school_is_clean():
    assert [str(problem) for problem in check(SCHOOL)] == []


@pytest.mark.parametrize("path", sorted(CATALOGUE.glob("*.yaml")), ids=lambda path: path.stem)
def test_shipped_scenarios_are_clean(path):
    assert [str(problem) for problem in check(path)] == []


@pytest.mark.parametrize("file", ["floor", "points", "people", "matrix"])
def test_each_file_can_be_checked_on_its_own(site, file):
    assert check(site / f"{file}.yaml") == []


OPERATORS = """operators: 1
people:
  - {id: guard-1, role: gaurd, key: "KEY"}
  - {id: head-1, role: head, key: "KEY"}
""".replace("KEY", "ab" * 32)


def test_the_operators_of_a_site_are_checked_with_it(site):
    (site / "operators.yaml").write_text(OPERATORS)
    found = check(site)
    assert [(Path(p.file).name, p.line, p.suggestion) for p in found] == [
        ("operators.yaml", 3, "guard"), ("operators.yaml", 4, ""),
    ]  # fmt: skip
    assert found[0].message == "no such role: 'gaurd'; known: guard, head, engineer"
    assert found[1].message == "this key is already that of guard-1"
    assert check(site / "operators.yaml") == found
    assert check(site / "matrix.yaml") == []


def test_a_pair_is_warned_of_outputs_without_a_fence(site):
    assert pair_warnings(SITES / "device-hall" / "matrix.yaml")[0] == (
        "fire-1 (fire-panel) has no fence: of two controllers that both think they lead, "
        "panel-1 obeys both"
    )
    assert not [text for text in pair_warnings(SITES / "device-hall") if "doors-1" in text]
    change(site / "points.yaml", "kind: duty-desk,", "kind: duty-desk, real: true,")
    assert pair_warnings(site)[-1] == (
        "desk-1 is a real device on MQTT: see whether it refuses an older `epoch`"
    )
    assert pair_warnings(CATALOGUE / "school-fire-drill.yaml") == []


# file, what stood there, what stands there now, what is said, the nearest valid name
DEFECTS = [
    ("floor", "width_m: 1.4, ", "", "'width_m' is missing", ""),
    ("floor", "width_m: 1.4", "widht_m: 1.4", "unknown key 'widht_m'", "width_m"),
    ("floor", "width_m: 1.4", "width_m: 0", "greater than 0", ""),
    ("floor", "[f1.c1, yard]", "[f1.c1, yrad]", "no space yrad", "yard"),
    ("floor", "[f1.r2, f1.c1]", "[f1.r2, f1.r2]", "joins two different spaces", ""),
    ("floor", "id: f1.d2,", "id: f1.d1,", "f1.d1 is used twice", ""),
    ("points", "at: f1.r1,", "at: f1.r11,", "no such space", "f1.r1"),
    ("points", "portal: f1.x1", "portal: f1.x2", "no such portal", "f1.x1"),
    ("points", "kind: sounder,", "kind: souder,", "no such device kind", "sounder"),
    ("points", "contact: {discrete: 0}", "contact: {discrete: 1}", "is bound where", ""),
    ("points", "topic: cmd/alarm", "topic: state/seen", "is bound where", ""),
    ("points", "id: snd-1, kind: sounder, at: f1.c1, gateway: sounders-1",
     "id: snd-1, kind: sounder, at: f1.c1, gateway: sounder-1", "no such gateway", "sounders-1"),
    ("people", "{lesson: f1.r2}", "{lesson: f1.r3}", "no such space", "f1.r2"),
    ("people", "{lesson: f1.r2}", "{lessen: f1.r2}", "no such timetable period", "lesson"),
    ("people", "{lesson: f1.r2}, assembly: yard", "{lesson: f1.r2}, assembly: yad",
     "no such space", "yard"),
    ("matrix", '"snd-*.on"', '"snb-*.on"', "names no output", "snd-1.on"),
    ("matrix", "  fire:    {desk-fire", "  fier:    {desk-fire", "no such cause", "fire"),
    ("matrix", "first:   {desk-look: X}", "first:   {desk-lock: X}", "no such effect", "desk-look"),
    ("matrix", "first:   {desk-look: X}", "first:   {desk-look: Q}", "is not a cell", ""),
    ("matrix", "when: confirmed,  zones: [f1]", "when: confirmed,  zones: [ff1]",
     "names no zone", "f1"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "message", "nearest"), DEFECTS)
def test_a_defect_is_found_on_its_line_with_the_nearest_name(
    site, file, old, new, message, nearest
):
    path = site / f"{file}.yaml"
    line = change(path, old, new)
    found = [problem for problem in check(site) if message in problem.message]
    problem = found[0]
    assert (problem.file, problem.line) == (str(path), line)
    assert problem.suggestion == nearest


def test_a_space_listed_twice_is_found(site):
    path = site / "floor.yaml"
    line = change(path, "{id: f1.r2, ", "{id: f1.r1, ")
    assert any(p.line == line and "used twice" in p.message for p in check(path))


def without_door(path):
    """Take the door of room 2 away."""
    gone = next(row for row in path.read_text().splitlines(True) if "id: f1.d2" in row)
    path.write_text(path.read_text().replace(gone, ""))


def test_a_room_that_reaches_no_exit_is_found_with_who_is_in_it(site):
    path = site / "floor.yaml"
    without_door(path)
    room, group = check(site)
    assert room.path == "spaces[1]"
    assert "f1.r2 reaches no exit: the space has no portal" in room.message
    assert "f1.r2" in path.read_text().splitlines()[room.line - 1]
    assert group.path == "groups[1].at.lesson"
    assert "c2 cannot leave" in group.message


def test_an_attic_without_a_door_passes_once_its_notes_say_so_and_nobody_is_there(site):
    path = site / "floor.yaml"
    without_door(path)
    change(path, 'name: "Room 2",', 'name: "Room 2", notes: "attic, no door",')
    change(site / "people.yaml", "{lesson: f1.r2}", "{lesson: f1.r1}")
    assert check(site) == []


def test_a_class_too_large_for_its_room_is_found(site):
    line = change(site / "people.yaml", "count: 30, leader: {profile: adult, count: 1, role: "
                  "teacher}, pre_movement: trained, at: {lesson: f1.r2}",
                  "count: 300, leader: {profile: adult, count: 1, role: "
                  "teacher}, pre_movement: trained, at: {lesson: f1.r2}")  # fmt: skip
    problem = only(check(site))
    assert (problem.line, problem.path) == (line, "groups[1].at.lesson")
    assert "room for 112 people" in problem.message


def test_classes_that_share_a_room_are_counted_together(site):
    path = site / "people.yaml"
    path.write_text(path.read_text().replace("f1.r2", "f1.r1").replace("count: 30", "count: 60"))
    assert "there are 122 in period 'lesson'" in only(check(site)).message


def test_two_points_on_one_address_are_found_across_devices(tmp_path):
    school = tmp_path / "school"
    shutil.copytree(SCHOOL, school)
    line = change(school / "points.yaml", "{holding: 5, as: loop}", "{holding: 4, as: loop}")
    problem = only(check(school))
    assert (problem.line, problem.file) == (line, str(school / "points.yaml"))
    assert "is bound where" in problem.message


def test_a_missing_file_is_a_problem(site):
    (site / "people.yaml").unlink()
    problem = only(check(site))
    assert problem.file.endswith("people.yaml")
    assert "no such file" in problem.message


def test_half_written_yaml_is_one_problem_with_its_line(site):
    path = site / "points.yaml"
    text = path.read_text()
    path.write_text(text[: text.index("lock-1") + 30])
    found = [problem for problem in check(site) if problem.file == str(path)]
    assert "not valid YAML" in only(found).message
    assert found[0].line > 1


def test_problems_of_all_files_come_at_once_in_order(site):
    change(site / "floor.yaml", "width_m: 1.4", "width_m: -1")
    change(site / "people.yaml", "profile: pupil, count: 30, leader: {profile: adult, count: 1, "
           "role: teacher}, pre_movement: trained, at: {lesson: f1.r1}",
           "profile: pupli, count: 30, leader: {profile: adult, count: 1, "
           "role: teacher}, pre_movement: trained, at: {lesson: f1.r1}")  # fmt: skip
    change(site / "matrix.yaml", "[desk-1.alarm],     value: pre-alarm", "[desk.alarm], value: x")
    change(site / "points.yaml", "port: 15033", "port: 15032")
    found = check(site)
    assert [Path(problem.file).stem for problem in found] == ["floor", "matrix", "people", "points"]


def test_a_file_with_problems_does_not_hide_those_between_files(site):
    change(site / "floor.yaml", "width_m: 1.4, ", "")
    without_door(site / "floor.yaml")
    change(site / "points.yaml", "contact: {discrete: 0}", "contact: {discrete: 1}")
    change(site / "points.yaml", "portal: f1.x1", "portal: f1.x9")
    change(site / "people.yaml", "{lesson: f1.r2}", "{lesson: f1.r9}")
    change(site / "matrix.yaml", '"snd-*.on"', '"snb-*.on"')
    said = " / ".join(problem.message for problem in check(site))
    for part in (
        "'width_m' is missing",
        "f1.r2 reaches no exit",
        "is bound where",
        "no such portal in floor.yaml: 'f1.x9'",
        "no such space in floor.yaml: 'f1.r9'",
        "'snb-*.on' names no output",
    ):
        assert part in said
    assert len(check(site)) == 6


def test_rows_of_a_matrix_are_checked_although_the_points_cannot_be_read(site):
    change(site / "points.yaml", "kind: sounder,", "kind: sounder, colour: red,")
    change(site / "matrix.yaml", "first:   {desk-look: X}", "first:   {desk-lock: X}")
    said = [problem.message for problem in check(site)]
    assert "unknown key 'colour'" in said
    assert "no such effect: 'desk-lock'" in said


def test_a_file_alone_tells_only_its_own_problems(site):
    change(site / "floor.yaml", "width_m: 1.4", "width_m: -1")
    assert check(site / "matrix.yaml") == []
    assert check(site / "floor.yaml") != []


def test_a_matrix_of_another_name_is_held_against_the_points_beside_it(site):
    other = site / "night.yaml"
    other.write_text((site / "matrix.yaml").read_text().replace("lock-*.release", "look-*.release"))
    assert "names no output" in only(check(other)).message


def test_a_folder_of_scenarios_is_checked_file_by_file(site):
    (site.parent / "other.yaml").write_text("scenario: 1\n")
    assert {Path(problem.file).name for problem in check(site.parent)} == {"other.yaml"}


def test_a_folder_without_files_misses_all_four(tmp_path):
    assert [Path(problem.file).stem for problem in check(tmp_path)] == [
        "floor",
        "matrix",
        "people",
        "points",
    ]


def test_something_else_is_said_to_be_no_file_of_a_site(tmp_path):
    path = tmp_path / "shopping.yaml"
    path.write_text("flour: 1\n")
    problem = only(check(path))
    assert "first key" in problem.message
    assert problem.suggestion == "floor"


# what stood there, what stands there now, what is said, the nearest valid name
SCENARIO_DEFECTS = [
    ("site: green-lane", "site: green-line", "no site", ""),
    ("period: lesson", "period: lessons", "no such timetable period", "lesson"),
    ("{at: 5 s, press: mcp-1}", "{at: 5 s, press: mcp-2}", "no such call point", "mcp-1"),
    ("{at: 5 s, press: mcp-1}", "{at: 5 s, fire: f1.r9}", "no such space", "f1.r2"),
    ("{at: 5 s, press: mcp-1}", "{at: 5 s, fault: stuck, device: lock-2}",
     "no such device or gateway", "lock-1"),
    ("{at: 5 s, press: mcp-1}", "{at: 5 s, fault: executes-twice, device: sd-1}",
     "possible: off", ""),
    ("{at: 5 s, press: mcp-1}", "{at: 5 s, pres: mcp-1}", "did you mean `press`", ""),
    ("actuate lock-* unlocked", "actuate lokc-* unlocked", "names no entity", "lock-1"),
    ("give_up: 10 min", "give_up: 10 mins", "did you mean `10 min`", ""),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "message", "nearest"), SCENARIO_DEFECTS)
def test_a_scenario_is_held_against_its_site(site, old, new, message, nearest):
    path = site.parent / "green-lane-drill.yaml"
    line = change(path, old, new)
    found = [problem for problem in check(path) if message in problem.message]
    assert found, [str(problem) for problem in check(path)]
    assert found[0].line == line
    assert nearest in (found[0].suggestion, "")
