"""A device on a GB/T 28181 platform: digest, expiry, keepalives, catalogue, alarms, bad bytes."""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from controller.interface.streams import stream
from devices.calendar import HERE
from devices.gb28181 import digest, sip
from devices.gb28181.agent import MOST_ALARMS, MOST_BODIES, Account, Agent
from devices.gb28181.manscdp import Alarm, Channel
from tests.devices.platform import (
    DEVICE,
    PASSWORD,
    REALM,
    SERVER,
    Platform,
    element,
    field,
    message,
    query,
    reply,
)

CAMERAS = [(Channel(f"3402000000132000000{n}", f"摄像机 {n}"), n != 3) for n in range(1, 6)]


def device(password: str = PASSWORD) -> Agent:
    account = Account(DEVICE, password, SERVER, "127.0.0.1", 5060)
    listed = [(channel, lambda on=on: on) for channel, on in CAMERAS]
    return Agent(account, listed, stream(1, "gb28181"))  # type: ignore[arg-type]


class Line:
    """A device and a platform, joined without loss; time is set by hand."""

    def __init__(self, agent: Agent, platform: Platform) -> None:
        self.agent, self.platform = agent, platform
        self.now = 0
        agent.start(0)
        self.carry()

    def carry(self) -> None:
        """Until nobody says anything more."""
        while self.agent.out:
            sent, self.agent.out = self.agent.out, []
            for datagram in sent:
                for answer in self.platform.receive(datagram):
                    assert self.agent.receive(answer, self.now) is None

    def run(self, seconds: float) -> None:
        end = self.now + int(1000 * seconds)
        while self.agent.wake_ms <= end:
            self.now = max(self.now, self.agent.wake_ms)
            self.agent.tick(self.now)
            self.carry()
        self.now = end

    def ask(self, datagram: bytes) -> bytes:
        answer = self.agent.receive(datagram, self.now)
        assert answer is not None
        self.carry()
        return answer


def test_digests_of_the_standards() -> None:
    """RFC 2617 section 3.5, and the same without qop (RFC 2069 as corrected)."""
    head = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    known = ("Mufasa", "Circle Of Life", "GET", "/dir/index.html", "0a4f113b")
    asked = digest.challenge(head + ', qop="auth,auth-int", opaque="5ccc069c403ebaf9f0171e9517f4"')
    assert asked is not None
    assert digest.response(asked, *known) == "6629fae49393a05397450978507c4ef1"
    old = digest.challenge(head)
    assert old is not None
    assert digest.response(old, "Mufasa", "CircleOfLife", *known[2:]) == (
        "1949323746fe6a43ef61f9606e7febea"
    )


@pytest.mark.parametrize("qop", [False, True])
def test_registers_by_digest(qop: bool) -> None:
    line = Line(device(), Platform(qop=qop))
    first, second = line.platform.got[:2]
    assert first.startswith(f"REGISTER sip:{SERVER}@{REALM} SIP/2.0\r\n".encode())
    assert field(first, "CSeq") == "1 REGISTER"
    assert field(second, "CSeq") == "2 REGISTER"
    assert field(first, "Call-ID") == field(second, "Call-ID")
    assert field(first, "Expires") == "3600"
    assert field(first, "From").startswith(f"<sip:{DEVICE}@{REALM}>;tag=")
    assert line.agent.state == "online"


def test_a_wrong_password_is_tried_once_a_minute() -> None:
    line = Line(device("wrong"), Platform())
    assert line.agent.state == "refused"
    assert len(line.platform.got) == 2
    line.run(59)
    assert len(line.platform.got) == 2
    line.run(2)
    assert len(line.platform.got) == 4, "with a fresh challenge"


