"""Sounders, strobes, voice, signs and lights: supervision, rank, lamps, batteries."""

from __future__ import annotations

import pytest

from tests.devices.desk import Desk, values
from tests.devices.plant import Plant


@pytest.fixture
def post(hall: Plant) -> Desk:
    return Desk(hall)


@pytest.mark.parametrize(
    ("device", "shows", "element"),
    [("snd-1", "sounding", "sound:snd-1"), ("strobe-1", "flashing", "strobe:strobe-1")],
)
def test_a_unit_draws_current_when_it_is_on(
    hall: Plant, device: str, shows: str, element: str
) -> None:
    rest = hall.read(f"{device}.current")
    assert rest > 0, "the end-of-line resistor draws a little"
    hall.write(f"{device}.sync", 1)
    hall.write(f"{device}.on", 1)
    hall.run(1.5)
    assert hall.reads(f"{device}.{shows}", f"{device}.synced") == (1, 1)
    assert hall.read(f"{device}.current") > rest
    assert [state for _, state, _ in hall.did(element)] == ["on"]


@pytest.mark.parametrize(("code", "draws"), [(1, 0), (2, 500)])
def test_open_and_short_lines_are_told_apart_by_their_current(
    hall: Plant, code: int, draws: int
) -> None:
    hall.fault("strobe-1", "wrong", value=code)
    hall.write("strobe-1.on", 1)
    hall.run(2)
    assert hall.reads("strobe-1.line", "strobe-1.current", "strobe-1.flashing") == (code, draws, 0)


def test_a_dead_unit_looks_right_on_the_wire_and_gives_no_sound(hall: Plant) -> None:
    hall.fault("snd-1", "dead")
    hall.write("snd-1.on", 1)
    hall.run(2)
    assert hall.reads("snd-1.sounding", "snd-1.line") == (1, 0)
    assert hall.did("sound:snd-1") == []


def test_a_sounder_that_is_stuck_will_not_fall_silent(hall: Plant) -> None:
    hall.write("snd-1.on", 1)
    hall.run(2)
    hall.fault("snd-1", "stuck")
    hall.write("snd-1.on", 0)
    hall.run(5)
    assert hall.read("snd-1.sounding") == 1


def test_a_tone_that_does_not_exist_is_refused(hall: Plant) -> None:
    assert hall.write("snd-1.tone", 3).exception == 0
    assert hall.write("snd-1.tone", 4).exception == 3


def acks(post: Desk) -> list[object]:
    return [body["r"] for topic, body in post.heard() if topic.endswith("/ack")]


def test_a_message_of_lower_rank_does_not_cut_one_of_higher_rank(hall: Plant, post: Desk) -> None:
    for leaf, value in (("priority", 2), ("message", "evacuate")):
        post.order(f"pa/pa-1/cmd/{leaf}", value)
        hall.run(3)
    for leaf, value in (("priority", 3), ("message", "lockdown"), ("message", "")):
        post.order(f"pa/pa-1/cmd/{leaf}", value)
        hall.run(1)
    assert acks(post) == ["ok", "ok", "ok", "interlock", "interlock"]
    post.order("pa/pa-1/cmd/priority", 1)
    hall.run(1)
    post.order("pa/pa-1/cmd/message", "lockdown")
    hall.run(4)
    assert values(post.heard(), "pa/pa-1/state/playing")[-1] == "lockdown"


def test_classes_are_dismissed_by_name_without_a_tone(hall: Plant, post: Desk) -> None:
    post.order("pa/pa-1/cmd/message", "dismiss c4-1 c4-2")
    hall.run(7)  # at most 2 s to start, 4 s of phrase; with a tone of 8 s nobody would know
    assert [message for _, message, _ in hall.did("voice:pa-1")] == ["dismiss c4-1 c4-2"]
    for message in ("dismissal c4-1", "evacuate c4-1"):
        post.order("pa/pa-1/cmd/message", message)
        hall.run(1)
    assert acks(post) == ["ok", "rejected", "rejected"]


