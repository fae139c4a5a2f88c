"""Verbs that act on people: read, refused with the nearest name, and played as they are written."""

from __future__ import annotations

import pytest

from evacuation.conditions import CALM
from scenarios.check import check
from scenarios.crushrisk import cascades, fall_counts, falls_text
from scenarios.run import Order, run
from tests.scenarios.test_script import script
from twin.handled import DARK_LX, EMERGENCY_LX, Handled

HEAD = "scenario: 1\nsay: People\nsite: primary-school\nperiod: lesson\nhappens:\n"


UNREADABLE = {
    "light: a.sa.f1, lux: 1 lux": "did you mean `1 lx`",
    "mains: fials": "fails",
    "meter: a.x-a, flow: 1 p": "unknown unit 'p'",
    "width: a.x-a, clear: 1.2": "such as `1.2 m`",
    "announce: a.sa.f1, says: hury": "hurry",
    "urgency: a.sa.f1, times: 5": "less than or equal to 2",
    "metre: a.x-a": "did you mean `meter`",
}
UNKNOWN = {
    'marshal: "a.sx.*"': "names no space",
    "handrail: a.sa.f1-f3": "names no stair",
    "one_way: a.sa.f1, toward: a.f1.c1": "no such stair",
    "one_way: a.sa.f1-f2, toward: a.sa.f3": "no such end of a.sa.f1-f2",
    "meter: a.x-q, flow: 1 /s": "no such portal",
    "hold: a.f2.fd-a, from: a.sb.f2": "no such side of a.f2.fd-a",
    "object: a.sa.f1-f9, takes: 1 m": "no such space or portal",
    "errand: c9-1, to: a.f1.wc-w": "names no group",
    "errand: c1-1, to: a.f1.wc-z": "a.f1.wc-w",
    "prefer: c1-1, exit: a.f1.fd-a": "no such exit",
}


@pytest.mark.parametrize("lines", [UNREADABLE, UNKNOWN], ids=["unreadable", "unknown"])
def test_what_is_not_there_is_refused_by_line_with_the_nearest(tmp_path, lines):
    path = tmp_path / "people.yaml"
    path.write_text(HEAD + "".join(f"  - {{at: 1 s, {line}}}\n" for line in lines))
    found = {problem.line: str(problem) for problem in check(path)}
    for number, (line, words) in enumerate(lines.items(), 6):
        assert words in found.get(number, ""), (line, found)


class Measures:
    """Writes down what is done."""

    def __init__(self):
        self.calls = []

    def __getattr__(self, verb):
        return lambda *words: self.calls.append((verb, *words))


@pytest.mark.parametrize(("item", "call"), [
    ({"marshal": "l*", "posted": False}, ("marshal", 1_000, "l*", False, None)),
    ({"light": "l", "lux": "0.1 lx", "lasts": "9 s"}, ("light", 1_000, "l", 0.1, 9_000)),
    ({"mains": "fails", "night": True}, ("mains", 1_000, False, True)),
    ({"handrail": "s"}, ("handrail", 1_000, "s", True)),
    ({"one_way": "s", "toward": "l"}, ("one_way", 1_000, "s", "l", None)),
    ({"meter": "p", "flow": "30 /min"}, ("meter", 1_000, "p", 0.5, None)),
    ({"hold": "p", "from": "l", "lasts": "5 s"}, ("hold", 1_000, "p", "l", 5_000)),
    ({"width": "p", "clear": "90 cm"}, ("width", 1_000, "p", 0.9, None)),
    ({"object": "p", "takes": "0.5 m"}, ("obstruct", 1_000, "p", 0.5, None)),
    ({"announce": "l", "says": "stop"}, ("announce", 1_000, "l", True, None)),
    ({"announce": "l", "says": "hurry"}, ("urge", 1_000, "l", 1.5, None)),
    ({"urgency": "l", "times": 1.2}, ("urge", 1_000, "l", 1.2, None)),
    ({"errand": "g", "to": "w", "share": 0.5}, ("errand", 1_000, "g", "w", 0.5, 60_000, 30_000)),
    ({"prefer": "g", "exit": "x"}, ("prefer", 1_000, "g", "x", 1.0)),
])  # fmt: skip
def test_each_verb_does_what_it_says(item, call):
    played, stage, _ = script({"at": "1 s", **item})
    stage.measures = Measures()
    played.play(1_000)
    assert stage.measures.calls == [call]


def test_what_staff_hold_by_hand_ends_in_an_alarm_and_comes_back_after_it():
    handled = Handled(["landing", "flight"])
    handled.hold("door", held=True)
    handled.hold("exit", held=True, start="landing")
    handled.meter("gate", 0.5)
    handled.one_way([("foot", "landing")], only=True)
    handled.marshal("*", stands=True)
    usual, alarm = (handled.look(True, {}, {}, alarm) for alarm in (False, True))
    assert usual.held == {"door"}
    assert usual.held_from == {("exit", "landing")}
    assert (usual.metered, usual.one_way) == ({"gate": 0.5}, {("foot", "landing")})
    kept = (alarm.held, alarm.held_from, alarm.metered, alarm.one_way)
    assert not any(kept)
    assert alarm.marshals == {"landing", "flight"}, "they stay"


def test_light_that_a_script_sets_goes_before_the_emergency_light():
    handled = Handled(["landing", "flight"])
    handled.fall_night()
    lit, lamps = {"lamp": True}, {"landing": ["lamp"]}
    dark = handled.look(False, lit, lamps).light_lx
    assert dark == {"landing": EMERGENCY_LX, "flight": DARK_LX}
    handled.light("fl*", 50.0)
    assert handled.look(False, lit, lamps).light_lx["flight"] == 50.0
    handled.light("fl*", None)
    handled.fall_night(dark=False)
    assert handled.look(False, lit, lamps) is CALM


def test_the_worst_class_of_risk_of_a_run_and_how_often_in_a_sweep():
    risk = {"k": "crush", "what": "risk", "why": "those behind press on those in front"}
    fall = {"k": "person", "what": "fall", "cause": "misstep", "space": "stair"}
    shown = fall_counts([
        {**risk, "e": "stair", "state": "high"}, {**risk, "e": "hall", "state": "raised"},
        {**fall, "e": "p1"}, {**fall, "e": "p2", "cause": "tripped"},
    ])  # fmt: skip
    assert (shown["risk_class"], list(shown["at_risk"]), shown["r_f"]) == ("high", ["stair"], 1.0)
    assert "R_f 1.00); risk class: high, stair: those behind press" in falls_text(shown)
    quiet = fall_counts([])
    assert falls_text(quiet) == ""
    assert cascades([shown, quiet])["risk_classes"] == {
        "low": 1,
        "raised": 0,
        "high": 1,
        "severe": 0,
    }


@pytest.mark.wire
def test_a_site_without_gateways_runs_on_the_wire(tmp_path):
    path = tmp_path / "gate.yaml"
    path.write_text(
        "scenario: 1\nsay: The gate\nsite: school-gate\nperiod: morning\ngive_up: 3 s\nhappens:\n"
        "  - {at: 1 s, hold: gate, from: lane}\n"
        'expect:\n  - {id: E1, say: Held, eventually: "handling gate held"}\n'
    )
    document = run(Order(path, rig="wire", out=tmp_path / "out", report=False)).document
    assert (document["verdict"], document["requests"]) == ("pass", 0)
