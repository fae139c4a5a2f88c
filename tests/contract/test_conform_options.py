"""`twin conform` with its options: --power-cycle, --soak, --secure, --cafile; right and wrong."""

from __future__ import annotations

import asyncio
import os
import signal

import pytest

from scenarios.conform.conforming import Order, conform
from scenarios.conform.target import UnreachableError
from scenarios.conform.verdict import Limits
from scenarios.rig.broker import Broker, free_port, mosquitto_path
from scenarios.security.certificates import make_certificates
from tests.contract.planted_modbus import planted
from tests.contract.planted_mqtt import PlantedSign
from tests.scenarios.test_devices_command import devices

pytestmark = pytest.mark.wire

OFF_AND_ON = Limits(power_cycle=f"kill -USR1 {os.getpid()}")
SOAK = Limits(soak_s=1.5)


def on_modbus(test, limits, defect="", profile="door-board"):
    async def scene():
        async with planted(profile, defect) as url:
            return (await conform(Order(url, profile, tests=(test,), limits=limits))).outcomes

    (found,) = asyncio.run(scene())
    return found


def on_mqtt(test, limits, defect=""):
    if mosquitto_path() is None:
        pytest.skip("mosquitto is not installed")

    async def scene():
        broker = Broker("mosquitto", "127.0.0.1", free_port())
        await broker.start()
        sign = await asyncio.to_thread(PlantedSign, broker.port, defect)
        loop = asyncio.get_running_loop()
        cycle = asyncio.to_thread
        tasks = []
        loop.add_signal_handler(
            signal.SIGUSR1, lambda: tasks.append(loop.create_task(cycle(sign.power_cycle)))
        )
        try:
            url = f"mqtt://127.0.0.1:{broker.port}/bench/sign/sign-9"
            return (await conform(Order(url, "exit-sign", tests=(test,), limits=limits))).outcomes
        finally:
            loop.remove_signal_handler(signal.SIGUSR1)
            await asyncio.gather(*tasks)
            await asyncio.to_thread(sign.stop)
            await broker.stop()

    (found,) = asyncio.run(scene())
    return found


@pytest.mark.parametrize("conformed", [on_modbus, on_mqtt])
def test_a_device_in_order_survives_a_power_cycle_and_a_soak(conformed):
    cycled = conformed("power-cycle", OFF_AND_ON)
    assert cycled.verdict == "pass", cycled
    soaked = conformed("soak", SOAK)
    assert soaked.verdict == "pass", soaked
    assert "in 1.5 s" in soaked.detail


@pytest.mark.parametrize(
    ("conformed", "test", "limits", "planted"),
    [
        (on_modbus, "power-cycle", OFF_AND_ON, ("outputs survive",)),
        (on_modbus, "soak", SOAK, ("dies under load",)),
        (on_modbus, "soak", SOAK, ("counter backwards", "fire-panel")),
        (on_mqtt, "power-cycle", OFF_AND_ON, ("same boot",)),
        (on_mqtt, "power-cycle", OFF_AND_ON, ("silent after power",)),
        (on_mqtt, "soak", SOAK, ("no heartbeat",)),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_planted_defect_is_found(conformed, test, limits, planted):
    found = conformed(test, limits, *planted)
    assert found.verdict == "fail", found


def test_a_power_switch_that_fails_is_said():
    found = on_modbus("power-cycle", Limits(power_cycle="exit 7"))
    assert (found.verdict, found.detail) == ("fail", "`exit 7` ended with code 7")


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    """A sign on a broker with accounts and TLS: its url, and the folder of both."""
    if mosquitto_path() is None:
        pytest.skip("mosquitto is not installed")
    folder = tmp_path_factory.mktemp("guarded")
    options = ("--only", "sign-1", "--port", 0, "--broker", "mosquitto", "--secure", folder)
    with devices("device-hall", *options) as (_, ends):
        assert ends[0]["url"].startswith("mqtts://")
        yield ends[0]["url"], folder


def test_a_device_behind_accounts_and_tls_is_tested_as_any_other(guarded):
    url, folder = guarded
    tests = ("status", "heartbeat", "command.expired", "command.retained", "will")
    report = asyncio.run(conform(Order(url, "exit-sign", tests=tests, secure=folder)))
    assert [(one.id, one.verdict) for one in report.outcomes] == [(t, "pass") for t in tests]
    assert report.target == url


def refused(url, profile="exit-sign", **options):
    with pytest.raises((UnreachableError, ValueError)) as refusal:
        asyncio.run(conform(Order(url, profile, **options)))
    return str(refusal.value)


def test_whoever_lacks_an_account_or_the_right_ca_is_told_so(guarded, tmp_path):
    url, folder = guarded
    make_certificates(tmp_path, ["127.0.0.1"], [])
    assert "Not authorized" in refused(url, cafile=folder / "certificates" / "ca.pem")
    assert "is not trusted" in refused(url, cafile=tmp_path / "ca.pem")
    assert "say its CA with --cafile" in refused(url)


def test_options_that_do_not_fit_the_target_are_bad_input(tmp_path):
    sign, board = "mqtt://127.0.0.1:9/s/sign/x", "modbus://127.0.0.1:9/1"
    (tmp_path / "word").write_text("no certificate")
    (tmp_path / "accounts.json").write_text('{"controller": "a", "observer": "b"}')
    assert "mqtt:// goes without TLS" in refused(sign, cafile=tmp_path / "word")
    assert "is no certificate" in refused(sign.replace("mqtt", "mqtts"), cafile=tmp_path / "word")
    assert "there is no file" in refused(sign, secure=tmp_path / "none")
    assert "has no account for x" in refused(sign, secure=tmp_path)
    assert "ann:***@h" in refused("mqtts://ann:secret@h:x/s/sign/y")
    assert "neither accounts nor encryption" in refused(board, "door-board", secure=tmp_path)