@pytest.mark.parametrize("rank", [0, 9, "high"])
def test_a_rank_is_1_to_8(hall: Plant, post: Desk, rank: int | str) -> None:
    post.order("pa/pa-1/cmd/priority", rank)
    hall.run(1)
    assert acks(post) == ["rejected"]


@pytest.mark.parametrize("fault", ["amplifier", "microphone"])
def test_nothing_is_heard_through_a_dead_amplifier_or_a_stuck_talk_key(
    hall: Plant, post: Desk, fault: str
) -> None:
    hall.fault("pa-1", fault)
    post.order("pa/pa-1/cmd/message", "evacuate")
    hall.run(40)
    assert hall.did("voice:pa-1") == []
    heard = post.heard()
    assert values(heard, "pa/pa-1/state/playing")[-1] == "evacuate", "the zone believes it"
    assert values(heard, "pa/pa-1/state/trouble")[-1] == fault
    hall.mend("pa-1", fault)
    hall.run(30)
    assert [message for _, message, _ in hall.did("voice:pa-1")] == ["evacuate"]


def test_a_dark_sign_says_so_by_its_lamp_and_not_by_its_face(hall: Plant, post: Desk) -> None:
    post.order("sign/sign-1/cmd/show", "left")
    hall.run(2)
    hall.fault("sign-1", "lamp")
    hall.run(2)
    assert [face for _, face, _ in hall.did("sign:sign-1")] == ["left", "off"]
    heard = post.heard()
    assert values(heard, "sign/sign-1/state/lamp")[-1] is False
    assert values(heard, "sign/sign-1/state/showing")[-1] == "left"


def test_a_sign_shows_the_wrong_way_and_acknowledges_the_right_one(hall: Plant, post: Desk) -> None:
    hall.fault("sign-1", "wrong", value="right")
    post.order("sign/sign-1/cmd/show", "left")
    hall.run(2)
    assert hall.did("sign:sign-1")[-1][1] == "right"
    heard = post.heard()
    assert values(heard, "sign/sign-1/state/showing")[-1] == "left"
    assert [body["r"] for topic, body in heard if topic.endswith("/ack")] == ["ok"]


def test_a_sign_goes_dark_when_its_battery_is_empty(hall: Plant, post: Desk) -> None:
    post.order("sign/sign-1/cmd/show", "left")
    hall.run(2)
    hall.world.values["hall", "mains"] = 0.0
    hall.run(29 * 60)
    assert hall.did("sign:sign-1")[-1][1] == "left", "30 to 90 min"
    hall.run(62 * 60)
    assert hall.did("sign:sign-1")[-1][1] == "off"
    assert values(post.heard(), "sign/sign-1/state/battery")[-1] == 0


def test_a_duration_test_runs_on_the_battery_and_tells_the_minutes(hall: Plant) -> None:
    hall.write("lite-1.mode", 3)
    hall.run(1)
    assert hall.read("lite-1.lit") == 1
    hall.run(91 * 60)
    assert 30 <= hall.read("lite-1.lasted") <= 90
    assert hall.reads("lite-1.lit", "lite-1.failures") == (0, 0)
    charged = hall.read("lite-1.battery")
    hall.run(30 * 60)
    assert charged + 2 <= hall.read("lite-1.battery") <= charged + 3, "empty to full in 24 h"


def test_a_faded_battery_fails_its_test(hall: Plant) -> None:
    hall.fault("lite-1", "faded", value=20)
    hall.write("lite-1.mode", 3)
    hall.run(20 * 60)
    assert hall.read("lite-1.lasted") <= 18
    assert hall.read("lite-1.failures") == 2, "bit 1: battery too short"


def test_an_inhibited_light_stays_dark_and_a_broken_lamp_is_told(hall: Plant) -> None:
    hall.write("lite-1.mode", 2)
    hall.world.values["lobby", "mains"] = 0.0
    hall.run(2)
    assert hall.read("lite-1.lit") == 0
    hall.write("lite-1.mode", 0)
    hall.run(1)
    assert hall.read("lite-1.lit") == 1
    hall.fault("lite-1", "lamp")
    hall.run(1)
    assert hall.reads("lite-1.lit", "lite-1.failures") == (0, 1)
    assert hall.did("light:lite-1")[-1][1] == "off"
