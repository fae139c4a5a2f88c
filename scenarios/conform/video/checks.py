"""What a GB/T 28181 device must do: register, keep alive, list its channels, alarm, survive."""

from __future__ import annotations

import re
from datetime import datetime
from functools import partial
from itertools import pairwise

from controller.interface.clock import pause
from devices.gb28181 import digest
from scenarios.conform.verdict import InapplicableError, Roll, demand
from scenarios.conform.video.bench import ANSWER_MS, VideoBench, body_of
from scenarios.conform.video.platform import EXPIRES_S

_ID = re.compile(r"[0-9]{20}")
_PAGES_MS = 10_000
"""How long all messages of a catalogue may take."""

_USUAL_KEEPALIVE_S, _LATE = 60, 1.5
_ALARM_MS = 10_000
_METHODS = frozenset("1234567")


VIDEO: Roll[VideoBench] = Roll()


@VIDEO.test("register", "REGISTER, challenge, REGISTER")
async def _register(bench: VideoBench) -> str:
    """REGISTER, 401, REGISTER again in the same call, with an expiry and a contact."""
    asked = [one.message for one in bench.platform.requests("REGISTER") if one.message]
    first, second = asked[0], bench.platform.attempts[0].message
    demand(second.header("call-id") == first.header("call-id") or len(asked) > 2,
           "the answer to the challenge is in another call")  # fmt: skip
    numbers = [one.header("cseq").partition(" ")[0] for one in asked]
    rises = all(int(b) > int(a) for a, b in pairwise(numbers) if a.isdigit() and b.isdigit())
    demand(all(map(str.isdigit, numbers)) and rises, f"CSeq goes {', '.join(numbers)}")
    for name in ("contact", "expires", "from", "to"):
        demand(bool(second.header(name)), f"REGISTER has no {name.capitalize()}")
    demand(bool(_ID.fullmatch(bench.platform.id)), f"`{second.uri}` names no platform of 20 digits")
    expires = second.header("expires")
    demand(expires.isdigit() and int(expires) > 0, f"Expires is {expires!r}")
    return f"registered at {bench.platform.id} with Expires {expires}"


@VIDEO.test("digest", "the digest is right")
async def _digest(bench: VideoBench) -> str:
    """The digest is that of the password, of this nonce and of the device's own id."""
    attempt = bench.platform.attempts[0]
    given = digest.members(attempt.message.header("authorization").partition(" ")[2])
    user = given.get("username", "")
    demand(user == bench.target.id, f"username is {user!r}, not the device's id")
    demand(len(given.get("response", "")) == 32, "the response has not 32 digits")
    if attempt.right is None:
        raise InapplicableError("say its password: sip:ID:PASSWORD@HOST:PORT, or --site")
    demand(attempt.right, "the digest is not that of the password")
    return f"{len(bench.platform.attempts)} challenges answered with the right digest"


@VIDEO.test("catalogue", "every channel once")
async def _catalogue(bench: VideoBench) -> str:
    """Every channel once, as many as SumNum says, under the number of the question."""
    number = await bench.ask("Catalog")
    await bench.platform.until(lambda: _complete(bench, number), _PAGES_MS)
    pages = bench.told("Catalog", number)
    demand(bool(pages), f"no catalogue comes within {_PAGES_MS // 1000} s")
    sums = {root.findtext("SumNum", "") for _, root in pages}
    items = [item for _, root in pages for item in root.iter("Item")]
    demand(sums == {str(len(items))}, f"SumNum is {', '.join(sorted(sums))}, {len(items)} came")
    ids = [item.findtext("DeviceID", "") for item in items]
    for id in ids:
        demand(bool(_ID.fullmatch(id)), f"channel {id!r} has not 20 digits")
    demand(len(set(ids)) == len(ids), "a channel is listed twice")
    for _, root in pages:
        listed = root.find("DeviceList")
        told = "" if listed is None else listed.get("Num", "")
        held = 0 if listed is None else len(listed)
        demand(told == str(held), f"Num is {told!r}, {held} items stand in the message")
    for item in items:
        state = item.findtext("Status", "")
        demand(state in ("ON", "OFF"), f"Status of {item.findtext('DeviceID')} is {state!r}")
    return f"{len(ids)} channels in {len(pages)} messages"


def _complete(bench: VideoBench, number: str) -> bool:
    pages = bench.told("Catalog", number)
    wanted = pages[0][1].findtext("SumNum", "") if pages else "-"
    return wanted == str(sum(1 for _, root in pages for _ in root.iter("Item")))


@VIDEO.test("information", "DeviceInfo, DeviceStatus")
async def _others(bench: VideoBench) -> str:
    """DeviceInfo and DeviceStatus are answered with a result; so is what it does not know."""
    results = []
    for command in ("DeviceInfo", "DeviceStatus"):
        number = await bench.ask(command)
        await bench.platform.until(partial(_told, bench, command, number), ANSWER_MS)
        told = bench.told(command, number)
        demand(bool(told), f"no answer to {command} within {ANSWER_MS} ms")
        result = told[0][1].findtext("Result", "")
        demand(result in ("OK", "ERROR"), f"{command} has the result {result!r}")
        results.append(f"{command} {result}")
    return ", ".join(results)


def _told(bench: VideoBench, command: str, number: str) -> bool:
    return bool(bench.told(command, number))


