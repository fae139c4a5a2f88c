"""A muster list against the truth: precision and recall counted by hand; both rigs decide alike."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from controller.interface.cards import card_key, pseudonym
from controller.interface.files import BadFile
from scenarios.catalog import find_scenario
from scenarios.mustering import muster, muster_text
from scenarios.run import Order, run

KEY = card_key(Path(), "block")


def record(kind: str, t_ms: int, **data: object) -> str:
    return json.dumps({"t": t_ms, "p": 3, "k": kind, "n": 1, "h": "0", **data})


def listed(t_ms: int, what: str, *people: str) -> str:
    cards = [[pseudonym(KEY, one), "rd-1", 0] for one in people]
    return record("muster", t_ms, e="site", what=what, low=0, high=len(cards), cards=cards)


@pytest.fixture
def block(tmp_path: Path) -> Path:
    """Four people: a and b listed, b goes at 70 s unseen, c never read, d out at once."""
    header = json.dumps({"header": {}, "chain": "0"})
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "points.yaml").write_text("points: 1\nsite: block\n")
    lists = [
        listed(10_000, "begin", "a", "b"),
        listed(80_000, "list", "a", "b"),
        listed(90_000, "asked"),
    ]
    (tmp_path / "controller.jsonl").write_text("\n".join([header, *lists]) + "\n")
    outs = [record("person", 70_000, e="b", what="out"), record("person", 5000, e="d", what="out")]
    (tmp_path / "twin.jsonl").write_text("\n".join([header, *outs]) + "\n")
    people = pa.table({"person": ["a", "b", "c", "d"]})
    parquet.write_table(people, tmp_path / "journeys.parquet")
    return tmp_path


def test_precision_and_recall_are_those_counted_by_hand(block: Path) -> None:
    document = muster([block])
    first, second, third = document["runs"][0]["lists"]
    assert (first["precision"], first["recall"]) == (1.0, 2 / 3)
    assert (second["precision"], second["recall"]) == (1 / 2, 1 / 2)
    assert (third["precision"], third["recall"]) == (None, 0.0)
    assert [row["since_ms"] for row in document["median"]] == [0, 70_000]
    text = muster_text(document)
    assert "0.667" in text
    assert "medians of 1 runs" in text


def test_a_folder_that_is_no_run_or_has_no_list_is_one_sentence(
    tmp_path: Path, block: Path
) -> None:
    with pytest.raises(ValueError, match="at least one run"):
        muster([])
    with pytest.raises(BadFile, match="no run"):
        muster([tmp_path / "nowhere"])
    (block / "controller.jsonl").write_text((block / "twin.jsonl").read_text())
    with pytest.raises(BadFile, match="nobody was mustered"):
        muster([block])


def test_both_rigs_decide_alike_about_cards_vehicles_and_an_attack(tmp_path: Path) -> None:
    found = {}
    for rig in ("memory", "wire"):
        order = Order(find_scenario("plan-gate-attack"), rig=rig, out=tmp_path / rig, report=False)
        found[rig] = run(order).document
    for name in ("decisions_sha256", "bytes_sha256", "journal_sha256"):
        assert found["memory"][name] == found["wire"][name], name
