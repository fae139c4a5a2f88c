"""`twin conform` of cameras of other makes: one in order passes; each planted defect is found."""

from __future__ import annotations

import asyncio

import pytest

from scenarios.conform.conforming import Order, conform
from scenarios.conform.target import UnreachableError
from scenarios.rig.broker import Broker, free_port, mosquitto_path
from tests.contract.planted_cameras import PlantedCamera

pytestmark = pytest.mark.wire

DEFECTS = [
    ("onvif", "no connect message", "connection"),
    ("onvif", "no will", "will"),
    ("onvif", "falls silent", "cadence"),
    ("onvif", "topic lies", "payload"),
    ("onvif", "time without zone", "payload"),
    ("onvif", "clock off", "clock"),
    ("onvif", "clock runs backwards", "clock"),
    ("onvif", "count retained", "retained"),
    ("onvif", "negative count", "count"),
    ("onvif", "begins twice", "objects"),
    ("axis", "other serial", "payload"),
    ("axis", "seconds", "payload"),
    ("axis", "nothing retained", "retained"),
    ("axis", "negative count", "count"),
    ("hikvision", "posts stand still", "posts"),
    ("hikvision", "picture lost", "heartbeat"),
    ("hikvision", "time without zone", "payload"),
    ("hikvision", "totals fall", "count"),
    ("milesight", "one key for both", "reports"),
    ("milesight", "regions disagree", "reports"),
    ("milesight", "most is less", "reports"),
    ("milesight", "no zone", "payload"),
    ("milesight", "zone told wrong", "clock"),
]
MAKES = ("onvif", "axis", "hikvision", "milesight")


@pytest.fixture(scope="module")
def found():
    """Every camera on one broker, tested at the same time: what came out, by make and defect."""
    if mosquitto_path() is None:
        pytest.skip("mosquitto is not installed")

    async def one(port, number, make, defect, tests):
        name = f"ACCC8E{number:06}"
        camera = await asyncio.to_thread(PlantedCamera, port, make, name, defect)
        try:
            url = f"mqtt://127.0.0.1:{port}/bench/cam/{name}?topic={camera.prefix}"
            return (await conform(Order(url, make, tests=tests))).outcomes
        finally:
            await asyncio.to_thread(camera.stop)

    async def scene():
        broker = Broker("mosquitto", "127.0.0.1", free_port())
        await broker.start()
        wanted = [*((make, "", ()) for make in MAKES), *((m, d, (t,)) for m, d, t in DEFECTS)]
        try:
            every = (one(broker.port, n, *case) for n, case in enumerate(wanted, 1))
            outcomes = await asyncio.gather(*every)
        finally:
            await broker.stop()
        return {(m, d): list(out) for (m, d, _), out in zip(wanted, outcomes, strict=True)}

    return asyncio.run(scene())


@pytest.mark.parametrize("make", MAKES)
def test_a_camera_in_order_passes_every_test(found, make):
    outcomes = found[make, ""]
    assert not [one for one in outcomes if one.verdict == "fail"]
    skipped = [one.id for one in outcomes if one.verdict == "skip"]
    none_seen = ["objects"] if make == "axis" else []
    assert skipped == [*none_seen, "power-cycle", "soak"]


@pytest.mark.parametrize(("make", "defect", "test"), DEFECTS, ids=lambda word: word)
def test_a_planted_defect_is_found(found, make, defect, test):
    outcomes = found[make, defect]
    assert [(one.id, one.verdict) for one in outcomes] == [(test, "fail")], outcomes


def refused(url, profile, **options):
    with pytest.raises((UnreachableError, ValueError)) as refusal:
        asyncio.run(conform(Order(url, profile, **options)))
    return str(refusal.value)


def test_a_target_of_another_kind_is_said_with_the_form_it_should_have():
    at = "mqtt://127.0.0.1:9/"
    assert "at a TOPIC are cameras: onvif, axis" in refused(at + "axis/ACCC8E", "exit-sign")
    assert "did you mean `hikvision`" in refused(at + "a/b/c", "hikvison")
    assert "tested at tcp://HOST:PORT" in refused(at + "a/b/c", "gst-printer")
    assert "tested at mqtt://" in refused("modbus://127.0.0.1:9/1", "axis")
    assert "tested as `gst-printer`" in refused("tcp://127.0.0.1:9", "gst")
    assert "did you mean `gb28181`" in refused("sip:34020000001180000001@127.0.0.1", "gb2818")
    assert "an id has 20 digits" in refused("sip:3402@127.0.0.1", "gb28181")
    assert "?platform=HOST:PORT" in refused("sip:34020000001180000001@10.0.0.9", "gb28181")
    assert "cannot be reached" in refused("tcp://127.0.0.1:9", "gst-printer")
