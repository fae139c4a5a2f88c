"""A command whose answer is lost with the broker: sent again, answered again, carried out once."""

from __future__ import annotations

from pathlib import Path

import pytest

from controller.interface.journal import read
from scenarios.run import Order, run

SCENARIO = """
scenario: 1
say: "A call point, and a broker that dies just after the first command to an MQTT device."
site: primary-school
period: lesson
seed: 1
give_up: 25 s
happens:
  - {at: 5 s, press: mcp-guard}
"""
RESTART = "  - {at: %d ms, broker: restart, down: 3 s}\n"
EXPECT = """expect:
  - {id: E1, say: "Locks let go", within: {from: "press mcp-guard",
     to_every: "feedback lock-*.release ok", limit: 5 s}}
"""


def play(folder: Path, rig: str, restart: str) -> tuple[Path, str]:
    """Run the scenario; its folder and verdict."""
    folder.mkdir()
    scenario = folder / "lost.yaml"
    scenario.write_text(SCENARIO + restart + EXPECT)
    result = run(Order(scenario, rig=rig, broker="auto", out=folder / "run", report=False))
    return result.folder, str(result.document["verdict"])


def first_order(folder: Path) -> tuple[int, str]:
    """When the first command left for an MQTT device, and its id."""
    _, records = read(folder / "controller.jsonl")
    found = (r for r in records if r["k"] == "command" and r["e"].startswith(("pa-", "sign-")))
    record = next(found)
    return int(record["t"]), str(record["id"])


@pytest.mark.wire
@pytest.mark.parametrize("rig", ["memory", "wire"])
def test_the_answer_is_lost_one_slice_after_the_command(tmp_path: Path, rig: str) -> None:
    calm, _ = play(tmp_path / "calm", "memory", "")
    sent_ms, command = first_order(calm)
    folder, verdict = play(tmp_path / rig, rig, RESTART % (sent_ms + 250))
    assert verdict == "pass", "the rig does not wait for what can never come"
    _, controller = read(folder / "controller.jsonl")
    acks = [r["t"] for r in controller if r["k"] == "ack" and r["id"] == command]
    resent = [r["t"] for r in controller if r["k"] == "comms" and r.get("id") == command]
    assert len(acks) == 1
    assert sent_ms < resent[0] < acks[0], "resent once the broker is back"
    _, twin = read(folder / "twin.jsonl")
    assert [r["t"] for r in twin if r["k"] == "apply" and r["id"] == command] == [sent_ms]
