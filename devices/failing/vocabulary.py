"""The vocabulary of faults: every word, what it means, what it needs, and on what it acts.

The first seven words are those of PX4's failure injection (`failure` command: off, stuck, garbage,
wrong, slow, delayed, intermittent); the rest is the language of Modbus and MQTT integrators.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from controller.interface.points import Value


@dataclass(frozen=True, slots=True)
class Amount:
    """The one number or word that a fault takes: key `value` or `delay_ms`; None: must be given."""

    key: str
    say: str
    fits: Callable[[object], bool]
    usual: Value | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A fault. `ways`: what it can act on, the first that the target has counts.

    A way is a trait of a target (`TRAITS`). `wire_only` is why rig memory cannot carry it.
    """

    name: str
    layer: str
    ways: tuple[str, ...]
    say: str
    amount: Amount | None = None
    wire_only: str = ""


TRAITS: Mapping[str, str] = {
    "gateway": "only gateways can be",
    "station": "it has no connection of its own",
    "senses": "it senses nothing",
    "reads": "it reports nothing",
    "bits": "it reports no contact",
    "numbers": "it reports no number",
    "writes": "it takes no commands",
    "powered": "the mains does not move it",
    "kind": "its kind declares no such fault",
}
"""What a target may be or have, and how its lack is said."""


def number(low: float, high: float) -> Callable[[object], bool]:
    """A test for a number within bounds."""
    return lambda v: isinstance(v, int | float) and not isinstance(v, bool) and low <= v <= high


def whole(low: int, high: int) -> Callable[[object], bool]:
    """A test for a whole number within bounds."""
    return lambda v: type(v) is int and low <= v <= high


_DAY_MS = 86_400_000
_DELAY = Amount("delay_ms", "a whole number above 0", whole(1, _DAY_MS))
_EXCEPTIONS = (1, 2, 3, 4, 5, 6, 10, 11)


def _count(say: str, low: int, high: int, usual: int) -> Amount:
    return Amount("value", f"{say}, {low} to {high} ({usual})", whole(low, high), usual)


def _share(usual: float) -> Amount:
    return Amount("value", f"a share of 0 to 1 ({usual})", number(0, 1), usual)


