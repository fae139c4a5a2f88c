"""`twin conform` on Modbus: a device in order passes; each planted defect is found by name."""

from __future__ import annotations

import asyncio

import pytest

from scenarios.conform.conforming import Order, conform
from scenarios.conform.target import UnreachableError
from scenarios.conform.verdict import Limits
from scenarios.rig.broker import free_port
from tests.contract.planted_modbus import WATCHDOG_MS, planted

pytestmark = pytest.mark.wire

WATCHED = f"""
fitted: 1
profile: door-board
watchdog:
  {{device: lock, point: holding 4, after_ms: {WATCHDOG_MS}, safe: {{discrete 1: false}}}}
"""

DEFECTS = [
    ("shifted map", "door-board", "map.coil"),
    ("shifted inputs", "door-board", "movement"),
    ("swapped words", "gate-board", "map.words"),
    ("wrong exception", "door-board", "map.discrete"),
    ("function 0x80", "door-board", "limits"),
    ("writable read-only", "fire-panel", "write.read-only"),
    ("half a write", "door-board", "write.past-end"),
    ("any value switches", "door-board", "values"),
    ("over-limit accepted", "door-board", "limits"),
    ("unknown unit answered", "door-board", "unit.unknown"),
    ("pipelined lost", "door-board", "framing.pipelined"),
    ("framing ignored", "door-board", "framing.garbage"),
    ("wrong transaction", "door-board", "timing"),
    ("one client", "door-board", "clients"),
    ("no identification", "door-board", "identity"),
    ("dead output", "sounder-board", "movement"),
    ("frozen heartbeat", "fire-panel", "heartbeat"),
    ("late watchdog", "watched", "watchdog"),
]


def outcome(profile, defect="", tests=(), **options):
    """Conform a planted device: its report."""

    async def scene():
        made = "door-board" if profile.endswith(".yaml") else profile
        async with planted(made, defect) as url:
            return await conform(Order(url, profile, tests=tuple(tests), **options))

    return asyncio.run(scene())


@pytest.fixture
def watched(tmp_path):
    """A profile file that declares a watchdog, on a register that the board has."""
    path = tmp_path / "watched.yaml"
    path.write_text(WATCHED)
    return str(path)


@pytest.mark.parametrize("profile", ["door-board", "gate-board", "fire-panel"])
def test_a_device_in_order_passes_every_test(profile):
    document = outcome(profile).document()
    failed = [test for test in document["tests"] if test["verdict"] == "fail"]
    assert not failed
    assert document["passed"] >= 16
    assert document["latencies"]["request to answer"]["count"] == 200


@pytest.mark.parametrize(("defect", "profile", "test"), DEFECTS, ids=[d[0] for d in DEFECTS])
def test_a_planted_defect_is_found(defect, profile, test, watched):
    given = watched if profile == "watched" else profile
    found = outcome(given, defect, [test]).outcomes
    assert [(one.id, one.verdict) for one in found] == [(test, "fail")], found


def test_a_watchdog_in_time_passes(watched):
    (found,) = outcome(watched, "", ["watchdog"]).outcomes
    assert found.verdict == "pass", found.detail


def test_slow_answers_are_too_slow():
    (found,) = outcome("door-board", "slow", ["identity"]).outcomes
    assert found.verdict == "pass", "slow is not wrong"


def test_read_only_writes_nothing():
    async def scene():
        async with planted() as url:
            order = Order(url, "door-board", limits=Limits(read_only=True))
            return (await conform(order)).outcomes

    found = {one.id: one.verdict for one in asyncio.run(scene())}
    assert {found[test] for test in ("movement", "write.echo", "write.past-end")} == {"skip"}
    assert found["map.coil"] == "pass"


@pytest.mark.parametrize(
    ("target", "profile", "words"),
    [
        ("http://x", "door-board", "is no target; write modbus://HOST:PORT/UNIT"),
        ("modbus://h:70000/1", "door-board", "no target"),
        ("modbus://h:502/300", "door-board", "no unit id"),
        ("modbus://h:502/1", "door-bord", "did you mean `door-board`"),
        ("modbus://h:502/1", "pa-zone", "no profile of a Modbus gateway"),
        ("mqtt://h:1883/s/pa/x", "door-board", "tested at modbus://HOST"),
        ("mqtt://h:1883/s/sign/x", "pa-zone", "speaks under `pa`"),
    ],
)
def test_bad_input_is_one_sentence(target, profile, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        asyncio.run(conform(Order(target, profile)))


def test_nobody_there_is_said():
    with pytest.raises(UnreachableError, match="cannot be reached"):
        asyncio.run(conform(Order(f"modbus://127.0.0.1:{free_port()}/1", "door-board")))
