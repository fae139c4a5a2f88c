"""Files: every problem at once, with its line and the nearest right word."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.interface.files import BadFile, line_of, load, nearest, read
from controller.interface.people import PeopleFile
from controller.interface.points import PointList
from tests.controller.conftest import PEOPLE, POINTS


def said(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "points.yaml"
    path.write_text(text)
    with pytest.raises(BadFile) as bad:
        PointList.load(path)
    return [str(problem).removeprefix(str(tmp_path)) for problem in bad.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("poll_ms: 500", "pol_ms: 500",
         "/points.yaml:5: gateways[0].pol_ms: unknown key 'pol_ms' (did you mean 'poll_ms'?)"),
        ("kind: camera", "kind: camra",
         "/points.yaml:18: devices[9].kind: no such device kind: 'camra' (did you mean 'camera'?)"),
        ("gateway: doors-1,\n", "gateway: door-1,\n",
         "/points.yaml:14: devices[6].gateway: no such gateway: 'door-1'"
         " (did you mean 'doors-1'?)"),
        ("id: sd-2", "id: sd-1",
         "/points.yaml:9: devices[1].id: 'sd-1' is already the id of devices[0]"),
        ("holding: 1,", "holding: 0,",
         "/points.yaml:9: devices[1].points.state: sd-2.state is bound where "
         "sd-1.state already is"),
        ("point: bolt", "point: bold",
         "/points.yaml:15: devices[6].points.release.feedback.point: no such point on lock-1: "
         "'bold' (did you mean 'bolt'?)"),
        ("holding: 2,", "holding: 70000,",
         "/points.yaml:12: devices[4].points.state.holding: input should be less than or equal to "
         "65535 (here: 70000)"),
        ("zone: b, gateway: fire-1, points: {state: {holding: 3",
         "gateway: fire-1, points: {state: {holding: 3",
         "/points.yaml:13: devices[5]: a heat-detector needs 'zone'"),
        ("coil: 20, write: true", "discrete: 25, write: true",
         "/points.yaml:16: devices[7].points.on: a discrete cannot be written"),
        ("coil: 20, write: true", "coil: 20",
         "/points.yaml:16: devices[7].points.on: the controller writes this point: say write: true "
         "(or topic cmd/...)"),
        ("topic: cmd/message,", "",
         "/points.yaml:17: devices[8].points.message: give exactly one of coil, discrete, holding, "
         "input or topic, not 0 (here: {'as': 'text'})"),
    ],
    ids=lambda v: v[:20],
)  # fmt: skip
def test_each_mistake_has_its_line_and_its_remedy(tmp_path, old, new, line):
    assert old in POINTS
    assert line in said(tmp_path, POINTS.replace(old, new, 1))


def test_all_mistakes_come_at_once(tmp_path):
    bad = POINTS.replace("kind: camera", "kind: camra").replace("point: bolt", "point: bold")
    assert len(said(tmp_path, bad)) == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"points: 1\nsite: [", "not valid YAML"),
        (b"points: 1\npoints: 1\n", "not valid YAML"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"- a\n- b\n", "expected a mapping"),
        (b"", "expected a mapping"),
        (POINTS.encode()[:700], "not valid YAML"),
    ],
)
def test_a_file_that_is_no_site_file(tmp_path, content, message):
    path = tmp_path / "points.yaml"
    path.write_bytes(content)
    with pytest.raises(BadFile, match=message):
        PointList.load(path)


def test_a_missing_file(tmp_path):
    with pytest.raises(BadFile, match="there is no such file"):
        read(tmp_path / "points.yaml")


def test_times_of_day_stay_text(folder):
    """In YAML 1.1 `08:30` would be the number 510, and `on` would be true."""
    assert read(folder / "people.yaml")["timetable"][0]["from"] == "08:30"


def test_people_who_have_no_profile(tmp_path):
    path = tmp_path / "people.yaml"
    path.write_text(
        PEOPLE.replace("profile: pupil", "profile: pupl").replace("lesson: a", "leson: a")
    )
    with pytest.raises(BadFile) as bad:
        load(path, PeopleFile)
    assert [(p.message, p.suggestion) for p in bad.value.problems] == [
        ("no such profile: 'pupl'", "pupil"),
        ("no such timetable period: 'leson'", "lesson"),
    ]


def test_lines_of_keys_that_are_not_there_are_those_of_their_parent(folder):
    assert line_of(folder / "points.yaml", ("gateways", 1, "nothing")) == 6
    assert line_of(folder / "points.yaml", ()) == 1


def test_nothing_is_nearest_to_something_far():
    assert nearest("elevator", ["door", "sounder"]) == ""


def test_points_carry_what_the_file_says(points):
    point = points.points["lock-1.release"]
    assert (point.binding.area, point.binding.address, point.write) == ("coil", 1, True)
    assert point.feedback is not None
    assert point.feedback.met(True, False)
    assert not point.feedback.met(False, False)
    assert points.zones == ("a", "b")
    assert points.devices["cam-1"].sees == ("a.r1",)
