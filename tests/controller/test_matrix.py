"""The cause-and-effect matrix: what it compiles to, and what is wrong with a bad one."""

from __future__ import annotations

import pytest

from controller.interface.files import BadFile
from tests.controller.conftest import MATRIX


def test_the_matrix_is_the_program(rules):
    assert [rule.id for rule in rules.rules] == [
        "first-a>desk",
        "fire-a>sounders",
        "fire-a>voice",
        "fire-a>doors",
        "mcp-any>sounders",
        "panel-lost>desk",
        "crowd>desk",
    ]
    voice = rules.rules[2]
    assert (voice.mode, voice.delay_ms, voice.priority) == ("L", 3000, 2)
    assert rules.causes["mcp-any"].zones == ("a", "b")
    assert rules.effects["doors"].rest == {"lock-1.release": False}


def test_a_fine_matrix_has_no_problems(problems):
    assert problems(MATRIX) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("  mcp-any: {s", "  mcp-ani: {s", "no such cause: 'mcp-ani' (did you mean 'mcp-any'?)"),
        ("{desk: X}\n  fire", "{desc: X}\n  fire", "no such effect: 'desc' (did you mean 'desk'?)"),
        ("voice: D3L", "voice: D3Q", "'D3Q' is not a cell"),
        ("snd-*.on", "siren-*.on", "'siren-*.on' names no output"),
        ("lock-*.release", "lock-*.bolt", "lock-1.bolt is an input, not an output"),
        ("value: evacuate", "value: 1", "1 cannot be written: pa-1.message is a text"),
        ("zones: [a], clause", "zones: [aa], clause", "'aa' names no zone"),
        ("gateways: [fire-1]", "gateways: [fir-1]", "'fir-1' names no gateway"),
        ("when: call-point, zones", "when: call-point, zone",
         "unknown key 'zone' (did you mean 'zones'?)"),
        ("point: cam-1.density", "point: cam-1.densty", "no such point: 'cam-1.densty'"),
        ("when: above, point: cam-1.density, limit: 3.5",
         "when: point, point: mcp-1.state, equals: alarm",
         "mcp-1.state belongs to a call-point"),
        ("when: above, point: cam-1.density, limit: 3.5, for_s: 3",
         "when: above, point: cam-1.density",
         "a cause 'above' needs 'limit'"),
    ],
)  # fmt: skip
def test_each_mistake_is_named_with_its_nearest_right_word(problems, old, new, said):
    assert old in MATRIX
    assert any(said in line for line in problems(MATRIX.replace(old, new))), said


def test_a_problem_names_its_line(problems):
    lines = MATRIX.splitlines()
    number = next(n for n, line in enumerate(lines, 1) if "snd-*.on" in line)
    assert f":{number}: effects[1].outputs[0]" in problems(MATRIX.replace("snd-*.on", "sd-*.on"))[0]


def test_all_problems_come_at_once(problems):
    bad = MATRIX.replace("snd-*.on", "sd-*.on").replace("voice: D3L", "voice: Q")
    assert len(problems(bad)) >= 2


def test_two_rows_that_fight_over_an_output(problems):
    extra = '  - {id: quiet, say: "Quiet", outputs: ["snd-*.on"], value: false}\nrows:'
    bad = MATRIX.replace("rows:", extra).replace("mcp-any: {sounders: X}", "mcp-any: {quiet: X}")
    (line,) = problems(bad)
    assert "snd-1.on goes to False here and to True by row 'fire-a', both at priority 2" in line
    assert problems(bad.replace("when: call-point, ", "when: call-point, priority: 3, ")) == []


def test_a_call_point_is_no_detector(tmp_path, folder):
    from controller import matrix
    from controller.interface.points import PointList

    text = (folder / "points.yaml").read_text().replace("zone: b", "zone: a")
    text = text.replace(
        "id: mcp-2, kind: call-point, at: a.r1, zone: a",
        "id: mcp-2, kind: call-point, at: a.r1, zone: b",
    )
    (folder / "points.yaml").write_text(text)
    points = PointList.load(folder / "points.yaml")
    (folder / "matrix.yaml").write_text(
        MATRIX.replace("when: first, zones: [a]", "when: first, zones: [b]")
    )
    found = [str(p) for p in matrix.check(folder / "matrix.yaml", points)]
    assert any("zone 'b' has no detector: a call point is not one" in line for line in found)


def test_loading_a_bad_matrix_is_refused(compile_matrix):
    with pytest.raises(BadFile):
        compile_matrix(MATRIX.replace("snd-*.on", "sd-*.on"))
