"""Devices that sense, report, obey and speak wrongly."""

from __future__ import annotations

import json

import pytest

from tests.devices.desk import BASE, Desk, values
from tests.devices.plant import Plant


def test_a_drifting_detector_alarms_in_clean_air(plant: Plant) -> None:
    plant.bank.fault(plant.now, "sd-1", "drift", value=0.1)
    plant.run(30)
    assert plant.read("sd-1.state") == 0x1400
    plant.run(240)
    assert plant.read("sd-1.state") == 0x0C01, "0.4 1/m after 4 minutes"


def test_a_blind_detector_misses_smoke_and_a_blind_heat_detector_stays_warm(plant: Plant) -> None:
    for name in ("sd-1", "hd-1"):
        plant.bank.fault(plant.now, name, "blind")
    plant.world.values["room", "extinction_per_m"] = 3.0
    plant.world.values["kitchen", "temperature_c"] = 300.0
    plant.run(60)
    assert plant.read("sd-2.state") == 0x0C01
    assert plant.read("sd-1.state") == 0x1400


def test_a_stuck_camera_goes_on_counting_the_people_of_before(plant: Plant, desk: Desk) -> None:
    plant.world.values["hall", "people"] = 1000
    plant.run(4)
    plant.bank.fault(plant.now, "cam-1", "stuck")
    plant.run(2)
    desk.heard()
    plant.world.values["hall", "people"] = 0
    plant.run(6)
    counts = values(desk.heard(), "cam/cam-1/state/count")
    assert counts
    assert all(900 < int(str(count)) <= 1000 for count in counts)


def test_a_frozen_camera_repeats_itself_with_fresh_times(plant: Plant, desk: Desk) -> None:
    plant.run(2)
    plant.bank.fault(plant.now, "cam-1", "frozen")
    desk.heard()
    plant.world.values["hall", "people"] = 500
    plant.run(5)
    said = [body for topic, body in desk.heard() if topic == "cam/cam-1/state/count"]
    assert {body["val"] for body in said} == {0}
    assert len({body["t"] for body in said}) >= 5


def test_an_inverted_contact_and_a_command_that_is_ignored(plant: Plant) -> None:
    assert plant.read("lock-1.bolt") == 1
    plant.bank.fault(plant.now, "lock-1", "inverted")
    assert plant.read("lock-1.bolt") == 0
    plant.bank.fault(plant.now, "lock-2", "ignores-command")
    assert plant.write("lock-2.release", 1).exception == 0
    plant.run(2)
    assert plant.did("portal:x2") == []


def test_a_slow_lock_obeys_later_with_its_command_as_cause(plant: Plant) -> None:
    plant.bank.fault(plant.now, "lock-1", "slow", delay_ms=4000)
    plant.write("lock-1.release", 1)
    plant.run(3.5)
    assert plant.did("portal:x1") == []
    plant.run(2)
    ((_, state, cause),) = plant.did("portal:x1")
    assert (state, cause) == ("unlocked", "lock-1.release#1")


def test_a_bouncing_contact_settles_on_what_is_true(plant: Plant) -> None:
    image = plant.bank.gateways["doors"].units[1]
    plant.bank.fault(plant.now, "lock-1", "bouncing", value=8)
    before = image.version
    plant.write("lock-1.release", 1)
    plant.run(1)
    assert image.version - before >= 10, "the write, the change, 8 flips"
    assert plant.read("lock-1.bolt") == 0


def test_without_its_own_mains_one_lock_lets_go(plant: Plant) -> None:
    plant.bank.fault(plant.now, "lock-1", "no-mains")
    plant.run(1)
    assert (plant.read("lock-1.bolt"), plant.read("lock-2.bolt")) == (0, 1)
    plant.bank.clear(plant.now, "lock-1", "no-mains")
    plant.run(1)
    assert plant.read("lock-1.bolt") == 1


def bodies(desk: Desk, leaf: str) -> list[bytes]:
    messages = desk.plant.exchange.take("desk")
    return [body for topic, body in messages if topic == f"{BASE}/{leaf}"]


