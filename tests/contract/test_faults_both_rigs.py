"""Twelve devices fail at once: rig memory and rig wire decide the same and send the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from scenarios.run import Order, run

FAULTS = {
    "fire-1:intermittent=0.2:2s:9s#3": "replies are lost",
    "doors-1:short:3s:6s": "framing is lost, the controller hangs up",
    "doors-2:reset:3s:6s": "connections are reset",
    "sounders-1:late-to-next:3s:6s": "late replies",
    "lights-1:garbage:3s:6s": "random bytes",
    "gate-1:map-shift:3s:6s": "wrong registers",
    "pa-a-f1:client-id-clash=2s:3s:7s": "a stranger with the same client id",
    "pa-a-f2:reconnect-storm=700ms:3s:7s": "a connection that does not stand",
    "pa-a-f3:old-retained:3s:7s": "old values",
    "pa-canteen:retained-command:3s:7s": "a command of long ago",
    "lock-x-a:bouncing:0s": "a contact that rattles",
    "sd-101:noise=0.05:0s": "a noisy detector",
}
NETWORKS = {
    "fire-1:latency=400ms:2s:9s": "requests and replies are under way for a while",
    "doors-1:loss=0.4:3s:8s#3": "segments are sent again",
    "doors-2:half-open:3s:6s": "nobody is told",
    "sounders-1:jitter=300ms:3s:8s#5": "no two replies take as long",
    "gate-1:bandwidth=200:3s:8s": "a slow line",
    "lights-1:partition:3s:6s": "a cut",
    "pa-a-f1:latency=900ms:2s:9s": "messages and commands are under way",
    "pa-a-f2:loss=0.5:2s:9s#7": "in order still",
    "pa-a-f3:half-open:1s:17s": "given up after 15 s",
    "pa-canteen:reset:5s": "lost once",
    "at:yard*:jitter=700ms:4s:6s#9": "a whole building",
}
SCENARIO = """
scenario: 1
say: "Much fails, then somebody presses a call point."
site: primary-school
period: lesson
seed: 1
give_up: 20 s
happens:
  - {at: 6 s, press: mcp-guard}
expect:
  - {id: E1, must: false, say: "Locks let go", within: {from: "press mcp-guard",
     to_every: "feedback lock-*.release ok", limit: 12 s}}
"""


@pytest.mark.wire
@pytest.mark.parametrize("faults", [FAULTS, NETWORKS], ids=["devices", "networks"])
def test_both_rigs_agree(tmp_path: Path, faults: dict[str, str]) -> None:
    scenario = tmp_path / "much.yaml"
    scenario.write_text(SCENARIO)
    said = {}
    for rig in ("memory", "wire"):
        order = Order(scenario, rig=rig, out=tmp_path / rig, report=False, faults=tuple(faults))
        said[rig] = run(order).document
        assert said[rig]["verdict"] != "error", said[rig]
        assert said[rig]["records"]["fault"] >= 2 * len(faults) - 2
    for key in ("decisions_sha256", "bytes_sha256", "messages", "requests", "sim_ms"):
        assert said["memory"][key] == said["wire"][key], key
    assert said["wire"]["records"]["comms"] > 20, "the controller noticed"


def test_what_only_a_wire_can_carry_is_refused_in_memory(tmp_path: Path) -> None:
    scenario = tmp_path / "much.yaml"
    scenario.write_text(SCENARIO)
    with pytest.raises(ValueError, match="`split` needs rig wire: there are no segments"):
        run(Order(scenario, rig="memory", out=tmp_path / "run", faults=("fire-1:split",)))
