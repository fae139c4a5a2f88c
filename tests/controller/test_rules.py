"""The matrix at work: cells, delays on the scan clock, latches, priorities, reasons."""

from __future__ import annotations

import pytest

from controller import matrix
from controller.alarms import Alarms
from controller.image import Image
from controller.interface.points import PointList, Quality, Sample
from controller.rules import PULSE_MS, State, decide
from controller.service import NEVER
from tests.controller.conftest import MATRIX, POINTS


class Panel:
    """Rules under test: say what devices report, then look at what is on."""

    def __init__(self, matrix, points):
        self.matrix, self.state = matrix, State()
        self.image = Image(Alarms(points, matrix.confirm))
        self.now, self.wake = 0, 0
        for point in points.points:
            if self.image.alarms.watches(point):
                self.image.alarms.update(point, "normal", Quality.GOOD, 0)

    def alarm(self, *devices):
        for device in devices:
            self.image.alarms.update(f"{device}.state", "alarm", Quality.GOOD, self.now)

    def normal(self, *devices):
        for device in devices:
            self.image.alarms.update(f"{device}.state", "normal", Quality.GOOD, self.now)

    def see(self, point, value, quality=Quality.GOOD):
        self.image.samples[point] = Sample(point, value, quality, self.now)

    def at(self, now):
        self.now = now
        outcome = decide(self.matrix, self.state, self.image, now)
        self.state, self.wake = outcome.state, outcome.state.wake_ms
        return [(d.rule, d.what) for d in outcome.decisions]

    def claim(self, output):
        claim = self.state.claims.get(output)
        return None if claim is None else (claim.value, claim.priority)


@pytest.fixture
def panel(rules, points):
    return Panel(rules, points)


@pytest.fixture
def panel_with(compile_matrix, points):
    def build(*changes):
        text = MATRIX
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        return Panel(compile_matrix(text), points)

    return build


def test_a_quiet_site_decides_nothing(panel):
    assert panel.at(0) == []
    assert panel.wake == NEVER


def test_a_fire_acts_at_once_and_the_voice_three_seconds_later(panel):
    panel.alarm("sd-1", "sd-2")
    assert panel.at(1000) == [
        ("first-a>desk", "on"),
        ("fire-a>sounders", "on"),
        ("fire-a>doors", "on"),
    ]
    assert panel.wake == 4000
    assert panel.at(3999) == []
    assert panel.at(4000) == [("fire-a>voice", "on")]


def test_a_decision_names_its_reason(panel):
    panel.alarm("sd-1", "mcp-1")
    panel.now = 500
    outcome = decide(panel.matrix, panel.state, panel.image, 500)
    by_rule = {d.rule: d for d in outcome.decisions}
    assert by_rule["fire-a>doors"].inputs == ("sd-1", "mcp-1")
    assert by_rule["mcp-any>sounders"].inputs == ("mcp-1",)


def test_decide_changes_nothing_it_was_given(panel):
    panel.alarm("sd-1")
    before = State()
    once = decide(panel.matrix, before, panel.image, 0)
    again = decide(panel.matrix, before, panel.image, 0)
    assert (before, once) == (State(), again)


def test_a_delay_starts_over_when_its_cause_goes(panel_with):
    panel = panel_with(("voice: D3L", "voice: D3"), ("latch: true", "latch: false"))
    panel.alarm("sd-1", "sd-2")
    panel.at(0)
    panel.normal("sd-1", "sd-2")
    panel.at(2000)
    panel.alarm("sd-1", "sd-2")
    panel.at(2500)
    assert panel.at(5000) == []
    assert panel.at(5500) == [("fire-a>voice", "on")]


def order(panel, word):
    panel.see("desk-1.seen", word)
    if word == "reset":
        panel.image.alarms.reset(panel.now + 2000)


def test_l_holds_until_reset_and_u_until_reset_and_operator(panel):
    panel.alarm("sd-1", "sd-2")
    panel.at(0)
    panel.at(3000)
    panel.normal("sd-1", "sd-2")
    assert panel.at(60_000) == []
    order(panel, "reset")
    offs = [rule for rule, what in panel.at(61_000) if what == "off"]
    assert offs == ["first-a>desk", "fire-a>sounders", "fire-a>voice"]
    assert panel.claim("lock-1.release") == (True, 2)
    order(panel, "release")
    assert panel.at(70_000) == [("fire-a>doors", "off")]


def test_l_holds_although_its_cause_has_ended(panel_with):
    panel = panel_with(("latch: true", "latch: false"))
    panel.alarm("sd-1", "sd-2")
    panel.at(0)
    panel.normal("sd-1", "sd-2")
    assert ("fire-a>sounders", "off") not in panel.at(5000)
    panel.see("desk-1.seen", "reset")
    assert ("fire-a>sounders", "off") in panel.at(6000)