def test_the_registration_is_renewed_before_it_expires_and_ended_with_0() -> None:
    line = Line(device(), Platform(expires=100))
    line.run(79)
    registers = [d for d in line.platform.got if d.startswith(b"REGISTER")]
    assert len(registers) == 2
    line.run(2)
    registers = [d for d in line.platform.got if d.startswith(b"REGISTER")]
    assert len(registers) == 4, "renewed at 80 percent of what the platform gave"
    assert line.agent.state == "online"
    line.agent.stop(line.now)
    line.carry()
    assert field(line.platform.got[-1], "Expires") == "0"
    assert (line.agent.state, line.platform.registered) == ("offline", None)
    said = len(line.platform.got)
    line.run(7200)
    assert len(line.platform.got) == said


def test_a_keepalive_a_minute_and_three_misses_are_offline() -> None:
    line = Line(device(), Platform())
    line.run(179)
    kept = line.platform.messages("Keepalive")
    assert [element(d, "SN") for d in kept] == ["1", "2", "3"]
    assert element(kept[0], "Status") == "OK"
    assert field(kept[0], "Content-Type") == "Application/MANSCDP+xml"
    line.platform.deaf, line.platform.got = True, []
    line.run(120 + 31)
    assert line.agent.state == "online", "two misses are not enough"
    line.run(65)
    assert line.agent.state == "offline"
    assert line.platform.got[-1].startswith(b"REGISTER"), "it begins anew"
    once = [d for d in line.platform.got if element(d, "SN") == "4"]
    assert len(once) == 11, "0.5, 1, 2, 4, 4 ... s for 32 s (RFC 3261 timers E and F)"
    line.platform.deaf = False
    line.run(120)
    assert line.agent.state == "online"


def test_a_platform_that_forgot_the_device_gets_it_back() -> None:
    line = Line(device(), Platform())
    line.platform.registered = None
    line.run(60 * 3 + 1)
    assert line.platform.registered == 3600


def test_the_catalogue_comes_in_several_messages() -> None:
    line = Line(device(), Platform())
    assert line.ask(query("Catalog")).startswith(b"SIP/2.0 200 OK\r\n")
    parts = line.platform.messages("Catalog")
    assert [element(d, "SumNum") for d in parts] == ["5", "5", "5"]
    assert {element(d, "SN") for d in parts} == {"17430"}
    items = []
    for part in parts:
        assert len(part) < 1472, "more than an Ethernet frame holds"
        body = part.split(b"\r\n\r\n", 1)[1].split(b"?>", 1)[1].decode("gbk")
        listed = ElementTree.fromstring(body).find("DeviceList")
        assert listed is not None
        assert listed.get("Num") == str(len(listed))
        items += [
            (i.findtext("DeviceID"), i.findtext("Name"), i.findtext("Status")) for i in listed
        ]
    wanted = [(c.id, c.name, "ON" if on else "OFF") for c, on in CAMERAS]
    assert items == wanted


def test_a_request_that_comes_twice_is_done_once() -> None:
    line = Line(device(), Platform())
    first = line.ask(query("Catalog"))
    assert line.ask(query("Catalog")) == first
    assert len(line.platform.messages("Catalog")) == 3
    line.ask(query("Catalog", branch="z9hG4bKq2"))
    assert len(line.platform.messages("Catalog")) == 6


def test_an_alarm_says_what_when_and_how_urgent() -> None:
    line = Line(device(), Platform())
    when = datetime(2025, 9, 1, 12, 0, tzinfo=HERE)
    line.agent.alarms.append(Alarm(CAMERAS[0][0].id, "crowd", when))
    line.agent.tick(line.now)
    line.carry()
    (told,) = line.platform.messages("Alarm")
    said = {n: element(told, n) for n in ("DeviceID", "AlarmPriority", "AlarmMethod", "AlarmTime",
                                          "AlarmType")}  # fmt: skip
    assert said == {
        "DeviceID": CAMERAS[0][0].id,
        "AlarmPriority": "2",
        "AlarmMethod": "5",
        "AlarmTime": "2025-09-01T12:00:00",
        "AlarmType": "10",
    }
    thanks = "<Response><CmdType>Alarm</CmdType><SN>2</SN><DeviceID>1</DeviceID></Response>"
    assert line.ask(message(thanks)).startswith(b"SIP/2.0 200 OK")
    assert len(line.platform.messages("Alarm")) == 1


