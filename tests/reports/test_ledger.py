"""Every second of every person is explained by a record, or shown as unexplained."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from controller.interface.journal import Journal
from reports.causes import Causes
from reports.dossier import Dossier
from reports.ledger import ENTRIES, UNEXPLAINED, Account, ledger
from tests.reports import synthetic
from tests.reports.leaving import (
    ACTUATE,
    COMMAND,
    HEARD,
    IGNITION,
    INPUT,
    RECEIVE,
    RULE,
    SECOND,
    VOICE,
)


def accounts(dossier: Dossier) -> dict[str, Account]:
    return {account.person: account for account in ledger(dossier).accounts}


def test_a_warned_persons_chain_follows_the_records(dossier: Dossier) -> None:
    entries = accounts(dossier)["c2-3.p01"].entries
    assert entries["detect"] == SECOND - IGNITION
    assert entries["bus"] == (INPUT - SECOND) + (RECEIVE - COMMAND)
    assert entries["decide"] == COMMAND - INPUT
    assert entries["actuate"] == ACTUATE - RECEIVE
    assert entries["announce"] == HEARD - ACTUATE


def test_who_sees_smoke_owes_nothing_to_devices(dossier: Dossier) -> None:
    account = accounts(dossier)["c1-2.p01"]
    assert account.entries["detect"] == 12_000
    assert account.entries["premove"] == 4_000
    assert all(account.entries[e] == 0 for e in ("decide", "bus", "actuate", "announce"))


def test_every_account_adds_up_to_the_time_out(dossier: Dossier) -> None:
    book = ledger(dossier)
    outs = {r["e"]: r["t"] for r in dossier.of("person", "out")}
    assert {a.person: a.total_ms for a in book.accounts} == {
        person: t - IGNITION for person, t in outs.items()
    }
    assert all(a.unexplained_ms == 0 for a in book.accounts)
    assert not book.missing


def test_the_buildings_sums_are_the_peoples_sums(dossier: Dossier) -> None:
    book = ledger(dossier)
    assert sum(book.person_s().values()) == pytest.approx(book.total_person_s)
    mean = sum(book.mean_s().values())
    assert mean * len(book.accounts) == pytest.approx(book.total_person_s)
    assert book.last is not None
    assert book.last.out_ms == max(a.out_ms for a in book.accounts)
    assert book.not_out == 1


@pytest.mark.parametrize(
    ("kind", "entity"),
    [
        ("sense", "sd-102"),
        ("input", "sd-101.state"),
        ("input", "sd-102.state"),
        ("decision", RULE),
        ("command", "pa-a.message"),
        ("receive", "pa-a.message"),
        ("actuate", "pa-a"),
    ],
)
def test_a_removed_record_leaves_its_seconds_unexplained(
    tmp_path: Path, dossier: Dossier, kind: str, entity: str
) -> None:
    folder = synthetic.write(tmp_path / "run", drop=(kind, entity))
    book = ledger(Dossier.load(folder))
    complete = ledger(dossier)
    assert book.person_s()[UNEXPLAINED] > 0
    assert any(kind in what for what in book.missing)
    for entry in ENTRIES:  # no other entry swallows what is missing
        assert book.person_s()[entry] <= complete.person_s()[entry]
    assert sum(book.person_s().values()) == pytest.approx(complete.total_person_s)


def test_a_journal_cut_by_a_kill_still_gives_a_ledger(tmp_path: Path) -> None:
    folder = synthetic.write(tmp_path / "run")
    twin = folder / "twin.jsonl"
    twin.write_bytes(twin.read_bytes()[:-6_000])
    book = ledger(Dossier.load(folder))
    assert 0 < len(book.accounts) < 119
    assert book.not_out > 1
    assert book.person_s()[UNEXPLAINED] == 0


def test_a_rule_that_waits_does_not_take_a_later_detector_for_its_reason(tmp_path: Path) -> None:
    folder = synthetic.write(tmp_path / "run")
    late = INPUT + 1_000
    add(folder, "twin", late - 400, 2, "sense", "sd-103", what="alarm")
    add(folder, "controller", late, 3, "input", "sd-103.state", value="alarm", t_sample=late)
    change(folder, "controller", "decision", RULE, inputs=["sd-101", "sd-102", "sd-103"], t=COMMAND)
    assert Causes(Dossier.load(folder)).chain(VOICE).device == "sd-102"


def test_who_is_told_has_the_cause_of_the_one_who_told(tmp_path: Path) -> None:
    folder = synthetic.write(tmp_path / "run")
    change(folder, "twin", "person", "c2-3.p01", cue="c2-3.p02")
    account = accounts(Dossier.load(folder))["c2-3.p01"]
    assert account.entries["detect"] == SECOND - IGNITION
    assert account.unexplained_ms == 0


def test_a_fault_older_than_the_fire_counts_from_the_fire(tmp_path: Path) -> None:
    folder = synthetic.write(tmp_path / "run")
    change(folder, "twin", "sense", "sd-102", t=1_000)
    account = accounts(Dossier.load(folder))["c2-3.p01"]
    assert account.entries["detect"] == 0
    assert account.entries["bus"] == (INPUT - IGNITION) + (RECEIVE - COMMAND)
    assert account.unexplained_ms == 0


def add(folder: Path, source: str, t: int, p: int, kind: str, entity: str, **data: object) -> None:
    rewrite(
        folder, source, [*records(folder, source), {"t": t, "p": p, "k": kind, "e": entity} | data]
    )


def change(folder: Path, source: str, kind: str, entity: str, **data: object) -> None:
    changed = [
        r | data if (r["k"], r["e"]) == (kind, entity) else r for r in records(folder, source)
    ]
    rewrite(folder, source, changed)


def records(folder: Path, source: str) -> list[dict[str, object]]:
    lines = (folder / f"{source}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines[1:]]


def rewrite(folder: Path, source: str, rows: list[dict[str, object]]) -> None:
    journal = Journal(folder / f"{source}.jsonl", "0" * 32, {})
    for row in sorted(rows, key=lambda r: (r["t"], r["p"])):
        t, p, kind, entity = (row.pop(key) for key in ("t", "p", "k", "e"))
        row.pop("n", None)
        row.pop("h", None)
        journal.record(t, p, kind, entity, **row)
    journal.close()