_TERMS = (
    Term("off", "device", ("gateway", "station"),
         "no power: a gateway closes and refuses connections, a loop device is missing, an MQTT "
         "device is lost and boots afresh afterwards"),
    Term("stuck", "device", ("senses",),
         "a sensor gives its last reading for ever; a moving part stays where it is"),
    Term("garbage", "device", ("gateway", "reads"),
         "a gateway sends random bytes; a device reports random values of the right type"),
    Term("wrong", "device", ("kind",), "senses, reports or shows `value` instead of the truth"),
    Term("slow", "device", ("gateway", "writes"),
         "a gateway answers `delay` late; a device obeys `delay` late, having said ok", _DELAY),
    Term("delayed", "device", ("gateway", "reads"),
         "what is reported comes `delay` late, with the time at which it was true", _DELAY),
    Term("intermittent", "device", ("gateway", "reads"),
         "a gateway loses a share of its replies; a device has a loose wire, 0.5 to 5 s open, "
         "0.5 to 5 s closed", _share(0.5)),
    Term("frozen", "device", ("gateway", "reads"),
         "values stay as they are while everything else goes on; over MQTT with fresh times"),
    Term("bouncing", "physical", ("bits",), "a contact that changes rattles, 5 to 30 ms apart",
         _count("changes", 2, 50, 6)),
    Term("inverted", "physical", ("bits",), "contacts report the opposite"),
    Term("drift", "physical", ("senses",), "reads `value` more with every minute",
         Amount("value", "a number, in the unit sensed, per minute", number(-1e6, 1e6))),
    Term("noise", "physical", ("senses",), "normal noise with a standard deviation of `value`",
         Amount("value", "a number of 0 or more, in the unit sensed", number(0, 1e6))),
    Term("blind", "physical", ("senses",), "senses nothing: covered, misaligned, masked"),
    Term("no-mains", "physical", ("powered",), "its own mains is gone"),
    Term("ignores-command", "logic", ("writes",), "says ok and does nothing"),
    Term("rejects", "logic", ("writes",), "refuses commands; over Modbus it just does nothing"),
    Term("executes-twice", "logic", ("writes",), "carries a command out again after half a second"),
    Term("counter-reset", "logic", ("numbers",), "its numbers start again from 0"),
    Term("reboot", "logic", ("gateway", "station"),
         "off for `delay` (60 s), then on: connections and boot id are new",
         Amount("delay_ms", "a whole number above 0", whole(1, _DAY_MS), 60_000)),
    Term("exception", "modbus", ("gateway",), "answers every request with exception `value`",
         Amount("value", "an exception code: 1 to 6, 10 or 11", lambda v: v in _EXCEPTIONS, 4)),
    Term("wrong-unit", "modbus", ("gateway",), "replies name the unit `value` further on",
         _count("units", 1, 255, 1)),
    Term("wrong-transaction", "modbus", ("gateway",), "replies carry another transaction id",
         _count("a difference", 1, 65535, 1)),
    Term("short", "modbus", ("gateway",), "the last bytes of every reply are missing",
         _count("bytes", 1, 255, 2)),
    Term("extra", "modbus", ("gateway",), "stray bytes follow every reply",
         _count("bytes", 1, 255, 3)),
    Term("split", "modbus", ("gateway",), "every reply comes in segments of `value` bytes",
         _count("bytes", 1, 255, 1), "there are no segments in memory"),
    Term("merged", "modbus", ("gateway",), "two replies in one segment, the first being late"),
    Term("late-to-next", "modbus", ("gateway",), "each request gets the reply to the one before"),
    Term("silent", "modbus", ("gateway",), "takes requests, carries them out, never answers"),
    Term("reset", "modbus", ("gateway", "station"),
         "a gateway resets the connection in the middle of every reply; an MQTT device loses its "
         "connection once, and its will speaks"),
    Term("refused", "modbus", ("gateway", "station"),
         "no new connection is taken; an MQTT device loses the one it has"),
    Term("word-swap", "modbus", ("gateway",), "the words of 32-bit values change places"),
    Term("absent-ffff", "modbus", ("gateway",), "registers that are not there read 0xFFFF"),
    Term("first-read-zero", "modbus", ("gateway",),
         "the first read of a range, and one after 30 s of silence, gives zeros"),
    Term("map-shift", "modbus", ("gateway",), "reads give what lies `value` addresses further on",
         Amount("value", "addresses, -100 to 100 (1)", whole(-100, 100), 1)),
    Term("false-will", "mqtt", ("station",), "the will is published while the device goes on"),
    Term("reconnect-storm", "mqtt", ("station",), "the connection is lost again every `delay`",
         Amount("delay_ms", "a whole number above 0", whole(1, _DAY_MS), 500)),
    Term("duplicate", "mqtt", ("station",), "every message is sent twice"),
    Term("old-retained", "mqtt", ("station",),
         "after every retained message the one before it comes again and stays in the broker"),
    Term("retained-command", "mqtt", ("writes+station",),
         "a command of long ago is left in the broker and comes with every connection"),
    Term("oversize", "mqtt", ("station",), "payloads are `value` bytes longer",
         _count("bytes", 1, 10_000_000, 100_000)),
    Term("invalid-json", "mqtt", ("station",), "payloads break off in the middle"),
    Term("wrong-type", "mqtt", ("station",), 'values are sent as text: "1" for 1'),
    Term("client-id-clash", "mqtt", ("station",),
         "another client takes over its client id and leaves, again every `delay`",
         Amount("delay_ms", "a whole number above 0", whole(1, _DAY_MS), 5000)),
    Term("clock-off", "mqtt", ("station",), "its clock is `value` ms ahead (negative: behind)",
         Amount("value", "whole milliseconds", whole(-_DAY_MS, _DAY_MS), 300_000)),
    Term("denied", "mqtt", ("station",), "the broker takes what it sends and hands it to nobody"),
    Term("hung", "mqtt", ("station",), "the connection stands; nothing is sent or answered"),
    Term("deaf", "mqtt", ("writes+station",), "commands do not reach it"),
    Term("latency", "network", ("gateway", "station"),
         "what is sent arrives `delay` later, both ways", _DELAY),
    Term("jitter", "network", ("gateway", "station"),
         "what is sent arrives up to `delay` later, both ways, in order", _DELAY),
    Term("loss", "network", ("gateway", "station"),
         "a share of what is sent must be sent again, both ways: TCP hides the gap, it arrives 1 s "
         "later (RFC 6298)", _share(0.05)),
    Term("bandwidth", "network", ("gateway", "station"),
         "no more than `value` bytes go through in a second, both ways",
         Amount("value", "bytes per second, 1 to 1000000000 (1200)", whole(1, 10**9), 1200)),
    Term("half-open", "network", ("gateway", "station"),
         "the connection stands and is dead: what is sent is lost and nobody is told; an MQTT "
         "device and its broker give each other up after 15 s of silence"),
    Term("partition", "network", ("gateway", "station"),
         "the network to it is cut: requests vanish, connections hang; the broker gives an MQTT "
         "device up, in lock-step at once, in real time after its keepalive"),
)  # fmt: skip

TERMS: Mapping[str, Term] = {term.name: term for term in _TERMS}

ALIASES: Mapping[str, str] = {
    "missing": "off", "dead": "off", "unplugged": "off", "jammed": "stuck", "motor-stall": "stuck",
    "bond-fails": "stuck", "lens-blocked": "blind", "misaligned": "blind", "masked": "blind",
    "dirty": "drift", "late": "slow", "lag": "latency", "delay": "latency", "rst": "reset",
    "stale": "frozen",
    "busy": "exception", "mains-loss": "no-mains", "byte-swap": "word-swap", "lost": "off",
    "expired-certificate": "refused", "acl": "denied", "timeout": "silent", "dup": "duplicate",
    "network": "partition", "cut": "partition", "packet-loss": "loss", "throttle": "bandwidth",
    "counter-wrap": "counter-reset", "schema": "wrong-type",
}  # fmt: skip
"""What people also say: not accepted, but answered with the word to use."""
