"""The gate: modes of the day, vehicles and people, and bollards that rise under nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest

from controller.access.deciding import Situation
from controller.access.hours import clock_ms
from controller.arbitration import Claim
from controller.decider import Decider
from controller.gate.entry import GateEntry
from controller.gate.gate import Gate, compile_gate
from controller.interface.files import BadFile, load
from controller.interface.journal import Journal
from controller.interface.operation import Operation
from controller.interface.people import PeopleFile
from controller.plan import loading
from controller.sections import Sections
from controller.service import NEVER
from tests.controller.test_muster import HALL, Doors, card, parts

__all__ = ["parts"]

NOON = clock_ms("12:00")
ENTRY = {
    "portal": "gate", "bollards": ["bollard-1"], "people": "cam-2.count", "line": "cam-2.intrusion",
    "attack": ["threat"], "clear_s": 5, "open_s": 30,
    "modes": [{"id": "leaving", "from": "16:30", "to": "17:10", "free": ["turn-1"]},
              {"id": "deliveries", "from": "05:00", "to": "06:00", "vehicles": True}],
}  # fmt: skip
CLEAR = {"cam-2.count": 0, "cam-2.intrusion": 0, "bollard-1.loop": False}


@pytest.fixture
def people(parts):
    return load(HALL / "people.yaml", PeopleFile)


class At:
    """One gate, told what its inputs read; `reads` begins with everything known to be clear."""

    def __init__(self, people, **changes):
        self.gate = Gate(compile_gate(GateEntry.model_validate(ENTRY | changes), people))
        self.reads = dict(CLEAR)

    def at(self, second, *causes, day_ms=NOON, **reads):
        names = {"people": "cam-2.count", "line": "cam-2.intrusion", "loop": "bollard-1.loop"}
        self.reads |= {names[k]: v for k, v in reads.items()}
        return list(self.gate.step(self.reads.get, causes, day_ms, round(second * 1000)))

    def asks(self, second):
        why = self.gate.refuses(round(second * 1000))
        if not why:
            self.gate.let(round(second * 1000))
        return why

    @property
    def down(self):
        return "bollard-1.lower" in self.gate.claims()


@pytest.fixture
def gate(people):
    one = At(people)
    one.at(0)
    return one


def test_a_vehicle_is_let_in_when_nobody_has_been_in_the_area_for_its_time(gate):
    gate.at(0, people=3)
    assert gate.asks(4) == "people in the gate area"
    gate.at(5, people=0)
    assert gate.asks(6) == ""
    assert gate.down


@pytest.mark.parametrize("count", [1, None, "?"])
def test_what_is_not_known_counts_as_people(gate, count):
    gate.at(60, people=count)
    assert gate.asks(60) == "people in the gate area"
    assert not gate.down


def test_no_vehicle_comes_in_at_dismissal_and_turnstiles_stand_open(gate):
    assert gate.at(10, day_ms=clock_ms("16:30")) == [("mode", "leaving")]
    assert gate.asks(20) == "mode leaving"
    assert gate.gate.claims()["turn-1.free"].priority == 6
    assert gate.at(30, "threat", day_ms=clock_ms("16:31")) == [("attack", "")]
    assert gate.gate.claims() == {}
    assert gate.at(40, day_ms=clock_ms("17:10")) == [("mode", "day"), ("attack-over", "")]
    assert gate.at(50, day_ms=clock_ms("05:00")) == [("mode", "deliveries")]
    assert gate.asks(60) == ""


def test_no_vehicle_comes_in_in_an_attack(gate):
    gate.at(10, "threat")
    assert gate.asks(10) == "attack"


def test_it_shuts_when_the_vehicle_has_gone_over_the_loop(gate):
    gate.asks(10)
    gate.at(12, loop=True)
    assert gate.at(14) == []
    gate.at(15, loop=False)
    assert gate.at(15.5) == []
    assert gate.at(17) == [("shut", "gone")]
    assert not gate.down


def test_it_shuts_when_nobody_came(gate):
    gate.asks(10)
    assert gate.at(39) == []
    assert gate.at(40) == [("shut", "late")]


@pytest.mark.parametrize("loop", [True, None])
def test_it_does_not_rise_under_a_vehicle_or_while_the_loop_is_not_known(gate, loop):
    gate.asks(10)
    gate.at(12, loop=loop)
    assert gate.at(60) == [("held", "vehicle on the loop")]
    assert gate.at(61, "threat") == [("attack", "")]
    assert gate.down
    gate.at(62, "threat", loop=False)
    assert gate.at(64, "threat") == []
    assert not gate.down


@pytest.mark.parametrize("line", [1, None])
def test_it_does_not_rise_under_somebody_on_the_line(gate, line):
    gate.asks(10)
    assert gate.at(40, line=line) == [("held", "somebody on the line")]
    assert gate.at(50) == []
    assert gate.at(60, line=0) == [("shut", "late")]


def test_without_a_camera_on_the_line_nobody_may_be_in_the_area(people):
    gate = At(people, line="")
    gate.at(0)
    gate.asks(10)
    assert gate.at(40, people=1) == [("held", "somebody on the line")]
    assert gate.at(50, people=0) == [("shut", "late")]


def test_the_matrix_comes_before_the_gate_and_an_emergency_rise_waits_for_people(gate):
    gate.asks(10)
    lower, efo = "bollard-1.lower", "bollard-1.efo"
    fire, up = Claim(False, 2, "fire>b", None), Claim(True, 3, "threat>up", False)
    merged = gate.gate.merged
    assert merged({lower: fire}, gate.reads.get)[lower] is fire
    assert set(merged({efo: up}, gate.reads.get)) == {efo}, "never driven against each other"
    assert set(merged({efo: up, lower: fire}, gate.reads.get)) == {efo, lower}
    gate.reads["cam-2.intrusion"] = 1
    assert set(merged({efo: up}, gate.reads.get)) == {lower}
    gate.reads["cam-2.intrusion"] = None
    assert set(merged({efo: up}, gate.reads.get)) == {efo}, "a blind camera stops no defence"
    assert set(merged({efo: replace(up, value=False)}, gate.reads.get)) == {efo, lower}


def test_without_a_line_an_emergency_rise_is_the_matrix_s_own(people):
    gate = At(people, line="")
    up = Claim(True, 3, "threat>up", False)
    assert gate.gate.merged({"bollard-1.efo": up}, gate.reads.get) == {"bollard-1.efo": up}


def test_it_knows_when_to_look_again(gate):
    assert gate.gate.wake_ms(NOON, 10_000) == 10_000 + clock_ms("16:30") - NOON
    gate.asks(10)
    assert gate.gate.wake_ms(NOON, 10_000) == 40_000
    bare = Gate(replace(gate.gate.plan, modes=()))
    assert bare.wake_ms(NOON, 10_000) == NEVER


def test_it_goes_on_after_a_restart(gate, people):
    gate.at(0, day_ms=clock_ms("16:30"))
    gate.gate.let(10_000)
    after = At(people)
    after.gate.restore(gate.gate.capture(), lambda t: t - 10_000 if t != NEVER else t)
    assert (after.gate.state, after.gate.mode.id) == ("open", "leaving")
    assert after.at(30, day_ms=clock_ms("16:31")) == [("shut", "late")]
    odd = [*gate.gate.capture()[:-1], "holiday"]
    after.gate.restore(odd, lambda t: t)
    assert after.gate.mode.id == "day"


WRONG = [
    ({"portal": "x-turn"}, "no such portal with a bollard: 'x-turn'"),
    ({"bollards": ["bollard-9"]}, "no such bollard: 'bollard-9'"),
    ({"people": "cam-2.density"}, "no such count of a camera: 'cam-2.density'"),
    ({"line": "cam-9.count"}, "no such count of a camera: 'cam-9.count'"),
    ({"modes": [{"id": "m", "free": ["lock-1"]}]}, "no such turnstile: 'lock-1'"),
    ({"modes": [{"id": "m", "periods": ["noon"]}]}, "no such timetable period: 'noon'"),
]


@pytest.mark.parametrize(("change", "text"), WRONG)
def test_what_leads_nowhere_is_said_in_one_sentence(parts, people, change, text):
    found = GateEntry.model_validate(ENTRY | change).findings(parts[0], people)
    assert text in [one.message for one in found]


def test_a_bollard_without_a_loop_is_refused(parts, people):
    points = parts[0]
    bare = replace(points.devices["bollard-1"], points=())
    points = replace(points, devices={**points.devices, "bollard-1": bare})
    found = list(GateEntry.model_validate(ENTRY).findings(points, people))
    assert [one.message for one in found] == [
        "bollard-1 has no point `loop`: nothing would keep it from rising"
    ]


def test_a_vehicle_is_let_in_by_its_card_and_refused_with_the_reason(parts):
    site = Doors(parts)
    site.at(1, ("cam-2.count", 0), ("cam-2.intrusion", 0), ("bollard-1.loop", False))
    site.reads(10, "rd-gate", "fitters.p01")
    assert site.last()["what"] == "granted"
    site.at(11)
    lowered = [r for r in site.journal.records if r["e"] == "bollard-1.lower"]
    assert [r["value"] for r in lowered if r["k"] == "command"] == [True]
    site.at(60, ("cam-2.count", 2))
    site.reads(61, "rd-gate", "fitters.p02")
    assert site.last()["why"] == "people in the gate area"
    site.reads(62, "rd-in", "fitters.p02")
    assert site.last()["what"] == "granted", "on foot he comes in"
    told = [r["what"] for r in site.journal.records if r["k"] == "gate"]
    assert told == ["open", "shut"]


def test_a_site_without_sections_has_none(parts):
    bare = Decider(*parts[:2], Journal(None, "0", {}))
    assert bare.sections.wake_ms == NEVER
    assert not bare.sections.spoke
    asked = Operation("1", "anna", "guard", "muster", "", "")
    assert not bare.sections.owns(asked)
    assert bare.sections.claim({}, (), 0) == {}
    assert bare.sections.serve({}, (), 0) == []
    assert "nothing to muster" in bare.operate(asked, 0).text
    only = replace(parts[2], access=None, intrusion=())
    gate = Sections(only, parts[0], parts[1], bare.image, Journal(None, "0", {}))
    assert gate.serve({}, (), 0) == []
    doors = replace(parts[2], gate=None)
    alone = Sections(doors, parts[0], parts[1], bare.image, Journal(None, "0", {}))
    assert alone.serve({}, (), 0) == []


def test_all_sections_outlast_a_restart_and_hear_operators(parts):
    site = Doors(parts)
    site.ask("arm", "fence-1")
    kept = site.decider.capture()
    after = Decider(*parts[:2], Journal(None, "0", {}), parts[2])
    after.restore(kept, 0)
    assert after.capture()["sections"] == kept["sections"]
    assert set(kept["sections"]) == {"access", "intrusion", "gate"}


def test_what_closes_a_door_comes_last_and_not_on_the_way_out(parts):
    access = Doors(parts).decider.sections.access.access
    how = Situation(NOON, closed={"x-turn": "attack"})
    assert access.decide("rd-in", card("fitters.p01"), 0, how).why == "attack"
    assert access.decide("rd-in", card("fitters.p03"), 0, how).why == "blocked"
    assert access.decide("rd-out", card("fitters.p01"), 0, how).what == "left"


def test_what_is_wrong_in_a_section_is_named_with_file_and_line(parts, people, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(
        "plan: 1\nutc_offset_h: 8\ngate:\n  portal: gaate\n  bollards: [bollard-1]\n"
        "  people: cam-2.count\n"
        "  attack: [thread]\n"
    )
    with pytest.raises(BadFile) as bad:
        loading.load(path, parts[0], parts[1], people)
    assert [(one.line, one.path, one.suggestion) for one in bad.value.problems] == [
        (4, "gate.portal", "gate"), (7, "gate.attack", "threat"),
    ]  # fmt: skip
    assert loading.check(path, parts[0], parts[1], people) == list(bad.value.problems)
