"""Unknown is not normal: what only looks quiet is recognised, shown, and blocks the reset."""

from __future__ import annotations

import pytest

from controller.drivers.life import Life
from controller.faults import BRIEF_MS, STEADY_MS, Faults
from controller.interface.loopwords import LoopWord, loop_word, read_loop
from controller.interface.points import Binding, Point, Quality
from controller.interface.registers import to_value
from controller.replay import replay
from controller.troubles import troubles
from tests.controller.bench import Bench
from tests.devices.plant import POINTS

FRAMES = POINTS.replace(
    "points: {count: {topic: state/count, as: number},",
    "points: {frames: {topic: state/frames, as: number}, count: {topic: state/count, as: number},",
)


@pytest.fixture
def bench(tmp_path):
    bench = Bench(tmp_path)
    bench.run(8)
    return bench


def repeats(bench, tmp_path):
    """A replay of the journal says the same, byte for byte."""
    path = tmp_path / "controller.jsonl"
    path.write_text("\n".join(bench.journal.lines) + "\n")
    found = replay(path, bench.site.points, bench.site.matrix)
    return found.line == 0, found


@pytest.mark.parametrize(
    ("word", "said"),
    [
        (0x0000, LoopWord("normal", Quality.UNKNOWN)),  # first read of zero
        (0xFFFF, LoopWord("normal", Quality.UNKNOWN)),
        (0x1000, LoopWord("normal", Quality.UNKNOWN)),  # neither enabled nor disabled
        (0x0400, LoopWord("normal", Quality.UNKNOWN)),  # neither active nor inactive
        (0x1600, LoopWord("normal", Quality.UNKNOWN)),  # both enabled and disabled
        (0x1C01, LoopWord("alarm", Quality.FAULT)),  # active and inactive: an alarm all the same
        (0x0801, LoopWord("alarm", Quality.FAULT)),
    ],
)
def test_a_word_that_contradicts_itself_is_not_normal(word, said):
    assert loop_word(word) == said


@pytest.mark.parametrize(("as_type", "bit"), [("loop-gst", 4), ("loop-nk", -1), ("loop", -1)])
def test_a_register_of_all_ones_is_not_a_state(as_type, bit):
    assert read_loop(as_type, 0xFFFF, bit).quality is Quality.UNKNOWN


def test_all_ones_are_no_number_except_minus_one():
    assert to_value(Binding("input", as_type="u16"), (0xFFFF,))[1] is Quality.UNKNOWN
    assert to_value(Binding("input", as_type="u32"), (0xFFFF,) * 2)[1] is Quality.UNKNOWN
    assert to_value(Binding("holding", as_type="bool", bit=3), (0xFFFF,))[1] is Quality.UNKNOWN
    assert to_value(Binding("input", as_type="s16"), (0xFFFF,)) == (-1, Quality.GOOD)
    assert to_value(Binding("discrete"), (1,))[1] is Quality.GOOD


def test_the_first_zeros_of_a_gateway_are_not_taken_for_its_registers(tmp_path):
    bench = Bench(tmp_path)
    bench.plant.fault("doors", "first-read-zero")
    bench.run(0.25)
    assert bench.quality("lock-1.bolt") == "unheard"
    bench.run(1)
    assert bench.controller.decider.image.good("lock-1.bolt") is True
    assert "zeros" in bench.words("comms", "doors")
    bolts = [r["value"] for r in bench.journal.records if r["e"] == "lock-1.bolt"]
    assert bolts == [True], "it never read open"


def test_a_gateway_that_reads_all_ones_makes_its_points_unknown_and_shows_it(bench):
    bench.plant.fault("fire", "absent-ffff")
    bench.plant.fault("fire", "map-shift", value=30)
    bench.run(2)
    assert bench.quality("sd-1.state") == "unknown"
    assert bench.words("trouble", "sd-1.state") == ["unknown"]
    assert bench.words("decision", "faulty>desk") == ["on"]


def test_a_frozen_image_behind_a_live_connection_is_a_lost_gateway(bench, tmp_path):
    bench.plant.fault("fire", "frozen")
    begun = bench.now
    bench.run(8)
    ((at, what),) = bench.said("comms", "fire")
    assert what == "frozen"
    assert 3000 < at - begun <= 6500, "it last beat up to 2 s before"
    assert {bench.quality(f"sd-{n}.state") for n in (1, 2)} == {"stale"}
    assert bench.words("trouble", "fire") == ["frozen"]
    assert bench.words("decision", "panel-lost>desk") == ["on"]
    bench.plant.mend("fire", "frozen")
    bench.run(3)
    assert bench.quality("sd-1.state") == "good"
    assert bench.words("trouble", "fire") == ["frozen", "clear-frozen"]
    assert repeats(bench, tmp_path)[0]


def test_no_zone_is_reset_on_a_frozen_image(bench):
    alarms = bench.controller.decider.image.alarms
    bench.plant.bank.press(bench.now, "mcp-1")
    bench.run(3)
    bench.plant.fault("fire", "frozen")
    bench.run(8)
    assert not bench.controller.decider.intake.reset()
    assert alarms.zones["z"].call_points == ("mcp-1",)


