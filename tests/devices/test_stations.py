"""PA zones, cameras, signs and the duty desk over MQTT: timing, messages, links, wills."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest

from controller.interface.envelope import encode_command
from devices.exchange import Publication
from tests.devices.plant import SLICE_MS, Plant

BASE = "cs/1/plant"
Message = tuple[str, dict[str, object]]


class Desk:
    """A client that listens to everything and gives orders."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        plant.exchange.connect("desk", None, [f"{BASE}/#"])

    def heard(self) -> list[Message]:
        messages = self.plant.exchange.take("desk")
        return [(topic.removeprefix(f"{BASE}/"), json.loads(body)) for topic, body in messages]

    def order(self, leaf: str, value: str, ttl_ms: int = 5000) -> None:
        plant = self.plant
        plant.orders += 1
        payload = encode_command(f"o#{plant.orders}", value, 2, ttl_ms, plant.now)
        plant.exchange.publish("desk", Publication(f"{BASE}/{leaf}", payload, False))


@pytest.fixture
def desk(plant: Plant) -> Desk:
    return Desk(plant)


def values(messages: list[Message], leaf: str) -> list[object]:
    return [body["val"] for topic, body in messages if topic == leaf]


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


def test_every_message_of_a_boot_has_its_own_rising_number(plant: Plant, desk: Desk) -> None:
    plant.run(20)
    numbers: dict[tuple[str, object], list[int]] = {}
    for topic, body in desk.heard()[20:]:
        numbers.setdefault((topic.split("/")[1], body["boot"]), []).append(int(str(body["seq"])))
    assert len(numbers) == 4
    assert all(n == sorted(set(n)) for n in numbers.values())


def test_a_heartbeat_comes_every_second_and_the_devices_do_not_beat_together(
    plant: Plant, desk: Desk
) -> None:
    desk.heard()
    plant.run(10)
    beats: dict[str, list[int]] = {}
    for topic, body in desk.heard():
        if topic.endswith("/hb"):
            beats.setdefault(topic, []).append(int(str(body["t"])))
    assert all(b - a == 1000 for times in beats.values() for a, b in pairwise(times))
    assert len({times[0] % 1000 for times in beats.values()}) == 4


def test_states_and_status_are_retained_and_commands_and_heartbeats_are_not(plant: Plant) -> None:
    plant.run(5)
    late = Desk(plant)
    leaves = {topic.split("/", 2)[2] for topic, _ in late.heard()}
    assert leaves == {"status", "desc", "state/playing", "state/count", "state/density",
                      "state/showing", "state/seen"}  # fmt: skip


def test_a_station_that_loses_power_leaves_its_will_and_boots_afresh(
    plant: Plant, desk: Desk
) -> None:
    plant.run(2)
    before = [b["boot"] for t, b in desk.heard() if t == "pa/pa-1/status"][-1]
    plant.bank.fault(plant.now, "pa-1", "off")
    plant.slice()
    ((_, will),) = [m for m in desk.heard() if m[0] == "pa/pa-1/status"]
    assert (will["s"], will["boot"]) == ("lost", before)
    plant.run(10)
    assert [t for t, _ in desk.heard() if t.startswith("pa/")] == []
    plant.bank.clear(plant.now, "pa-1", "off")
    plant.run(4)
    status = [b for t, b in desk.heard() if t == "pa/pa-1/status"]
    assert [b["s"] for b in status] == ["ready"]
    assert status[0]["boot"] != before


def test_a_zone_that_loses_power_falls_silent(plant: Plant, desk: Desk) -> None:
    desk.order("pa/pa-1/cmd/message", "evacuate")
    plant.run(40)
    plant.bank.fault(plant.now, "pa-1", "off")
    plant.run(1)
    assert plant.did("voice:pa-1")[-1][1] == ""