@VIDEO.test("repeated", "a request that comes again is done once")
async def _once(bench: VideoBench) -> str:
    """A request that comes again, as UDP makes it, is answered again and not done again."""
    number = "9001"
    datagram = bench.datagram("DeviceStatus", number, branch="again")
    for _ in range(3):
        bench.platform.send(datagram)
    demand(await bench.answered(number) is not None, "a query is not answered")
    await bench.platform.until(lambda: bool(bench.told("DeviceStatus", number)), ANSWER_MS)
    await pause(ANSWER_MS / 2000)
    done = len(bench.told("DeviceStatus", number))
    demand(done == 1, f"a query that came three times was carried out {done} times")
    return "the same query three times: carried out once"


@VIDEO.test("alarm", "alarms are complete")
async def _alarm(bench: VideoBench) -> str:
    """An alarm says of which channel, how urgent, by what method and when."""
    await bench.platform.until(lambda: bool(bench.told("Alarm")), _ALARM_MS)
    told = bench.told("Alarm")
    if not told:
        raise InapplicableError("no alarm was sent: make one, or give --provoke CMD")
    for _, root in told:
        device = root.findtext("DeviceID", "")
        demand(root.tag == "Notify" and bool(_ID.fullmatch(device)), f"an alarm of {device!r}")
        urgent, method = root.findtext("AlarmPriority", ""), root.findtext("AlarmMethod", "")
        demand(urgent in tuple("1234"), f"AlarmPriority is {urgent!r}, not 1 to 4")
        demand(method in _METHODS, f"AlarmMethod is {method!r}, not 1 to 7")
        when = root.findtext("AlarmTime", "")
        demand(_is_time(when), f"AlarmTime is {when!r}, not as 2025-09-01T12:00:00")
    return f"{len(told)} alarms"


def _is_time(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return "T" in text


_RUBBISH = (
    b"", b"\x00" * 1000, b"\r\n\r\n", b"MESSAGE", b"SIP/2.0 200 OK\r\n\r\n", b"\xff\xfe" * 500,
    b"MESSAGE sip:x SIP/2.0\r\nContent-Length: 99999\r\n\r\n", b"A" * 8000,
)  # fmt: skip


@VIDEO.test("rubbish", "what is no SIP is survived")
async def _survives(bench: VideoBench) -> str:
    """Bytes that are no SIP are dropped, a body that is no XML refused; it lives on."""
    for datagram in _RUBBISH:
        bench.platform.send(datagram)
    number = bench.query("Catalog", body=b"<Query><CmdType>Catalog</Quory>")
    reply = await bench.answered(number)
    refused = reply is None or reply.status >= 400
    demand(refused, f"a body that is no XML is answered with {reply.status if reply else 0}")
    await bench.ask("DeviceStatus")
    said = "dropped" if reply is None else f"refused ({reply.status})"
    return (
        f"{len(_RUBBISH)} datagrams of rubbish dropped, a body that is no XML {said}; it lives on"
    )


@VIDEO.test("renewal", "renewed before it expires")
async def _renewal(bench: VideoBench) -> str:
    """The registration is renewed before it expires, for the time that the platform granted."""
    times = bench.platform.registered_ms
    await bench.platform.until(lambda: len(times) > 1, 1000 * EXPIRES_S + ANSWER_MS)
    demand(len(times) > 1, f"not renewed although {EXPIRES_S} s were granted")
    gaps = [(b - a) / 1000 for a, b in pairwise(times)]
    demand(max(gaps) <= EXPIRES_S, f"renewed after {max(gaps):.1f} s, {EXPIRES_S} s were granted")
    return f"renewed after {max(gaps):.1f} s of {EXPIRES_S} s"


@VIDEO.test("keepalive", "keepalives in time")
async def _keepalive(bench: VideoBench) -> str:
    """Keepalives come as often as declared, each with a number of its own and status OK."""
    expected = bench.video.keepalive_s if bench.video is not None else _USUAL_KEEPALIVE_S
    patience = 1000 * (2 * expected * _LATE + 2)
    await bench.platform.until(lambda: len(bench.told("Keepalive")) >= 2, patience)
    got = bench.told("Keepalive")
    demand(len(got) > 1, f"{len(got)} keepalives within {patience / 1000:.0f} s")
    numbers = [root.findtext("SN", "") for _, root in got]
    demand(len(set(numbers)) == len(numbers), f"SN does not change: {', '.join(numbers)}")
    for _, root in got:
        status, device = root.findtext("Status", ""), root.findtext("DeviceID", "")
        demand(
            root.tag == "Notify" and status == "OK", f"it is a {root.tag} with status {status!r}"
        )
        demand(device == bench.target.id, f"it is of {device!r}")
    gaps = [(b.at_ms - a.at_ms) / 1000 for (a, _), (b, _) in pairwise(got)]
    for gap in gaps:
        bench.latencies.add("keepalive to keepalive", 1000 * gap)
    text = f"{min(gaps):.1f} to {max(gaps):.1f} s apart"
    demand(max(gaps) <= expected * _LATE, f"{text}; {expected} s expected")
    early = bench.video is not None and min(gaps) < expected / _LATE
    demand(not early, f"{text}; {expected} s declared")
    return f"{len(got)} keepalives, {text}"


@VIDEO.test("form", "all that it sends is SIP with XML")
async def _form(bench: VideoBench) -> str:
    """Everything that it sent was SIP, with XML in its messages, each repeated no more than due."""
    bad = [one for one in bench.platform.got if one.message is None]
    demand(not bad, f"not SIP: {bad[0].datagram[:60]!r}" if bad else "")
    messages = bench.platform.requests("MESSAGE")
    for one in messages:
        body_of(one)
    kinds = {one.message.header("content-type").lower() for one in messages if one.message}
    right = kinds <= {"application/mansrtsp", "application/manscdp+xml"}
    demand(right, f"Content-Type is {', '.join(sorted(kinds))}")
    return f"{len(bench.platform.got)} datagrams, {len(messages)} messages"