OTHERS = [
    ("DeviceInfo", "Result", "OK"),
    ("DeviceStatus", "Online", "ONLINE"),
    ("RecordInfo", "Result", "ERROR"),
]


@pytest.mark.parametrize(("command", "name", "value"), OTHERS)
def test_other_queries(command: str, name: str, value: str) -> None:
    line = Line(device(), Platform())
    line.ask(query(command))
    (told,) = line.platform.messages(command)
    assert element(told, name) == value


REFUSED = [
    (query("Catalog").replace(b"MESSAGE ", b"INVITE "), b"488"),
    (query("Catalog").replace(b"MESSAGE ", b"PUBLISH "), b"405"),
    (query("Catalog").replace(b"</Query>", b"</Quory>"), b"400"),
    (query("Catalog").replace(b"<SN>17430", b"<SN>x7430"), b"400"),
    (query("Catalog").replace(b"MESSAGE ", b"OPTIONS "), b"200"),
]  # fmt: skip


@pytest.mark.parametrize(("datagram", "status"), REFUSED)
def test_what_it_cannot_do_is_refused_in_sip(datagram: bytes, status: bytes) -> None:
    line = Line(device(), Platform())
    assert line.ask(datagram).split(b" ")[1] == status


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400), st.integers(0, 600), st.data())
def test_no_datagram_is_an_exception(noise: bytes, cut: int, data: st.DataObject) -> None:
    agent = device()
    agent.start(0)
    whole = data.draw(st.sampled_from([query("Catalog"), reply(agent.out[0], "401 No", "X: y"),
                                       reply(agent.out[0], "200 OK", "Expires: -5")]))  # fmt: skip
    flipped = bytearray(whole)
    flipped[cut % len(whole)] ^= 1 + len(noise) % 255
    for datagram in (noise, whole[:cut], whole[:cut] + noise, bytes(flipped)):
        agent.receive(datagram, 1)
        agent.tick(2)


def test_memory_is_bounded_whatever_the_platform_sends() -> None:
    line = Line(device(), Platform())
    line.platform.deaf = True
    answers = [line.agent.receive(query("Catalog", n, f"z9hG4bK{n}"), 0) for n in range(5000)]
    assert answers[0] is not None
    assert answers[-1] is not None
    assert answers[-1].startswith(b"SIP/2.0 503"), "it has enough to do"
    assert len(line.agent._bodies) <= MOST_BODIES
    assert len(line.agent._pending._given) == 64
    when = datetime(2025, 9, 1, tzinfo=HERE)
    for _ in range(10 * MOST_ALARMS):
        line.agent.alarms.append(Alarm("1", "crowd", when))
    assert len(line.agent.alarms) == MOST_ALARMS


def test_a_platform_that_always_asks_again_is_not_answered_without_end() -> None:
    class Nagging(Platform):
        def receive(self, datagram: bytes) -> list[bytes]:
            self.got.append(datagram)
            ask = 'WWW-Authenticate: Digest realm="r", nonce="n", stale=TRUE'
            brief = len(self.got) % 2 and "423 Interval Too Brief"
            return [reply(datagram, brief or "401 Unauthorized", ask, "Min-Expires: 60")]

    line = Line(device(), Nagging())
    line.run(30)
    assert len(line.platform.got) < 10


def test_short_header_names_and_folded_lines() -> None:
    text = (
        "SIP/2.0 200 OK\r\nv: SIP/2.0/UDP a;branch=z9\r\nf: <a>\r\nt: <b>\r\ni: 1\r\n"
        "CSeq: 1\r\n REGISTER\r\nl: 2\r\n\r\nokay"
    )
    found = sip.parse(text.encode())
    assert found is not None
    assert (found.branch, found.sequence, found.body) == ("z9", "1 REGISTER", b"ok")
