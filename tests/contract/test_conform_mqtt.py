"""`twin conform` on MQTT: a sign in order passes; each planted defect is found by name."""

from __future__ import annotations

import asyncio

import pytest

from scenarios.conform.conforming import Order, conform
from scenarios.conform.target import UnreachableError
from scenarios.rig.broker import Broker, free_port, mosquitto_path
from tests.contract.planted_mqtt import PlantedReader, PlantedSign

pytestmark = pytest.mark.wire

DEFECTS = [
    ("no will", "will"),
    ("status not retained", "status"),
    ("description lies", "desc"),
    ("state not retained", "state"),
    ("no heartbeat", "heartbeat"),
    ("slow heart", "heartbeat"),
    ("heartbeat retained", "heartbeat"),
    ("seq stands still", "sequence"),
    ("no ack", "command.ack"),
    ("acknowledged and not done", "command.ack"),
    ("anything accepted", "command.rejected"),
    ("dies of garbage", "command.malformed"),
    ("duplicate executed", "command.duplicate"),
    ("expired executed", "command.expired"),
    ("retained command executed", "command.retained"),
]


@pytest.fixture(autouse=True)
def mosquitto():
    if mosquitto_path() is None:
        pytest.skip("mosquitto is not installed")


READER_DEFECTS = [
    ("opens for anybody", "command.rejected"),
    ("hears nobody", "command.ack"),
    ("obeys twice", "command.ack"),
]


def outcomes(tests=(), defect="", clock="utc", id="sign-9", make=PlantedSign):
    """Conform a planted device on a broker of its own: what came out."""
    profile, topic = ("exit-sign", "sign") if make is PlantedSign else ("card-reader", "card")

    async def scene():
        broker = Broker("mosquitto", "127.0.0.1", free_port())
        await broker.start()
        sign = await asyncio.to_thread(make, broker.port, defect, clock)
        try:
            url = f"mqtt://127.0.0.1:{broker.port}/bench/{topic}/{id}"
            return (await conform(Order(url, profile, tests=tuple(tests)))).outcomes
        finally:
            await asyncio.to_thread(sign.stop)
            await broker.stop()

    return asyncio.run(scene())


@pytest.mark.parametrize("clock", ["utc", "run"])
def test_a_sign_in_order_passes_every_test(clock):
    found = outcomes(clock=clock)
    assert not [one for one in found if one.verdict == "fail"]
    assert sum(one.verdict == "pass" for one in found) == len(found) - 2


@pytest.mark.parametrize(("defect", "test"), DEFECTS, ids=[defect for defect, _ in DEFECTS])
def test_a_planted_defect_is_found(defect, test):
    found = outcomes([test], defect)
    assert [(one.id, one.verdict) for one in found] == [(test, "fail")], found


def test_a_reader_in_order_passes():
    found = outcomes(id="rd-9", make=PlantedReader)
    assert not [one for one in found if one.verdict == "fail"], found
    passed = {one.id for one in found if one.verdict == "pass"}
    assert {"command.ack", "command.rejected", "command.expired", "command.retained"} <= passed


@pytest.mark.parametrize(("defect", "test"), READER_DEFECTS, ids=[one for one, _ in READER_DEFECTS])
def test_a_planted_defect_of_a_reader_is_found(defect, test):
    found = outcomes([test], defect, id="rd-9", make=PlantedReader)
    assert [(one.id, one.verdict) for one in found] == [(test, "fail")], found


def test_a_device_that_is_not_there_is_said():
    with pytest.raises(UnreachableError, match="nothing is heard"):
        outcomes(id="sign-8")


def test_a_broker_that_is_not_there_is_said():
    order = Order(f"mqtt://127.0.0.1:{free_port()}/bench/sign/x", "exit-sign")
    with pytest.raises(UnreachableError, match="cannot be reached"):
        asyncio.run(conform(order))