def test_an_alarm_that_comes_through_a_standing_heartbeat_still_counts(bench):
    bench.plant.fault("panel", "frozen")
    bench.run(8)
    assert bench.quality("mcp-1.state") == "stale"
    bench.plant.bank.press(bench.now, "mcp-1")
    bench.run(3)
    assert bench.controller.decider.image.alarms.zones["z"].call_points == ("mcp-1",)


def test_a_frozen_camera_with_fresh_times_is_stale(tmp_path):
    bench = Bench(tmp_path, FRAMES)
    bench.run(8)
    assert bench.quality("cam-1.count") == "good"
    bench.plant.fault("cam-1", "frozen")
    bench.run(20)
    assert bench.words("trouble", "cam-1") == ["frozen"]
    assert bench.quality("cam-1.density") == "stale"
    assert bench.controller.decider.image.good("cam-1.count") is None
    bench.plant.mend("cam-1", "frozen")
    bench.run(11)
    assert bench.words("trouble", "cam-1") == ["frozen", "clear-frozen"]
    assert bench.quality("cam-1.density") == "good"


def test_a_crowd_that_does_not_vary_comes_from_a_frozen_picture():
    count = Point("c.count", "c", "count", "camera", Binding(""), write=False)
    life = Life([count])
    for second in range(61):
        life.hear("c.count", 40, 1000 * second)
    assert life.still
    life.hear("c.count", 41, 61_000)
    assert not life.still
    for second in range(200):
        life.hear("c.count", 0, 62_000 + 1000 * second)
    assert not life.still, "an empty room may stay empty"


def test_a_device_that_booted_again_is_unknown_until_it_speaks(bench):
    was = len(bench.said("input", "pa-1.playing"))
    bench.plant.fault("pa-1", "reboot", delay_ms=1000)
    bench.run(6)
    seen = [
        r["quality"] for r in bench.journal.records if (r["k"], r["e"]) == ("input", "pa-1.playing")
    ]
    assert seen[was:] == ["stale", "unknown", "good"]
    assert "rebooted" in bench.words("trouble", "pa-1")


def test_a_device_that_flaps_slower_than_any_filter_is_unstable(bench, tmp_path):
    """Missing for 5 s in every 25 s: each time it is back it would look all well."""
    for _ in range(3):
        bench.plant.fault("sd-1", "off")
        bench.run(6)
        bench.plant.mend("sd-1", "off")
        bench.run(19)
    assert "unstable" in bench.words("trouble", "sd-1")
    assert bench.quality("sd-1.state") == "fault", "it is well at the moment, and not believed"
    assert bench.words("decision", "faulty>desk")[-1] == "on"
    bench.run(STEADY_MS / 1000)
    assert bench.words("trouble", "sd-1")[-1] == "clear-unstable"
    assert bench.quality("sd-1.state") == "good"
    same, found = repeats(bench, tmp_path)
    assert same, found


def test_an_alarm_from_an_unstable_detector_counts(bench):
    for _ in range(3):
        bench.plant.fault("mcp-1", "off")
        bench.run(6)
        bench.plant.mend("mcp-1", "off")
        bench.run(6)
    bench.plant.bank.press(bench.now, "mcp-1")
    bench.run(2)
    assert bench.controller.decider.image.alarms.zones["z"].call_points == ("mcp-1",)


def test_impossible_values_are_faults(bench):
    bench.plant.fault("pa-1", "garbage")
    bench.run(2)
    assert bench.quality("pa-1.playing") == "fault"
    assert bench.words("trouble", "pa-1.playing") == ["fault"]


def test_malformed_messages_are_shown_for_a_while(bench):
    bench.plant.fault("cam-1", "invalid-json")
    bench.run(3)
    bench.plant.mend("cam-1", "invalid-json")
    assert bench.words("trouble", "cam-1")[0] == "malformed"
    bench.run(BRIEF_MS / 1000 + 3)
    assert "clear-malformed" in bench.words("trouble", "cam-1")


def test_supply_and_line_faults_are_told_by_name():
    assert troubles("mains-ok", False) == {"supply": True}
    assert troubles("line", 2) == {"line": True}
    assert troubles("line", 0) == {"line": False}
    assert troubles("bolt", False) == {}


def test_a_broken_sounder_line_is_a_fault_within_100_s(bench):
    bench.plant.fault("snd-1", "wrong", value=1)
    begun = bench.now
    bench.run(5)
    ((at, what),) = bench.said("trouble", "snd-1.line")
    assert what == "line"
    assert at - begun <= 100_000


def test_falls_count_within_a_window_only():
    told: list[tuple[str, str, bool]] = []
    faults = Faults(lambda *what: told.append(what))
    for t in (0, 200_000, 400_000):
        faults.fell("sd-1", t)
    assert told == []
    faults.fell("sd-1", 420_000)
    assert told == [("sd-1", "unstable", True)]
    faults.settle(420_000 + STEADY_MS - 1)
    assert faults.stands("sd-1", "unstable")
    faults.settle(420_000 + STEADY_MS)
    assert told[-1] == ("sd-1", "unstable", False)
