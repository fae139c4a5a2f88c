"""What a device says: status, description, states, heartbeat, sequence; will and power cycle."""

from __future__ import annotations

import json
from functools import partial
from itertools import pairwise

from controller.interface.clock import wall_ms
from controller.interface.envelope import (
    Heartbeat,
    Malformed,
    Status,
    decode_heartbeat,
    decode_state,
    decode_status,
    stamp,
)
from controller.interface.kind import PointRole
from controller.interface.points import Value
from scenarios.conform.cycle import power_cycle
from scenarios.conform.listener import Heard, Listener
from scenarios.conform.mqtt_bench import MqttBench
from scenarios.conform.mqtt_commands import COMMANDS
from scenarios.conform.session import BACK_MS, back, is_lost, is_ready, soak, throw_out
from scenarios.conform.verdict import BrokenError, InapplicableError, Roll, demand, quantile

BEATS = 4
LONGEST_GAP_MS = 2500
"""Three heartbeats of 1 s missing is a lost device: one may be late, not two."""

_WILL_MS = 5000
_RETAINED_MS = 3000
_SOAK_GAP_MS = 3000


async def _first_heard(bench: MqttBench, leaf: str, patience_ms: int) -> Heard | None:
    """The first message of a leaf that a newcomer hears; None if none comes in time."""
    listener = await Listener.open(bench.target, bench.newcomer, leaf)
    try:
        return await listener.first(lambda h: h.leaf == leaf, 0, patience_ms)
    finally:
        await listener.close()


async def _retained(bench: MqttBench, leaf: str) -> Heard:
    """The retained message of a leaf, as a newcomer gets it."""
    heard = await _first_heard(bench, leaf, _RETAINED_MS)
    demand(heard is not None, f"`{leaf}` is not there for a newcomer: not retained, or never sent")
    assert heard is not None
    demand(heard.retained, f"`{leaf}` was sent without being retained")
    demand(heard.qos == 1, f"`{leaf}` comes with QoS {heard.qos}, not 1")
    return heard


async def _not_kept(bench: MqttBench, leaf: str) -> None:
    """Demand that a newcomer gets nothing from the broker's memory."""
    heard = await _first_heard(bench, leaf, LONGEST_GAP_MS)
    kept = heard is not None and heard.retained
    demand(not kept, f"`{leaf}` is retained: to a newcomer a dead device would seem alive")


SAYING: Roll[MqttBench] = Roll()
LIVING: Roll[MqttBench] = Roll()


@SAYING.test("status", "status: ready, retained, QoS 1")
async def _status(bench: MqttBench) -> str:
    heard = await _retained(bench, "status")
    body = decode_status(heard.payload)
    if isinstance(body, Malformed):
        raise BrokenError(f"`status` is malformed: {body.reason}")
    demand(body.state == "ready", f"`status` says {body.state!r}, not 'ready'")
    return f"ready, boot {body.boot}, retained, QoS 1"


