"""Stations and the broker: numbers, heartbeats, wills, outages, orders that come again or late."""

from __future__ import annotations

from itertools import pairwise

import pytest

from controller.interface.envelope import encode_command
from devices.exchange import Publication
from tests.devices.desk import BASE, Desk, values
from tests.devices.plant import Plant


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
