"""Panic buttons, intrusion detectors, patrols: silence, supervision, replay, late uploads."""

from __future__ import annotations

import pytest

from tests.devices.desk import Desk, values
from tests.devices.plant import SLICE_MS, Plant


@pytest.fixture
def post(hall: Plant) -> Desk:
    """A guard who listens to everything in the hall."""
    return Desk(hall)


def test_a_panic_button_is_known_within_half_a_second_and_stays_until_reset(hall: Plant) -> None:
    hall.bank.press(hall.now, "panic-1")
    pressed = hall.now
    hall.until("panic-1.pressed", 1)
    assert hall.now - pressed <= 500 + SLICE_MS
    hall.run(60)
    assert hall.read("panic-1.pressed") == 1
    hall.write("panic-1.reset", 1)
    hall.slice()
    assert hall.reads("panic-1.pressed", "panic-1.reset") == (0, 0)


def test_it_is_silent(hall: Plant) -> None:
    hall.bank.press(hall.now, "panic-1")
    hall.bank.press(hall.now, "pendant-1")
    hall.run(10)
    assert hall.world.done == [], "nothing sounds, lights or moves where it is pressed"


def test_a_trembling_hand_counts_twice(hall: Plant) -> None:
    hall.fault("panic-1", "double")
    hall.bank.press(hall.now, "panic-1")
    hall.run(2)
    assert hall.reads("panic-1.pressed", "panic-1.presses") == (1, 2)


@pytest.mark.parametrize(("fault", "params"), [("stuck", {}), ("line", {"value": 1})])
def test_a_jammed_button_or_a_cut_line_says_nothing(
    hall: Plant, fault: str, params: dict[str, int]
) -> None:
    hall.fault("panic-1", fault, **params)
    hall.bank.press(hall.now, "panic-1")
    hall.run(2)
    assert hall.read("panic-1.pressed") == 0
    assert hall.read("panic-1.line") == params.get("value", 0), "a cut line is supervised"


def test_a_pendant_tells_each_press_once_as_an_event_with_its_time(hall: Plant, post: Desk) -> None:
    post.heard()
    pressed = hall.now
    hall.bank.press(hall.now, "pendant-1")
    hall.run(3)
    heard = post.heard()
    told = [b for topic, b in heard if topic == "panic/pendant-1/event/pressed"]
    assert [one["val"] for one in told] == [1]
    assert 100 <= int(str(told[0]["t"])) - pressed <= 450
    assert values(heard, "panic/pendant-1/state/alarm") == [True]
    hall.exchange.connect("late", None, [f"{post.base}/#"])
    topics = [topic for topic, _ in hall.exchange.take("late")]
    assert not any("/event/" in topic for topic in topics), "events are not retained"
    assert any("/state/alarm" in topic for topic in topics)


def test_a_pendant_out_of_reach_is_called_lost_after_300_s(hall: Plant, post: Desk) -> None:
    hall.fault("pendant-1", "radio")
    hall.bank.press(hall.now, "pendant-1")
    hall.run(299)
    heard = post.heard()
    assert not values(heard, "panic/pendant-1/event/pressed"), "nothing gets through"
    assert False not in values(heard, "panic/pendant-1/state/supervised")
    hall.run(2)
    assert values(post.heard(), "panic/pendant-1/state/supervised") == [False]
    hall.mend("pendant-1", "radio")
    hall.run(1)
    assert values(post.heard(), "panic/pendant-1/state/supervised") == [True]


def test_a_replay_repeats_the_last_press_with_its_old_time(hall: Plant, post: Desk) -> None:
    hall.bank.press(hall.now, "pendant-1")
    hall.run(2)
    first = [b for topic, b in post.heard() if topic.endswith("event/pressed")]
    hall.run(60)
    hall.fault("pendant-1", "replay")
    hall.run(1)
    again = [b for topic, b in post.heard() if topic.endswith("event/pressed")]
    assert [(b["val"], b["t"]) for b in again] == [(b["val"], b["t"]) for b in first]


def test_a_flat_battery_is_told_and_the_pendant_is_dumb(hall: Plant, post: Desk) -> None:
    hall.fault("pendant-1", "battery", value=0)
    hall.bank.press(hall.now, "pendant-1")
    hall.run(2)
    heard = post.heard()
    assert values(heard, "panic/pendant-1/state/battery")[-1] == 0
    assert not values(heard, "panic/pendant-1/event/pressed")