def test_after_a_broker_restart_all_stations_return_and_say_again_what_holds(
    plant: Plant, desk: Desk
) -> None:
    desk.order("sign/sign-1/cmd/show", "left")
    plant.run(3)
    plant.exchange.stop()
    plant.run(3)
    plant.exchange.start()
    plant.exchange.connect("desk", None, [f"{BASE}/#"])
    plant.run(12)
    heard = desk.heard()
    assert {t for t, b in heard if b.get("s") == "ready"} == {
        "pa/pa-1/status", "cam/cam-1/status", "sign/sign-1/status", "ctl/desk-1/status"
    }  # fmt: skip
    assert values(heard, "sign/sign-1/state/showing") == ["left"]
    assert not [b for t, b in heard if b.get("s") == "lost"], "a dead broker sends no wills"
    links = [d["what"] for _, _, k, e, d in plant.records if (k, e) == ("link", "pa-1")]
    assert links[:2] == ["up", "down"]
    assert links[-1] == "up"
    assert set(links[2:-1]) <= {"refused"}
    assert len(links) >= 4, "3 s are too long for the first retry"


def test_nothing_stale_is_sent_after_an_outage(plant: Plant, desk: Desk) -> None:
    plant.exchange.stop()
    plant.run(20)
    plant.exchange.start()
    back = plant.now
    plant.exchange.connect("desk", None, [f"{BASE}/+/+/hb"])
    plant.run(40)
    assert min(int(str(b["t"])) for _, b in desk.heard()) >= back - 1000


def test_a_command_that_comes_again_is_answered_again_and_done_once(
    plant: Plant, desk: Desk
) -> None:
    station = plant.bank.stations["sign-1"]
    payload = encode_command("same#1", "left", 2, 5000, plant.now)
    plant.slice()
    for copy in range(1, 3):
        plant.exchange.publish("desk", Publication(f"{BASE}/sign/sign-1/cmd/show", payload, False))
        plant.run(2)
        acks = [body for topic, body in desk.heard() if topic == "sign/sign-1/ack"]
        assert [(a["id"], a["r"], a["val"]) for a in acks] == [("same#1", "ok", "left")]
        assert station.received == copy, "whoever counts its commands finds both"
    assert len(plant.did("sign:sign-1")) == 1


def test_a_command_that_came_too_late_is_obeyed_when_it_comes_again(
    plant: Plant, desk: Desk
) -> None:
    plant.run(7)
    for sent in (plant.now - 6000, plant.now):
        payload = encode_command("again#1", "left", 2, 5000, sent)
        plant.exchange.publish("desk", Publication(f"{BASE}/sign/sign-1/cmd/show", payload, False))
    plant.run(2)
    acks = [body["r"] for topic, body in desk.heard() if topic == "sign/sign-1/ack"]
    assert acks == ["expired", "ok"]
    assert len(plant.did("sign:sign-1")) == 1


def test_an_order_at_the_desk_stands_for_a_while(plant: Plant, desk: Desk) -> None:
    desk.order("ctl/desk-1/cmd/alarm", "fire")
    plant.run(12)
    assert values(desk.heard(), "ctl/desk-1/state/seen")[-1] == "fire"
    plant.bank.order(plant.now, "desk-1", "reset")
    assert plant.records[-1][2:] == ("press", "desk-1", {"what": "reset"})
    plant.run(9)
    assert values(desk.heard(), "ctl/desk-1/state/seen") == ["reset"]
    plant.run(3)
    assert values(desk.heard(), "ctl/desk-1/state/seen") == ["fire"], "what was seen before"


def test_nobody_gives_orders_while_the_guard_is_away(plant: Plant, desk: Desk) -> None:
    plant.bank.fault(plant.now, "desk-1", "stuck")
    plant.bank.order(plant.now, "desk-1", "reset")
    plant.run(2)
    assert values(desk.heard(), "ctl/desk-1/state/seen") == [""]


def test_only_a_desk_takes_orders(plant: Plant) -> None:
    with pytest.raises(ValueError, match="no such duty desk: 'desk-2'; did you mean `desk-1`"):
        plant.bank.order(plant.now, "desk-2", "reset")
