"""release.yaml: who is meant, in which order, and what names lead nowhere."""

import json

import pytest

from controller.interface.files import BadFile, load
from controller.interface.people import PeopleFile
from controller.interface.points import PointList
from controller.interface.release import ReleaseFile, in_release
from scenarios.catalog import SITES

SCHOOL = SITES / "primary-school"


@pytest.fixture(scope="module")
def people():
    return load(SCHOOL / "people.yaml", PeopleFile)


@pytest.fixture(scope="module")
def points():
    return PointList.load(SCHOOL / "points.yaml")


def plan(**more):
    steps = [{"at_s": 0, "rooms": ["a.f1.*"]}, {"at_s": 60, "grades": [6]}]
    return {"release": 1, "say": "A plan", "period": "lesson", "steps": steps, **more}


def read(tmp_path, **more):
    path = tmp_path / "release.yaml"
    path.write_text(json.dumps(plan(**more)))
    return load(path, ReleaseFile)


def said(people, points, file):
    return [(f.message, f.suggestion) for f in in_release(file, points, people, ["crowd-a"])]


def test_steps_name_classes_by_floor_by_grade_and_by_name(people, tmp_path):
    steps = [*plan()["steps"], {"at_s": 90, "groups": ["c2-4", "c5-*", "c6-1"]}]
    at = read(tmp_path, steps=steps).released(people)
    assert [at[f"c1-{n}"] for n in range(1, 6)] == [0] * 5
    assert [at[f"c6-{n}"] for n in range(1, 6)] == [60] * 5  # the first step that names it counts
    assert (at["c2-4"], at["c5-5"]) == (90, 90)
    assert "c3-1" not in at
    assert "office-2" not in at  # staff are no class


def test_steps_stand_in_the_order_of_time(tmp_path):
    with pytest.raises(BadFile, match="30 s after 60 s"):
        read(tmp_path, steps=[{"at_s": 60, "grades": [1]}, {"at_s": 30, "grades": [2]}])


@pytest.mark.parametrize(("more", "words"), [
    ({"steps": [{"at_s": 0}]}, "names who may go"),
    ({"steps": []}, "at least 1"),
    ({"hold": {"causes": ["x"], "longest_s": 3600}}, "less than or equal to 600"),
    ({"posts": [{"at": "a.sa.f1", "from_s": 60, "to_s": 60}]}, "ends after it begins"),
    ({"pasts": []}, "posts"),
])  # fmt: skip
def test_a_plan_that_cannot_be_meant_is_refused(tmp_path, more, words):
    with pytest.raises(BadFile, match=words):
        read(tmp_path, **more)


@pytest.mark.parametrize(("more", "message", "hint"), [
    ({"period": "leson"}, "no such timetable period: 'leson'", "lesson"),
    ({"steps": [{"at_s": 0, "groups": ["c7-1"]}]}, "no such class in this period: 'c7-1'", None),
    ({"steps": [{"at_s": 0, "rooms": ["a.f9.*"]}]}, "no such space with a class: 'a.f9.*'", None),
    ({"steps": [{"at_s": 0, "grades": [7]}]}, "no class of grade 7 in this period; "
     "there are grades 1, 2, 3, 4, 5, 6", ""),
    ({"start": {"point": "desk-1.sen", "equals": "x"}}, "no such input: 'desk-1.sen'",
     "desk-1.seen"),
    ({"calls": ["pa-a-f1.mesage"]}, "no such output: 'pa-a-f1.mesage'", "pa-a-f1.message"),
    ({"during": [{"outputs": ["lock-x-c.release"], "value": True}]},
     "no such output: 'lock-x-c.release'", "lock-x-b.release"),
    ({"hold": {"causes": ["crowd-b"]}}, "no such cause in the matrix: 'crowd-b'", "crowd-a"),
    ({"posts": [{"at": "a.sa.f1", "to_s": 9, "who": "office-1.p09"}]},
     "no such member of a group: 'office-1.p09'", None),
])  # fmt: skip
def test_names_that_lead_nowhere_come_with_the_nearest(
    people, points, tmp_path, more, message, hint
):
    found = said(people, points, read(tmp_path, **more))
    assert [words for words, _ in found] == [message]
    assert hint is None or found[0][1] == hint


def test_two_classes_of_one_room_hear_the_same_call(people, points, tmp_path):
    steps = [{"at_s": 0, "grades": [1]}, {"at_s": 30, "grades": [2, 3]}]
    found = said(people, points, read(tmp_path, period="canteen", steps=steps))
    assert found[0][0] == "c1-1 and c2-1 sit in canteen and hear the same call: one time for both"
