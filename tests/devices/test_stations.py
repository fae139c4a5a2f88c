"""PA zones, cameras, signs and the duty desk over MQTT: timing and messages."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from controller.interface.envelope import encode_command
from devices.exchange import Publication
from tests.devices.desk import BASE, Desk, values
from tests.devices.plant import SLICE_MS, Plant


def test_a_voice_message_is_known_when_its_first_phrase_has_been_spoken(tmp_path: Path) -> None:
    for seed in range(4):
        plant = Plant(tmp_path, seed)
        desk = Desk(plant)
        desk.order("pa/pa-1/cmd/message", "evacuate")
        asked = plant.now
        plant.run(3)
        assert values(desk.heard(), "pa/pa-1/state/playing")[-1] == "evacuate", "within 2 s"
        assert plant.did("voice:pa-1") == []
        plant.run(60)
        ((at, message, cause),) = plant.did("voice:pa-1")
        assert (message, cause) == ("evacuate", "o#1")
        assert 500 + 8000 + 10000 <= at - asked <= 2000 + 20000 + 30000


def test_silence_stops_a_message_at_once(plant: Plant, desk: Desk) -> None:
    desk.order("pa/pa-1/cmd/message", "drill")
    plant.run(40)
    desk.order("pa/pa-1/cmd/message", "")
    stopped = plant.now
    plant.run(3)
    assert plant.did("voice:pa-1")[-1][1:] == ("", "o#2")
    assert plant.did("voice:pa-1")[-1][0] - stopped <= SLICE_MS


def test_another_message_replaces_one_that_was_not_yet_heard(plant: Plant, desk: Desk) -> None:
    desk.order("pa/pa-1/cmd/message", "evacuate")
    plant.run(10)
    desk.order("pa/pa-1/cmd/message", "lockdown")
    plant.run(60)
    assert [message for _, message, _ in plant.did("voice:pa-1")] == ["lockdown"]


def test_a_message_that_is_not_recorded_is_rejected(plant: Plant, desk: Desk) -> None:
    desk.order("pa/pa-1/cmd/message", "sing")
    plant.run(1)
    acks = [body for topic, body in desk.heard() if topic == "pa/pa-1/ack"]
    assert [(a["id"], a["r"]) for a in acks] == [("o#1", "rejected")]


def test_an_expired_command_is_answered_and_not_obeyed(plant: Plant, desk: Desk) -> None:
    plant.run(3)
    body = encode_command("old#1", "left", 2, 1000, plant.now - 1500)
    plant.exchange.publish("desk", Publication(f"{BASE}/sign/sign-1/cmd/show", body, False))
    plant.run(2)
    acks = [body for topic, body in desk.heard() if topic == "sign/sign-1/ack"]
    assert [a["r"] for a in acks] == ["expired"]
    assert plant.did("sign:sign-1") == []


def test_a_malformed_command_is_a_warning_and_nothing_else(plant: Plant, desk: Desk) -> None:
    plant.exchange.publish("desk", Publication(f"{BASE}/sign/sign-1/cmd/show", b"{", False))
    plant.run(2)
    assert [k for _, _, k, e, _ in plant.records if e == "sign-1"].count("warning") == 1
    assert plant.did("sign:sign-1") == []


def test_a_sign_changes_within_a_second_and_says_what_it_shows(plant: Plant, desk: Desk) -> None:
    desk.order("sign/sign-1/cmd/show", "no-entry")
    asked = plant.now
    plant.run(2)
    ((at, face, cause),) = plant.did("sign:sign-1")
    assert (face, cause) == ("no-entry", "o#1")
    assert at - asked <= 1000 + SLICE_MS
    assert values(desk.heard(), "sign/sign-1/state/showing")[-1] == "no-entry"


def test_a_wrong_sign_reports_what_it_was_told_and_shows_something_else(
    plant: Plant, desk: Desk
) -> None:
    plant.bank.fault(plant.now, "sign-1", "wrong", value="right")
    desk.order("sign/sign-1/cmd/show", "left")
    plant.run(3)
    assert values(desk.heard(), "sign/sign-1/state/showing")[-1] == "left"
    assert plant.did("sign:sign-1")[-1][1] == "right"


def test_a_camera_counts_well_in_thin_crowds_and_too_few_in_dense_ones(
    plant: Plant, desk: Desk
) -> None:
    def share(people: int, area_m2: float) -> float:
        plant.world.values["hall", "people"] = people
        plant.world.values["hall", "density_per_m2"] = people / area_m2
        plant.run(5)
        desk.heard()
        plant.run(60)
        seen = [float(str(v)) for v in values(desk.heard(), "cam/cam-1/state/count")]
        return sum(seen) / len(seen) / people

    thin, dense = share(100, 100.0), share(100, 20.0)
    assert 0.95 <= thin <= 0.995
    assert dense < 0.85


def test_a_camera_reports_0_3_to_2_s_after_its_picture(tmp_path: Path) -> None:
    latencies = []
    for seed in range(6):
        plant = Plant(tmp_path, seed)
        desk = Desk(plant)
        plant.run(3)
        plant.world.values["hall", "people"] = 500
        for _ in range(20):
            desk.heard()
            sent = plant.now
            plant.slice()
            for topic, body in desk.heard():
                if topic.endswith("state/count") and body["val"]:
                    latencies.append(sent - int(str(body["t"])))
    assert min(latencies) >= 300
    assert max(latencies) <= 2000 + SLICE_MS
    assert len(set(latencies)) > 3


def test_an_unchanged_count_is_repeated_so_that_it_stays_fresh(plant: Plant, desk: Desk) -> None:
    plant.run(30)
    counts = [body for topic, body in desk.heard() if topic == "cam/cam-1/state/count"]
    times = [int(str(body["t"])) for body in counts]
    assert max(b - a for a, b in pairwise(times)) <= 6000


def test_the_guard_sees_an_alarm_text_in_2_to_8_s(plant: Plant, desk: Desk) -> None:
    desk.order("ctl/desk-1/cmd/alarm", "Fire, 2F")
    plant.run(1.5)
    assert "Fire, 2F" not in values(desk.heard(), "ctl/desk-1/state/seen")
    plant.run(8)
    assert values(desk.heard(), "ctl/desk-1/state/seen")[-1] == "Fire, 2F"


def test_an_order_stands_for_its_time_whatever_comes_up(plant: Plant, desk: Desk) -> None:
    desk.order("ctl/desk-1/cmd/alarm", "crowding")
    plant.run(10)
    plant.bank.order(plant.now, "desk-1", "order evacuate")
    desk.order("ctl/desk-1/cmd/alarm", "")
    plant.run(12)
    said = values(desk.heard(), "ctl/desk-1/state/seen")
    assert said == ["", "crowding", "order evacuate", ""]
