"""Commands that answer an event of the device, as a verdict on a card that somebody shows."""

from __future__ import annotations

from controller.interface.envelope import Envelope, decode_state
from controller.interface.kind import PointRole
from scenarios.conform.answers import ACK
from scenarios.conform.listener import Heard
from scenarios.conform.mqtt_bench import ACK_MS, MqttBench, event_of, filled, unasked
from scenarios.conform.provoking import provoke
from scenarios.conform.verdict import BrokenError, InapplicableError, demand

_SHOWN_MS = 5000
"""How long we wait for the event that a command answers."""


async def answered(bench: MqttBench, role: PointRole) -> str:
    """What is asked is answered once: `ok`, and the same answer again is `rejected`."""
    event = event_of(role)
    since = len(bench.listener.heard)
    await provoke(bench.limits.provoke)

    def asks(heard: Heard) -> bool:
        return heard.leaf == f"event/{event}" and not heard.retained

    asked = await bench.listener.first(asks, since, _SHOWN_MS)
    if asked is None:
        raise InapplicableError(f"no `{event}` within {_SHOWN_MS // 1000} s: give --provoke CMD")
    body = decode_state(asked.payload)
    if not isinstance(body, Envelope):
        raise BrokenError(f"`event/{event}` is malformed: {body.reason}")
    text = filled(role.forms[0], str(body.value))
    took = await _answer(bench, role, text, "ok")
    bench.latencies.add(ACK, took)
    await _answer(bench, role, text, "rejected")
    return f"{event} {body.value}: `{role.forms[0]}` taken after {took:.1f} ms, and only once"


async def strangers(bench: MqttBench, role: PointRole) -> str:
    """An answer to what nobody asked is `rejected`."""
    for text in unasked(role):
        await _answer(bench, role, text, "rejected")
    return f"answers to a {event_of(role)} that nobody showed: rejected"


async def _answer(bench: MqttBench, role: PointRole, text: str, result: str) -> float:
    id, since = bench.new_id(), len(bench.listener.heard)
    sent = bench.command(role.name, text, id)
    heard = await bench.listener.first(
        lambda h: h.leaf == "ack" and id.encode() in h.payload, since, ACK_MS
    )
    ack = await bench.ack(id, since, 0)
    if heard is None or ack is None:
        raise BrokenError(f"{role.name} = {text!r} is not acknowledged within {ACK_MS} ms")
    demand(
        ack.result == result,
        f"{role.name} = {text!r} is answered `{ack.result}`, expected `{result}`",
    )
    return heard.at_ms - sent