def test_the_operator_alone_does_not_lock_a_door_again(panel):
    panel.alarm("sd-1", "sd-2")
    panel.at(0)
    panel.normal("sd-1", "sd-2")
    order(panel, "release")
    panel.at(1000)
    assert panel.claim("lock-1.release") == (True, 2)


def test_a_pulse_lasts_one_second_and_is_not_written_back(tmp_path):
    latch = "bolt: {discrete: 1}, reset-latch: {coil: 4, write: true},"
    (tmp_path / "points.yaml").write_text(POINTS.replace("bolt: {discrete: 1},", latch))
    points = PointList.load(tmp_path / "points.yaml")
    unlatch = (
        '  - {id: unlatch, say: "Let go", outputs: [lock-1.reset-latch], value: true}\nrows:\n'
    )
    text = MATRIX.replace("rows:\n", unlatch)
    text = text.replace("mcp-any: {sounders: X}", "mcp-any: {unlatch: P}")
    (tmp_path / "matrix.yaml").write_text(text)
    panel = Panel(matrix.load(tmp_path / "matrix.yaml", points), points)
    panel.alarm("mcp-1")
    panel.at(0)
    assert panel.state.claims["lock-1.reset-latch"].rest is None
    assert panel.wake == PULSE_MS
    assert panel.at(PULSE_MS) == [("mcp-any>unlatch", "off")]
    assert panel.at(10 * PULSE_MS) == []


def test_c_needs_two_causes_of_its_column(panel_with):
    panel = panel_with(
        ("first-a: {desk: X}", "first-a: {voice: C}"),
        ("mcp-any: {sounders: X}", "mcp-any: {voice: C}"),
    )
    panel.alarm("mcp-2")
    assert panel.at(0) == []
    panel.alarm("sd-1")
    assert ("mcp-any>voice", "on") in panel.at(250)


def test_i_inhibits_what_ranks_no_higher(panel_with):
    panel = panel_with(
        ("mcp-any: {sounders: X}", "mcp-any: {voice: I}"),
        ("first-a: {desk: X}", "first-a: {voice: X}"),
    )
    panel.alarm("sd-1")
    panel.at(0)
    assert panel.claim("pa-1.message") == ("evacuate", 4)
    panel.alarm("mcp-2")
    panel.at(250)
    assert panel.claim("pa-1.message") is None


def test_i_of_lower_rank_cannot_stop_a_fire(panel_with):
    panel = panel_with(("first-a: {desk: X}", "first-a: {sounders: I}"))
    panel.alarm("sd-1", "sd-2")
    panel.at(0)
    assert panel.claim("snd-1.on") == (True, 2)


def test_m_waits_for_the_operator(panel_with):
    panel = panel_with(("first-a: {desk: X}", "first-a: {voice: M}"))
    panel.alarm("sd-1")
    assert panel.at(0) == []
    order(panel, "release")
    assert panel.at(250) == [("first-a>voice", "on")]


def test_the_higher_priority_wins_and_the_lower_takes_over(panel_with):
    quiet = '  - {id: quiet, say: "Quiet", outputs: ["snd-*.on"], value: false}\nrows:'
    panel = panel_with(("rows:", quiet), ("first-a: {desk: X}", "first-a: {quiet: X}"))
    panel.alarm("sd-1")
    panel.at(0)
    assert panel.claim("snd-1.on") == (False, 4)
    panel.alarm("mcp-1")
    panel.at(250)
    assert panel.claim("snd-1.on") == (True, 2)


def test_a_silent_panel_is_told_after_ten_seconds(panel):
    panel.image.lost["fire-1"] = 5000
    assert panel.at(5250) == []
    assert panel.wake == 15_000
    assert panel.at(15_000) == [("panel-lost>desk", "on")]
    del panel.image.lost["fire-1"]
    assert panel.at(16_000) == [("panel-lost>desk", "off")]


def test_crowding_must_last_and_stale_figures_say_nothing(panel):
    panel.see("cam-1.density", 3.6)
    panel.at(0)
    panel.see("cam-1.density", 3.6, Quality.STALE)
    panel.at(2000)
    panel.see("cam-1.density", 3.6)
    panel.at(2500)
    assert panel.at(3000) == []
    assert panel.at(5500) == [("crowd>desk", "on")]


def test_without_a_time_two_of_three_samples_count(panel_with):
    panel = panel_with(("limit: 3.5, for_s: 3", "limit: 3.5"))
    panel.see("cam-1.density", 5.0)
    panel.image.recent["cam-1.density"] = (1.0, 5.0)
    assert panel.at(0) == []
    panel.image.recent["cam-1.density"] = (5.0, 1.0, 5.0)
    assert panel.at(250) == [("crowd>desk", "on")]
