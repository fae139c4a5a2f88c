"""Commands: acknowledged, shown, done once, never late, never from the broker's memory."""

from __future__ import annotations

from controller.interface.points import Value
from scenarios.conform.answers import ACK, REPORT
from scenarios.conform.listener import Heard
from scenarios.conform.mqtt_answering import answered, strangers
from scenarios.conform.mqtt_bench import ACK_MS, MqttBench
from scenarios.conform.session import back, throw_out
from scenarios.conform.verdict import BrokenError, Check, InapplicableError, demand, quantile

_ROUNDS = 5
_NO = "no such value"
_STALE_MS = 60_000


async def _acknowledged(bench: MqttBench) -> str:
    """A command is answered `ok` and shows in time; the latencies are measured."""
    role, shows = bench.settable()
    if role.forms:
        return await answered(bench, role)
    rest = bench.state(shows.name) if shows is not None else None
    values = bench.two_values(role, rest)
    acks: list[float] = []
    for number in range(_ROUNDS):
        value = values[number % 2]
        acks.append(await _timed(bench, role.name, shows.name if shows else "", value))
    if rest is not None:
        await bench.set(role, shows, rest)
    times = bench.latencies.taken.get(REPORT, [])
    report = f", to report p50 {quantile(times, 0.5):.0f} ms" if times else ""
    return f"{_ROUNDS} commands: to ack p50 {quantile(acks, 0.5):.1f} ms{report}"


async def _timed(bench: MqttBench, point: str, shows: str, value: Value) -> float:
    id, since = bench.new_id(), len(bench.listener.heard)
    sent = bench.command(point, value, id)
    ack = await bench.listener.first(lambda h: h.leaf == "ack" and id.encode() in h.payload, since,
                                     ACK_MS)  # fmt: skip
    if ack is None:
        raise BrokenError(f"{point} = {value!r} is not acknowledged within {ACK_MS} ms")
    answer = await bench.ack(id, since, 0)
    got = answer.result if answer is not None else "a malformed answer"
    demand(got == "ok", f"{point} = {value!r} is answered `{got}`, expected `ok`")
    demand(not ack.retained, "the ack is retained")
    bench.latencies.add(ACK, ack.at_ms - sent)
    if shows:
        seen = await bench.shown(shows, value, since, bench.report_ms)
        if seen is None:
            raise BrokenError(f"{shows} does not show {value!r} after {bench.report_ms} ms")
        bench.latencies.add(REPORT, seen.at_ms - sent)
    return ack.at_ms - sent


async def _rejected(bench: MqttBench) -> str:
    """A value that the point cannot take is answered `rejected` and changes nothing."""
    role, shows = bench.settable()
    if role.forms:
        return await strangers(bench, role)
    if not (role.words or role.as_type == "bool" or role.span):
        raise InapplicableError(f"{role.name} takes any {role.as_type}")
    before = bench.state(shows.name) if shows is not None else None
    id, since = bench.new_id(), len(bench.listener.heard)
    bench.command(role.name, _NO, id)
    ack = await bench.ack(id, since)
    got = ack.result if ack is not None else "nothing"
    demand(got == "rejected", f"{role.name} = {_NO!r} is answered `{got}`, expected `rejected`")
    await _unchanged(bench, since, before, f"{role.name} = {_NO!r} was rejected")
    return f"{role.name} = {_NO!r}: rejected"


async def _malformed(bench: MqttBench) -> str:
    """Payloads that are no commands change nothing, and the device lives on."""
    role, shows = bench.settable()
    before = bench.state(shows.name) if shows is not None else None
    since = len(bench.listener.heard)
    for payload in (b"", b"{", b"[1]", b"\xff\xfe", b'{"val":1}', b"9" * 5000):
        bench.listener.publish(f"cmd/{role.name}", payload)
    beat = await bench.listener.first(lambda h: h.leaf == "hb", since, 3000)
    demand(beat is not None, "no heartbeat after malformed commands: the device has died")
    await _unchanged(bench, since, before, "malformed commands")
    return "6 malformed payloads: nothing changed, the heart beats on"


