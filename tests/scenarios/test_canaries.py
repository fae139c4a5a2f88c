"""No name leaves a run: planted canaries are looked for on the wire and in every file of a run."""

from __future__ import annotations

from collections import defaultdict
from hashlib import sha256
from typing import ClassVar

import pyarrow.parquet as pq
import pytest

from controller.interface.cards import pseudonym
from controller.site import Site
from devices import gateway, station, webhook
from devices.machines.patrol import PatrolCheckpoint
from scenarios.run import Order, run
from tests.controller.canaries import KEY, NUMBER, OPERATOR, PLATE, leaks, plant
from twin.cards import Cards

GUARD = "zhao-canary-tag-77"
CANARIES = ("Anna Canary", "Li Canary", OPERATOR, NUMBER, PLATE, GUARD, KEY.hex())
"""Staff, visitor, operator, a card's number, a car's plate, a guard's tag, the key of cards."""

SCENARIO = f"""scenario: 1
say: "A round, a card, a car, a visitor, a muster list, a call point"
site: hall
period: open
seed: 1
give_up: 3 min
linger: 5 s
happens:
  - {{at: 2 s, press: patrol-1}}
  - {{at: 4 s, card: rd-in, who: {pseudonym(KEY, NUMBER)}}}
  - {{at: 6 s, card: rd-gate, who: {pseudonym(KEY, PLATE)}}}
  - {{at: 8 s, card: rd-in, who: visitors.p07}}
  - {{at: 10 s, order: desk-1, says: muster}}
  - {{at: 14 s, card: rd-in, who: {pseudonym(KEY, NUMBER)}}}
  - {{at: 20 s, press: mcp-1}}
expect:
  - {{id: E1, say: "The round is on record", eventually: "sense patrol-1 visit"}}
  - {{id: E2, say: "The muster list begins", eventually: "muster site begin"}}
"""


class Tape:
    """Keeps what a binding's digest is made of."""

    kept: ClassVar[defaultdict[str, bytearray]]

    def update(self, piece: bytes) -> None:
        where = piece.partition(b"\0")[0][1:].decode("utf-8", "replace") if b"\0" in piece else ""
        Tape.kept[where] += piece + b"\n"

    def hexdigest(self) -> str:
        return "0" * 64


@pytest.fixture
def played(tmp_path, monkeypatch):
    """Where something was said, and what: every topic and request, every file of the run."""
    for module in (gateway, station, webhook):
        monkeypatch.setattr(module, "sha256", lambda *said: sha256(*said) if said else Tape())
    monkeypatch.setattr(Tape, "kept", defaultdict(bytearray), raising=False)
    monkeypatch.setattr(PatrolCheckpoint, "press", lambda self, at: self.order(GUARD, at))

    def play():
        plant(tmp_path / "hall")
        (tmp_path / "day.yaml").write_text(SCENARIO)
        found = run(Order(tmp_path / "day.yaml", rig="memory", out=tmp_path / "run"))
        assert found.document["verdict"] == "pass", found.document["expectations"]
        given = ("site", "wire")
        files = {
            str(path.relative_to(tmp_path / "run")): _text(path)
            for path in sorted((tmp_path / "run").rglob("*"))
            if path.is_file() and path.relative_to(tmp_path / "run").parts[0] not in given
        }
        assert {"twin.jsonl", "controller.jsonl", "report.html", "metrics.json"} <= set(files)
        return files | {f"wire {name}": bytes(said) for name, said in Tape.kept.items()}

    return play


def _text(path):
    if path.suffix == ".parquet":
        return str(pq.read_table(path).to_pydict()).encode()
    return path.read_bytes()


def test_no_name_leaves_a_run_but_what_a_checkpoint_says_itself(played):
    said = played()
    assert leaks(said, CANARIES) == [("wire cs/1/device-hall/patrol/patrol-1/event/visit", GUARD)]
    assert any(b"yes p-" in text for text in said.values()), "cards were decided all the same"


def test_the_search_finds_a_name_that_is_not_hidden(played, monkeypatch):
    monkeypatch.setattr(Site, "veil", lambda site, name: name)
    monkeypatch.setattr(Cards, "card", lambda cards, who: PLATE if who.startswith("p-") else who)
    places = {where.partition(" ")[0] for where, _ in leaks(played(), CANARIES)}
    assert {"controller.jsonl", "twin.jsonl", "wire"} <= places