def arm(hall: Plant, device: str) -> None:
    hall.write(f"{device}.arm", 1)
    hall.slice()
    assert hall.read(f"{device}.armed") == 1


@pytest.mark.parametrize(("device", "place"), [("pir-1", "plant"), ("fence-1", "yard")])
def test_somebody_is_an_alarm_within_a_second_and_2_s_longer(
    hall: Plant, device: str, place: str
) -> None:
    arm(hall, device)
    hall.world.values[place, "people"] = 1.0
    took = hall.until(f"{device}.alarm", 1)
    assert took <= 1000 + 3 * SLICE_MS
    hall.run(5)
    hall.world.values[place, "people"] = 0.0
    held = hall.until(f"{device}.alarm", 0)
    assert 2000 - SLICE_MS <= held <= 2000 + 2 * SLICE_MS


def test_disarmed_it_sees_nothing(hall: Plant) -> None:
    hall.world.values["plant", "people"] = 3.0
    hall.run(10)
    assert hall.read("pir-1.alarm") == 0
    arm(hall, "pir-1")
    hall.run(2)
    assert hall.read("pir-1.alarm") == 1
    hall.write("pir-1.arm", 0)
    hall.slice()
    assert hall.reads("pir-1.alarm", "pir-1.armed") == (0, 0)


def test_a_covered_detector_sees_nothing_and_says_so_after_180_s(hall: Plant) -> None:
    arm(hall, "pir-1")
    hall.fault("pir-1", "masked")
    hall.world.values["plant", "people"] = 1.0
    hall.run(179)
    assert hall.reads("pir-1.alarm", "pir-1.mask") == (0, 0)
    hall.run(2)
    assert hall.read("pir-1.mask") == 1
    hall.mend("pir-1", "masked")
    hall.run(2)
    assert hall.reads("pir-1.alarm", "pir-1.mask") == (1, 0)


def test_wind_makes_about_as_many_false_alarms_as_it_is_told(hall: Plant) -> None:
    arm(hall, "fence-1")
    hall.fault("fence-1", "nuisance", value=240)
    hall.run(900)
    alarms = [what for _, what in hall.sensed("fence-1") if what == "alarm"]
    assert 40 <= len(alarms) <= 80, "240 an hour are 60 in 15 min; two within 2 s are one"


def test_a_visit_goes_out_at_once_with_the_guards_id(hall: Plant, post: Desk) -> None:
    hall.bank.order(hall.now, "patrol-1", "g-07")
    hall.run(2)
    assert values(post.heard(), "patrol/patrol-1/event/visit") == ["g-07"]


def test_visits_made_offline_are_uploaded_late_with_their_own_time(hall: Plant, post: Desk) -> None:
    hall.fault("patrol-1", "offline")
    made = hall.now
    hall.bank.order(hall.now, "patrol-1", "g-07")
    hall.run(600)
    hall.bank.order(hall.now, "patrol-1", "g-08")
    hall.run(60)
    assert not values(post.heard(), "patrol/patrol-1/event/visit")
    hall.mend("patrol-1", "offline")
    hall.run(1)
    late = [b for topic, b in post.heard() if topic.endswith("event/visit")]
    assert [one["val"] for one in late] == ["g-07", "g-08"]
    assert 200 <= int(str(late[0]["t"])) - made <= 800
    assert int(str(late[1]["t"])) - made >= 600_000


@pytest.mark.parametrize(("fault", "visits"), [("missed", 0), ("twice", 2), ("off", 0)])
def test_a_visit_may_be_missed_or_doubled(hall: Plant, post: Desk, fault: str, visits: int) -> None:
    hall.fault("patrol-1", fault)
    hall.bank.order(hall.now, "patrol-1", "g-07")
    hall.run(3)
    assert len(values(post.heard(), "patrol/patrol-1/event/visit")) == visits


@pytest.mark.parametrize(("quantity", "value"), [("wind_m_s", 25.0), ("animals", 1.0)])
def test_wind_and_animals_make_a_beam_alarm_falsely_and_a_calm_night_does_not(
    hall: Plant, quantity: str, value: float
) -> None:
    hall.write("fence-1.arm", 1)
    hall.run(120)
    assert hall.sensed("fence-1") == []
    hall.world.values["yard", quantity] = value
    hall.run(120)
    false = [what for _, what in hall.sensed("fence-1")].count("alarm")
    assert false >= 3
