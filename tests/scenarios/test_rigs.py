"""One scenario on both rigs: equal decisions, equal bytes; twice on one: equal journals."""

from __future__ import annotations

import json

import pytest

from controller.interface import journal
from controller.replay import replay
from controller.site import load
from scenarios.catalog import CATALOGUE, SITES
from scenarios.run import Order, run

ELSEWHERE = (
    "plan-", "dismissal-all", "dismissal-blocked", "dismissal-staggered", "dismissal-voice",
    "dismissal-warning", "gate-opened", "hall-one", "crush-",
)  # fmt: skip
"""Played in memory by the tests of the plan and of dismissals; some of the plan on both rigs."""

SCENARIOS = [
    pytest.param(path.stem, id=path.stem, marks=pytest.mark.xdist_group(f"rigs-{path.stem}"))
    for path in sorted(CATALOGUE.glob("*.yaml"))
    if not path.stem.startswith(ELSEWHERE)
]
"""Each scenario's runs are kept by the worker that plays it."""

TWICE = ("conflict-two-fires", "device-hall-", "school-stair-a-fire", "vendor-hall-fire")
"""Played twice on each rig; the rest is played on both, and decides and sends the same."""

PAIRS = [scenario for scenario in SCENARIOS if scenario.id.startswith(TWICE)]

HOPS = {"sense", "input", "alarm", "decision", "command", "receive", "apply", "actuate", "cue"}
FEWER = {
    "institute-false-alarm": {"sense", "input"},
    "device-hall-threat": HOPS - {"alarm", "cue"},
    "device-hall-operators": {"press", "input", "operation", "refusal", "trouble", "answer"},
    "conflict-operators": HOPS - {"alarm"},
    "dismissal-controller": HOPS - {"alarm"},
    "conflict-key": HOPS - {"alarm", "sense", "cue"},
    "device-hall-watchdog": {"input", "receive", "apply", "actuate"},
    "device-hall-wire-alone": {"press", "sense", "input", "comms", "actuate"},
}
"""Where nothing is confirmed there is nothing to do, and a threat is no fire: nobody is told.
Strokes of a watchdog are no commands; a wire needs no controller."""


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Each scenario on each rig, run once and kept."""
    kept = {}

    def play(name, rig, turn=1):
        key = (name, rig, turn)
        if key not in kept:
            out = tmp_path_factory.mktemp("runs") / f"{name}-{rig}-{turn}"
            order = Order(CATALOGUE / f"{name}.yaml", rig=rig, out=out, report=rig == "wire")
            kept[key] = run(order)
        return kept[key]

    return play


@pytest.mark.wire
@pytest.mark.parametrize("name", SCENARIOS)
class TestRigs:
    def test_everything_that_must_be_true_is(self, played, name):
        document = played(name, "wire").document
        broken = [item for item in document["expectations"] if item["verdict"] != "pass"]
        assert document["exit_code"] == 0, (document["error"], broken)

    def test_both_rigs_decide_the_same(self, played, name):
        memory, wire = played(name, "memory").document, played(name, "wire").document
        assert memory["decisions_sha256"] == wire["decisions_sha256"]

    def test_the_same_bytes_cross_every_binding(self, played, name):
        memory, wire = played(name, "memory").document, played(name, "wire").document
        assert memory["tapes"] == wire["tapes"]
        assert memory["bytes_sha256"] == wire["bytes_sha256"]

    def test_each_hop_leaves_its_records(self, played, name):
        document = played(name, "wire").document
        assert set(document["records"]) >= FEWER.get(name, HOPS)
        for path in played(name, "wire").folder.glob("*.jsonl"):
            assert journal.verify(path) is None

    def test_the_journal_of_the_controller_proves_its_decisions(self, played, name):
        result = played(name, "wire")
        site = load(SITES / result.document["site"])
        found = replay(result.folder / "controller.jsonl", site.points, site.matrix, site.plan)
        assert (found.line, found.program_says) == (0, "")
        assert found.decisions == result.document["records"].get("decision", 0)

    def test_the_ledger_explains_every_second(self, played, name):
        assert played(name, "wire").document["ledger"]["unexplained"] == pytest.approx(0)

    def test_everybody_is_accounted_for(self, played, name):
        result = played(name, "memory")
        document = result.document
        assert document["evacuated"] + document["stranded"] == document["people"]
        assert json.loads((result.folder / "metrics.json").read_text())["people"] > 0


@pytest.mark.wire
@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        pytest.param(name, trouble, marks=pytest.mark.xdist_group(f"rigs-{name}"))
        for name, trouble in (
            ("school-late-gateway", "fault: slow"),
            ("school-broker-restart", "broker: restart"),
        )
    ],
)
def test_transport_trouble_costs_seconds_on_the_bus(played, tmp_path, name, trouble):
    """The same scenario without its trouble is what it is measured against."""
    lines = (CATALOGUE / f"{name}.yaml").read_text("utf-8").splitlines(keepends=True)
    kept = [line for line in lines if trouble not in line]
    assert len(kept) == len(lines) - 1
    calm = tmp_path / f"{name}-calm.yaml"
    calm.write_text("".join(kept), "utf-8")
    untroubled = run(Order(calm, rig="memory", out=tmp_path / "run", report=False)).document
    troubled = played(name, "memory").document
    cost = {key: troubled["ledger"][key] - untroubled["ledger"][key] for key in ("bus", "decide")}
    assert cost["bus"] > 1.0, cost
    assert troubled["ledger"]["unexplained"] == pytest.approx(0)


@pytest.mark.wire
@pytest.mark.xdist_group("rigs")
def test_another_seed_is_another_run(tmp_path):
    hashes = {
        run(
            Order(CATALOGUE / "institute-false-alarm.yaml", rig="memory", seed=seed,
                  out=tmp_path / str(seed), report=False)
        ).document["journal_sha256"]
        for seed in (1, 2)
    }  # fmt: skip
    assert len(hashes) == 2


@pytest.mark.wire
@pytest.mark.parametrize("rig", ["memory", "wire"])
@pytest.mark.parametrize("name", PAIRS)
def test_same_seed_same_journals(played, name, rig):
    first, second = played(name, rig), played(name, rig, 2)
    assert first.document["journal_sha256"] == second.document["journal_sha256"]