@SAYING.test("desc", "description: retained, the points of the profile")
async def _desc(bench: MqttBench) -> str:
    heard = await _retained(bench, "desc")
    try:
        points = json.loads(heard.payload)["points"]
        offered = {name: (one["type"], one["settable"]) for name, one in points.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenError(f"`desc` has no list of points with type and settable: {error}") from None
    known = {name: (r.as_type, r.write) for name, r in bench.kind.points.items()}
    for name, offer in offered.items():
        demand(name in known, f"`desc` offers {name!r}, which a {bench.kind.name} has not")
        demand(offer == known[name], f"`desc`: {name} is {offer}, the profile says {known[name]}")
    demand(bool(offered), "`desc` offers no points")
    return f"offers {', '.join(offered)}"


@SAYING.test("state", "states: retained, well-formed, in range")
async def _states(bench: MqttBench) -> str:
    """What has been reported is there for a newcomer; some points have nothing to report yet."""
    if not bench.reads:
        raise InapplicableError(f"a {bench.kind.name} reports no states")
    await bench.listener.until(lambda: all(map(bench.knows, bench.reads)), _RETAINED_MS)
    known = [name for name in bench.reads if bench.knows(name)] or list(bench.reads)
    seen = [await _state(bench, name) for name in known]
    silent = bench.reads.keys() - known
    return ", ".join(seen) + (f"; not reported yet: {', '.join(sorted(silent))}" if silent else "")


async def _state(bench: MqttBench, name: str) -> str:
    heard = await _retained(bench, f"state/{name}")
    body = decode_state(heard.payload)
    if isinstance(body, Malformed):
        raise BrokenError(f"`state/{name}` is malformed: {body.reason}")
    role = bench.reads[name]
    demand(fits(role, body.value), f"{name} = {body.value!r} is no {role.as_type} of its range")
    return f"{name} = {body.value!r} ({body.quality})"


def fits(role: PointRole, value: Value) -> bool:
    """Whether a value is of the type and in the range that the profile declares."""
    if not role.fits(value) or (role.as_type == "bool") != isinstance(value, bool):
        return False
    if role.words:
        return value in role.words
    return not role.span or isinstance(value, str) or role.span[0] <= value <= role.span[1]


@SAYING.test("heartbeat", "a heartbeat each second, not retained")
async def _heartbeat(bench: MqttBench) -> str:
    listener, since = bench.listener, len(bench.listener.heard)
    longest = BEATS * LONGEST_GAP_MS

    def beats() -> list[Heard]:
        return [h for h in listener.heard[since:] if h.leaf == "hb"]

    await listener.until(lambda: len(beats()) > BEATS, longest)
    got = beats()
    demand(
        len(got) > 1, f"{len(got)} heartbeats within {longest / 1000:g} s, one a second expected"
    )
    for heard in got:
        body = decode_heartbeat(heard.payload)
        if not isinstance(body, Heartbeat):
            raise BrokenError(f"`hb` is malformed: {body.reason}")
    await _not_kept(bench, "hb")
    gaps = [b.at_ms - a.at_ms for a, b in pairwise(got)]
    for gap in gaps:
        bench.latencies.add("heartbeat to heartbeat", gap)
    text = f"{len(gaps)} gaps, {min(gaps):.0f} to {max(gaps):.0f} ms"
    demand(max(gaps) <= LONGEST_GAP_MS, f"{text}; at most {LONGEST_GAP_MS} ms")
    mean = sum(gaps) / len(gaps)
    demand(700 <= mean <= 1300, f"{text}; one a second expected")
    return text


def _live(bench: MqttBench) -> list[Heard]:
    """What the device sent while we listened; its will is the broker's."""
    return [
        h
        for h in bench.listener.heard
        if not h.retained and not h.leaf.startswith("cmd/") and not is_lost(h)
    ]


@LIVING.test("will", "the broker says when it is lost", writes=True)
async def _will(bench: MqttBench) -> str:
    """The broker says `lost` when the device's session ends abruptly; the device comes back."""
    began = wall_ms()
    since = await throw_out(bench)
    lost = await bench.listener.first(is_lost, since, _WILL_MS)
    ready = await back(bench, since)
    if lost is None and ready is None:
        raise InapplicableError("its session could not be ended: say its --client-id")
    demand(lost is not None, "its session was ended and no will was published")
    demand(ready is not None, f"not ready again {BACK_MS // 1000} s after its session was ended")
    assert lost is not None
    assert ready is not None
    body = decode_status(lost.payload)
    after = decode_status(ready.payload)
    assert isinstance(body, Status)
    assert isinstance(after, Status)
    demand(body.boot == after.boot, "the will is of another boot than the device itself")
    kept = await _retained(bench, "status")
    demand(is_ready(Heard(0, "status", kept.payload, False, 1)), "`lost` is retained over `ready`")
    took = (ready.at_ms - lost.at_ms) / 1000
    return (
        f"lost at once, ready again {took:.1f} s later (in all {(wall_ms() - began) / 1000:.1f} s)"
    )


@LIVING.test("power-cycle", "after a power cycle a new boot", writes=True)
async def _power(bench: MqttBench) -> str:
    """After a power cycle the device has another boot id and reports every state anew."""
    command = bench.limits.power_cycle
    if not command:
        raise InapplicableError("give --power-cycle CMD that switches the device off and on")
    before = decode_status((await _retained(bench, "status")).payload)
    known = [name for name in bench.reads if bench.knows(name)]
    since = len(bench.listener.heard)
    await power_cycle(command)
    ready = await back(bench, since)
    if ready is None:
        raise BrokenError(f"not ready {BACK_MS // 1000} s after the power cycle")
    after = decode_status(ready.payload)
    assert isinstance(after, Status)
    same = isinstance(before, Status) and before.boot == after.boot
    demand(not same, f"boot {after.boot} is that of before the power cycle")
    for name in known:
        again = await bench.listener.first(partial(_on, f"state/{name}"), since, _RETAINED_MS)
        demand(again is not None, f"{name} is not reported after the power cycle")
    return f"boot {after.boot}, all states reported anew"


def _on(leaf: str, heard: Heard) -> bool:
    return heard.leaf == leaf


@LIVING.test("soak", "heard for as long as asked")
async def _soak(bench: MqttBench) -> str:
    """For as long as asked the device is heard, and its sequence rises."""
    seconds, since = bench.limits.soak_s, await soak(bench)
    beats = [h.at_ms for h in bench.listener.heard[since:] if h.leaf == "hb"]
    gaps = [b - a for a, b in pairwise(beats)]
    demand(bool(gaps), f"no heartbeat within {seconds:g} s")
    demand(max(gaps) <= _SOAK_GAP_MS, f"silent for {max(gaps):.0f} ms")
    await _sequence(bench)
    return (
        f"{len(beats)} heartbeats in {seconds:g} s, p99 of the gaps {quantile(gaps, 0.99):.0f} ms"
    )


@LIVING.test("sequence", "seq rises over all messages of a boot")
async def _sequence(bench: MqttBench) -> str:
    """`seq` rises over all messages of one boot; every message says which boot it is."""
    await bench.listener.until(lambda: len(_live(bench)) >= 3, 5000)
    last: dict[str, int] = {}
    count = 0
    for heard in _live(bench):
        found = stamp(heard.payload)
        if found is None:
            raise BrokenError(f"`{heard.leaf}` has no boot and seq")
        boot, seq = found
        before = last.get(boot, -1)
        demand(seq > before, f"`{heard.leaf}`: seq {seq} comes after {before} in boot {boot}")
        last[boot] = seq
        count += 1
    demand(count >= 3, f"{count} live messages are too few to tell")
    return f"{count} messages of {len(last)} boot(s), seq rising"


MQTT = (*SAYING.checks, *COMMANDS, *LIVING.checks)
