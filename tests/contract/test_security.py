"""Accounts, rights and TLS: Mosquitto and the embedded broker let in and keep out the same."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from controller.drivers.entry import Entry
from controller.interface.clock import pause
from controller.interface.files import BadFile
from controller.interface.points import PointList
from devices.exchange import Publication
from devices.serve.access import Access
from devices.serve.connection import BrokerLostError, Connection
from scenarios.catalog import SITES
from scenarios.rig.broker import Broker, free_port, mosquitto_path
from scenarios.rig.failure import RigFailure
from scenarios.run import Order, run
from scenarios.security.acl import acl_text, allows, parse_acl, site_rules
from scenarios.security.broker import Security
from scenarios.security.reach import check_reach
from tests.contract.listener import Listener
from tests.devices.plant import Plant

BASE = "cs/1/plant"
RULES = site_rules("plant")

RIGHTS = [
    ("sign-1", "write", "sign/sign-1/state/showing", True),
    ("sign-1", "write", "sign/sign-1/hb", True),
    ("sign-1", "read", "sign/sign-1/cmd/show", True),
    ("sign-1", "write", "sign/sign-1/cmd/show", False),
    ("sign-1", "write", "cam/cam-1/state/count", False),
    ("sign-1", "read", "pa/pa-1/cmd/message", False),
    ("controller", "write", "pa/pa-1/cmd/message", True),
    ("controller", "read", "cam/cam-1/state/count", True),
    ("controller", "write", "cam/cam-1/state/count", False),
    ("observer", "read", "pa/pa-1/cmd/message", True),
    ("observer", "write", "pa/pa-1/cmd/message", False),
    ("", "write", "pa/pa-1/hb", False),
]


@pytest.mark.parametrize(("user", "may", "leaf", "allowed"), RIGHTS)
def test_rights(user: str, may: str, leaf: str, allowed: bool) -> None:
    assert allows(RULES, user, may, f"{BASE}/{leaf}") is allowed


VENDORS = PointList.load(SITES / "vendor-hall" / "points.yaml")
CAMERAS = site_rules("vendor-hall", VENDORS.devices.values())
_COUNTER = "onvif-ej/RuleEngine/CountAggregation/OccupancyCounter/&1/1/Occupancy"


@pytest.mark.parametrize(
    ("user", "may", "topic", "allowed"),
    [
        ("cam-onvif", "write", f"hall/cam-onvif/{_COUNTER}", True),
        ("cam-axis", "write", f"hall/cam-onvif/{_COUNTER}", False),
        ("controller", "read", f"hall/cam-onvif/{_COUNTER}", True),
        ("controller", "read", "hall/cam-onvif/onvif-ej/Device/Trigger", False),
        ("controller", "write", f"hall/cam-onvif/{_COUNTER}", False),
    ],
)
def test_rights_of_cameras_of_other_makes(user: str, may: str, topic: str, allowed: bool) -> None:
    assert allows(CAMERAS, user, may, topic) is allowed
    assert parse_acl(acl_text(CAMERAS)) == CAMERAS


def test_the_file_of_rights_can_be_read_back() -> None:
    assert parse_acl(acl_text(RULES)) == RULES
    with pytest.raises(ValueError, match="not a rule: 'topic deny x'"):
        parse_acl("topic deny x")


@pytest.mark.parametrize("host", ["127.0.0.1", "127.0.3.9", "localhost", "::1"])
def test_loopback_needs_no_credentials(host: str) -> None:
    check_reach("the broker", host, guarded=False)


def test_wider_addresses_are_refused_without_credentials() -> None:
    with pytest.raises(ValueError, match=r"gateway doors would listen on 0\.0\.0\.0"):
        check_reach("gateway doors", "0.0.0.0", guarded=False)
    check_reach("the broker", "0.0.0.0", guarded=True)
    check_reach("gateway doors", "10.1.2.3", guarded=False, expose=True)


def test_files_with_secrets_are_the_owners_alone(tmp_path: Path) -> None:
    security = Security.make(Plant(tmp_path).points, tmp_path / "s", "127.0.0.1")
    assert security.accounts is not None
    secret = [*tmp_path.glob("s/accounts.json"), *tmp_path.glob("s/passwords")]
    secret += [*tmp_path.glob("s/certificates/*.key")]
    assert len(secret) == 4
    assert all(path.stat().st_mode & 0o077 == 0 for path in secret)
    text = (tmp_path / "s/passwords").read_text()
    assert not any(password in text for password in security.accounts.passwords.values())


class Bench:
    """A guarded broker and clients with accounts of it."""

    def __init__(self, kind: str, folder: Path) -> None:
        self.security = Security.make(Plant(folder).points, folder / "s", "127.0.0.1")
        self.broker = Broker(kind, "127.0.0.1", free_port(), security=self.security)
        self.changed = asyncio.Event()

    def access(self, **logins: tuple[str, str]) -> Access:
        access = self.security.access("127.0.0.1", self.broker.port, [])
        return Access(access.host, access.port, access.tls, {**access.logins, **logins})

    async def client(self, listener: Listener, access: Access) -> Connection:
        connection = Connection(listener, None, self.changed)
        await connection.connect(access)
        await self.until(lambda: connection.ready or connection.closed)
        return connection

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not reached():
                self.changed.clear()
                await self.changed.wait()


def bench(kind: str, folder: Path) -> Bench:
    if kind == "mosquitto" and mosquitto_path() is None:
        pytest.skip("mosquitto is not installed")
    return Bench(kind, folder)


@pytest.mark.wire
@pytest.mark.parametrize("kind", ["mosquitto", "embedded"])
def test_a_device_speaks_for_itself_and_for_nobody_else(tmp_path: Path, kind: str) -> None:
    here = bench(kind, tmp_path)
    eye = Listener("observer", ("cs/1/#",))
    spy = Listener("cam-1", (f"{BASE}/pa/pa-1/cmd/message",))
    sign = Listener("sign-1", (f"{BASE}/sign/sign-1/cmd/show",))

    async def scene() -> None:
        await here.broker.start()
        try:
            access = here.access()
            observer = await here.client(eye, access)
            device = await here.client(sign, access)
            spying = await here.client(spy, access)
            desk = await here.client(Listener("controller"), access)
            topics = ["sign/sign-1/hb", "cam/cam-1/hb", "sign/sign-1/cmd/show", "sign/sign-1/ack"]
            device.publish([Publication(f"{BASE}/{t}", t.encode(), False) for t in topics])
            orders = ["pa/pa-1/cmd/message", "sign/sign-1/cmd/show"]
            desk.publish([Publication(f"{BASE}/{t}", b"go", False) for t in orders])
            await here.until(lambda: len(eye.got) >= 4 and len(sign.got) >= 1)
            await pause(0.2)
            for connection in (observer, device, spying, desk):
                connection.goodbye()
        finally:
            await here.broker.stop()

    asyncio.run(scene())
    heard = sorted(topic.removeprefix(f"{BASE}/") for topic, _ in eye.got)
    assert heard == [
        "pa/pa-1/cmd/message",
        "sign/sign-1/ack",
        "sign/sign-1/cmd/show",
        "sign/sign-1/hb",
    ]
    assert [body for _, body in sign.got] == [b"go"]
    assert spy.got == []


@pytest.mark.wire
@pytest.mark.parametrize("kind", ["mosquitto", "embedded"])
def test_strangers_stay_outside(tmp_path: Path, kind: str) -> None:
    here = bench(kind, tmp_path)

    async def scene() -> list[bool]:
        await here.broker.start()
        try:
            wrong = await here.client(
                Listener("cam-1"), here.access(**{"cam-1": ("cam-1", "guess")})
            )
            nobody = await here.client(Listener("visitor"), here.access())
            await here.until(lambda: wrong.closed and nobody.closed)
            distrust = Access("127.0.0.1", here.broker.port, ssl.create_default_context())
            with pytest.raises(BrokerLostError):
                await here.client(Listener("cam-1"), distrust)
            return [wrong.ready, nobody.ready]
        finally:
            await here.broker.stop()

    assert asyncio.run(scene()) == [False, False]


@pytest.mark.wire
@pytest.mark.parametrize("broker", ["mosquitto", "embedded"])
def test_a_run_on_a_guarded_broker_decides_as_on_an_open_one(tmp_path: Path, broker: str) -> None:
    if broker == "mosquitto" and mosquitto_path() is None:
        pytest.skip("mosquitto is not installed")
    scenario = tmp_path / "calm.yaml"
    scenario.write_text(
        "scenario: 1\nsay: A call point\nsite: primary-school\nperiod: lesson\nseed: 1\n"
        "give_up: 8 s\nhappens: [{at: 2 s, press: mcp-guard}]\nexpect: []\n"
    )
    said = [
        run(Order(scenario, rig=rig, broker=broker, secure=rig == "wire", out=tmp_path / rig,
                  report=False)).document
        for rig in ("memory", "wire")
    ]  # fmt: skip
    assert said[0]["decisions_sha256"] == said[1]["decisions_sha256"]
    assert said[0]["bytes_sha256"] == said[1]["bytes_sha256"]


def test_addresses_of_brokers() -> None:
    guarded = Broker.at("mqtts://ann:s%40cret@broker.example")
    assert (guarded.port, guarded.security.tls) == (8883, True)
    assert guarded.security.environment() == {
        "CAMPUS_MQTT_USERNAME": "ann", "CAMPUS_MQTT_PASSWORD": "s@cret", "CAMPUS_MQTT_TLS": "1",
    }  # fmt: skip
    with pytest.raises(RigFailure) as refusal:
        Broker.at("http://ann:secret@broker")
    assert "secret" not in str(refusal.value)


def test_the_controller_reads_credentials_from_outside_the_site(tmp_path: Path) -> None:
    (tmp_path / "word").write_text("secret\n")
    (tmp_path / "word").chmod(0o600)
    given = {"CAMPUS_MQTT_USERNAME": "u", "CAMPUS_MQTT_PASSWORD_FILE": str(tmp_path / "word")}
    assert Entry.of(given) == Entry(None, "u", "secret")
    with pytest.raises(BadFile, match="no certificate of a CA here"):
        Entry.of({"CAMPUS_MQTT_CAFILE": str(tmp_path / "word")})
    with pytest.raises(BadFile, match="the CA cannot be read"):
        Entry.of({"CAMPUS_MQTT_CAFILE": str(tmp_path / "none")})
