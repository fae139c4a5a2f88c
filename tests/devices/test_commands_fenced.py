"""MQTT devices and a controller that was replaced: an older epoch is refused, and stays refused."""

from __future__ import annotations

from controller.interface.envelope import encode_command, encode_state
from controller.interface.points import Quality
from devices.exchange import Publication
from tests.devices.desk import BASE, Desk
from tests.devices.plant import Plant

EPOCH = f"{BASE}/ctl/controller/state/epoch"
SHOW = f"{BASE}/sign/sign-1/cmd/show"


def send(plant: Plant, name: str, epoch: int) -> None:
    body = encode_command(name, "left", 2, 5000, plant.now, epoch)
    plant.exchange.publish("desk", Publication(SHOW, body, False))
    plant.run(1)


def announce(plant: Plant, epoch: object) -> None:
    body = encode_state(plant.now, 1, "x", Quality.GOOD, epoch)  # type: ignore[arg-type]
    plant.exchange.publish("desk", Publication(EPOCH, body, True))
    plant.run(1)


def acks(desk: Desk) -> list[tuple[object, object, object]]:
    heard = [body for topic, body in desk.heard() if topic == "sign/sign-1/ack"]
    return [(a["id"], a["r"], a.get("epoch", 0)) for a in heard]


def test_without_an_epoch_everybody_is_obeyed(plant: Plant, desk: Desk) -> None:
    send(plant, "o#1", 0)
    send(plant, "o#2", 0)
    assert acks(desk) == [("o#1", "ok", 0), ("o#2", "ok", 0)]


def test_a_command_of_an_older_epoch_is_refused_with_the_one_that_holds(
    plant: Plant, desk: Desk
) -> None:
    send(plant, "b#1", 2)
    send(plant, "a#9", 1)
    send(plant, "x#1", 0)
    send(plant, "b#2", 2)
    assert acks(desk) == [
        ("b#1", "ok", 2), ("a#9", "fenced", 2), ("x#1", "fenced", 2), ("b#2", "ok", 2),
    ]  # fmt: skip
    applied = [d["id"] for _, _, k, e, d in plant.records if (k, e) == ("apply", "sign-1.show")]
    assert applied == ["b#1", "b#2"]


def test_an_announcement_is_enough_and_outlives_a_power_cut(plant: Plant, desk: Desk) -> None:
    announce(plant, 4)
    plant.fault("sign-1", "off")
    plant.run(5)
    plant.mend("sign-1", "off")
    plant.run(10)
    send(plant, "a#1", 3)
    assert acks(desk) == [("a#1", "fenced", 4)]


def test_what_is_no_epoch_is_passed_over(plant: Plant, desk: Desk) -> None:
    for wrong in ("7", True, 7.5, 0x8000, -1):
        announce(plant, wrong)
    plant.exchange.publish("desk", Publication(EPOCH, b"[]", True))
    send(plant, "o#1", 0)
    assert acks(desk) == [("o#1", "ok", 0)]


def test_a_refused_command_may_come_again_under_a_newer_epoch(plant: Plant, desk: Desk) -> None:
    announce(plant, 4)
    send(plant, "a#1", 3)
    send(plant, "a#1", 5)
    assert acks(desk) == [("a#1", "fenced", 4), ("a#1", "ok", 5)]
