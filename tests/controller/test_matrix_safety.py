"""A matrix that is well formed and would still fail people is refused, with the reason."""

from __future__ import annotations

import pytest

from controller import matrix
from controller.interface.points import PointList
from tests.controller.conftest import MATRIX, POINTS

LOCKDOWN = """  - {id: shut, say: "Lock", outputs: ["lock-*.release"], value: false}
rows:
  crowd: {shut: X, desk: X}"""


@pytest.fixture
def said(tmp_path):
    """What is wrong with a matrix on an I/O list, both as text."""

    def check(rows: str, points: str = POINTS) -> list[str]:
        (tmp_path / "points.yaml").write_text(points)
        (tmp_path / "matrix.yaml").write_text(rows)
        found = matrix.check(tmp_path / "matrix.yaml", PointList.load(tmp_path / "points.yaml"))
        return [f"{problem.path}: {problem.message}" for problem in found]

    return check


def test_the_test_sites_matrix_is_safe(said):
    assert said(MATRIX) == []


def test_a_lock_that_no_confirmed_fire_releases(said):
    text = "rows: no confirmed fire releases lock-1.release: people behind this lock stay there"
    assert said(MATRIX.replace("doors: U, ", "")) == [
        'effects[3].id: no row has the effect \'doors\'',
    ]  # fmt: skip
    moved = MATRIX.replace("doors: U, ", "").replace("crowd: {desk: X}", "crowd: {doors: X}")
    assert said(moved) == [text]


def test_a_lockdown_must_rank_below_fire(said):
    rows = MATRIX.replace("rows:", LOCKDOWN, 1).replace("\n  crowd: {desk: X}", "", 1)
    assert said(rows) == []
    first = rows.replace("when: above, ", "when: above, priority: 1, ")
    assert said(first) == [
        "rows.crowd.shut: lock-1.release stays locked by this in a fire: a lower priority is needed"
    ]


def test_a_lockdown_of_its_own_output_must_rank_below_fire_too(said):
    points = POINTS.replace(
        "bolt: {discrete: 1},", "bolt: {discrete: 1}, lockdown: {coil: 2, write: true},", 1
    )
    rows = MATRIX.replace("rows:", LOCKDOWN, 1).replace("\n  crowd: {desk: X}", "", 1)
    rows = rows.replace('"lock-*.release"], value: false', '"lock-*.lockdown"], value: true')
    assert said(rows, points) == []
    assert said(rows.replace("when: above, ", "when: above, priority: 1, "), points) == [
        "rows.crowd.shut: lock-1.lockdown keeps lock-1.release from a fire: "
        "a lower priority is needed"
    ]


def test_a_value_that_its_device_does_not_take(said):
    assert said(MATRIX.replace("value: evacuate}", "value: evakuate}")) == [
        "effects[2].value: pa-1.message never takes 'evakuate'"
    ]


@pytest.mark.parametrize(
    ("old", "new", "counts", "right"),
    [
        ("", "", "true", True),
        ("id: sd-2, kind: smoke-detector, at: a.r2, zone: a",
         "id: sd-2, kind: smoke-detector, at: a.r2, zone: b", "true", True),
        ("id: sd-2, kind: smoke-detector, at: a.r2, zone: a",
         "id: sd-2, kind: smoke-detector, at: a.r2, zone: b", "false", False),
    ],
)  # fmt: skip
def test_a_fire_that_can_never_be_confirmed(said, old, new, counts, right):
    rows = MATRIX.replace("call_point_counts: true", f"call_point_counts: {counts}")
    found = said(rows, POINTS.replace(old, new) if old else POINTS)
    assert (found == []) is right
    if not right:
        assert found == [
            "causes[1].zones[0]: zone 'a' can never be confirmed: it takes two detectors"
        ]


def test_what_latches_must_have_an_end(said):
    desk = next(line for line in POINTS.splitlines() if "id: desk-1" in line)
    points = POINTS.replace(desk, desk.replace(", seen: {topic: state/seen, as: text}", ""))
    texts = said(MATRIX, points)
    assert "rows.fire-a.sounders: this latches, but nothing resets" in texts[1]
    reset = MATRIX + "reset: {point: pa-1.playing, equals: reset}\n"
    assert "rows.fire-a.doors: this waits for the operator" in said(reset, points)[1]
    both = reset + "operator: {point: pa-1.playing, equals: release}\n"
    assert len(said(both, points)) == 1


def test_an_output_that_nothing_supervises(said):
    points = POINTS.replace(", sounding: {discrete: 20}, line: {input: 4}", "")
    assert said(MATRIX, points) == [
        "effects[1].outputs[0]: nothing tells whether snd-1.on works: its device has no input"
    ]