def test_payloads_that_break_off_or_have_the_wrong_type(plant: Plant, desk: Desk) -> None:
    plant.run(1)
    bodies(desk, "")
    plant.bank.fault(plant.now, "cam-1", "wrong-type")
    plant.world.values["hall", "people"] = 9
    plant.run(4)
    said = [json.loads(body)["val"] for body in bodies(desk, "cam/cam-1/state/count")]
    assert said
    assert all(isinstance(value, str) for value in said)
    plant.bank.fault(plant.now, "cam-1", "invalid-json")
    plant.run(2)
    for body in bodies(desk, "cam/cam-1/hb"):
        with pytest.raises(ValueError):  # noqa: PT011 - any decoding error
            json.loads(body)


def test_a_clock_that_is_off_and_a_payload_that_is_too_long(plant: Plant, desk: Desk) -> None:
    plant.bank.fault(plant.now, "cam-1", "clock-off", value=300_000)
    plant.bank.fault(plant.now, "sign-1", "oversize", value=5000)
    bodies(desk, "")
    plant.run(1)
    messages = dict(plant.exchange.take("desk"))
    beat = json.loads(messages[f"{BASE}/cam/cam-1/hb"])
    assert 300_000 <= beat["t"] <= 302_000
    assert len(messages[f"{BASE}/sign/sign-1/hb"]) > 5000


def test_the_old_value_stays_in_the_broker(plant: Plant, desk: Desk) -> None:
    plant.run(1)
    plant.bank.fault(plant.now, "sign-1", "old-retained")
    for face in ("left", "right"):
        desk.order("sign/sign-1/cmd/show", face)
        plant.run(3)
    plant.exchange.connect("late", None, [f"{BASE}/sign/sign-1/state/#"])
    ((_, body),) = plant.exchange.take("late")
    assert json.loads(body)["val"] == "left"
    assert plant.did("sign:sign-1")[-1][1] == "right"


def test_a_command_left_in_the_broker_is_refused_as_expired_with_every_connection(
    plant: Plant, desk: Desk
) -> None:
    plant.run(6)
    plant.bank.fault(plant.now, "pa-1", "retained-command")
    plant.run(1)
    plant.bank.fault(plant.now, "pa-1", "reboot", delay_ms=1000)
    plant.run(6)
    acks = [body["r"] for topic, body in desk.heard() if topic == "pa/pa-1/ack"]
    assert acks == ["expired", "expired"]


def test_a_reconnect_storm_and_a_client_id_clash_send_wills(plant: Plant, desk: Desk) -> None:
    plant.run(1)
    for fault in ("reconnect-storm", "client-id-clash"):
        bodies(desk, "")
        plant.bank.fault(plant.now, "sign-1", fault, delay_ms=1000)
        plant.run(5)
        plant.bank.clear(plant.now, "sign-1", fault)
        lost = [b for b in bodies(desk, "sign/sign-1/status") if b'"s":"lost"' in b]
        assert len(lost) >= 2, fault
        plant.run(10)
        assert plant.bank.stations["sign-1"].up


def test_a_hung_device_keeps_its_connection_and_says_nothing(plant: Plant, desk: Desk) -> None:
    plant.run(1)
    plant.bank.fault(plant.now, "sign-1", "hung")
    desk.heard()
    desk.order("sign/sign-1/cmd/show", "left")
    plant.run(4)
    assert [topic for topic, _ in desk.heard() if topic.startswith("sign/sign-1/")] == [
        "sign/sign-1/cmd/show"
    ]
    assert plant.exchange.connected("sign-1")
    assert plant.did("sign:sign-1") == []


def test_a_message_sent_twice_arrives_once(plant: Plant, desk: Desk) -> None:
    plant.bank.fault(plant.now, "cam-1", "duplicate")
    desk.heard()
    plant.run(3)
    beats = [body["seq"] for topic, body in desk.heard() if topic == "cam/cam-1/hb"]
    assert len(beats) == len(set(beats)) == 3


def test_what_the_broker_denies_reaches_nobody(plant: Plant, desk: Desk) -> None:
    plant.bank.fault(plant.now, "cam-1", "denied")
    plant.exchange.take("desk")
    plant.run(4)
    assert not [t for t, _ in desk.heard() if t.startswith("cam/")]