async def _twice(bench: MqttBench) -> str:
    """A command that comes again under its id is not carried out again."""
    role, shows = bench.settable()
    if shows is None:
        raise InapplicableError("nothing shows whether it was carried out again")
    rest = bench.state(shows.name)
    first, second = bench.two_values(role, rest)
    id, since = bench.new_id(), len(bench.listener.heard)
    bench.command(role.name, first, id)
    demand(await bench.shown(shows.name, first, since, bench.report_ms) is not None,
           f"{shows.name} does not show {first!r}")  # fmt: skip
    await bench.set(role, shows, second)
    since = len(bench.listener.heard)
    bench.command(role.name, first, id)
    again = await bench.shown(shows.name, first, since, bench.report_ms)
    ack = await bench.ack(id, since, 0)
    await bench.set(role, shows, rest if rest is not None else second)
    demand(again is None, f"the repeated command {id} was carried out a second time")
    return f"repeated: not done again, answered {f'`{ack.result}`' if ack else 'with nothing'}"


async def _expired(bench: MqttBench) -> str:
    """A command older than its time to live is answered `expired` and changes nothing."""
    role, shows = bench.settable()
    before = bench.state(shows.name) if shows is not None else None
    value, _ = bench.two_values(role, before)
    id, since = bench.new_id(), len(bench.listener.heard)
    bench.command(role.name, value, id, age_ms=_STALE_MS, ttl_ms=1000)
    ack = await bench.ack(id, since)
    await _unchanged(bench, since, before, "a command a minute old with a life of 1 s")
    got = ack.result if ack is not None else "nothing"
    demand(got == "expired", f"an expired command is answered `{got}`, expected `expired`")
    return "a command a minute old: expired, nothing changed"


async def _retained(bench: MqttBench) -> str:
    """A command out of the broker's memory, after a reconnect, is not carried out."""
    role, shows = bench.settable()
    before = bench.state(shows.name) if shows is not None else None
    value, _ = bench.two_values(role, before)
    id = bench.new_id()
    since = await throw_out(bench)
    bench.command(role.name, value, id, ttl_ms=_STALE_MS, retain=True)
    try:
        if await back(bench, since) is None:
            raise InapplicableError("its session could not be ended: say its --client-id")
        await _unchanged(bench, since, before, "a retained command")
        ack = await bench.ack(id, since, 0)
        got = ack.result if ack is not None else ""
        demand(got != "ok", "a retained command was carried out after a reconnect")
    finally:
        bench.listener.publish(f"cmd/{role.name}", b"", retain=True)
    return f"after a reconnect: {f'answered `{got}`' if got else 'ignored'}, nothing changed"


async def _unchanged(bench: MqttBench, since: int, before: Value | None, what: str) -> None:
    """Wait as long as a command may take to show, and demand that nothing else shows."""
    _, shows = bench.settable()
    if shows is None:
        return

    def moved(heard: Heard) -> bool:
        return heard.leaf == f"state/{shows.name}" and bench.state(shows.name) != before

    changed = await bench.listener.first(moved, since, bench.report_ms)
    demand(changed is None, f"{what}: {shows.name} went from {before!r} to another value")


COMMANDS: tuple[Check[MqttBench], ...] = (
    Check("command.ack", "commands are acknowledged and show, in time", _acknowledged, writes=True),
    Check("command.rejected", "an impossible value is rejected", _rejected, writes=True),
    Check("command.malformed", "what is no command changes nothing", _malformed, writes=True),
    Check("command.duplicate", "a repeated command is done once", _twice, writes=True),
    Check("command.expired", "a command that is too old is not done", _expired, writes=True),
    Check("command.retained", "a command from the broker's memory is not done", _retained,
          writes=True),
)  # fmt: skip
