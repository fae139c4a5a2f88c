"""Runs found in a folder, whatever state they are in."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from controller.interface.journal import Journal
from reports.runs import Runs, UnknownRun
from reports.web_run import QUIET_MS, RunProblem, order_log
from reports.web_tail import Tail
from tests.reports import synthetic


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    synthetic.write(tmp_path / "fire-7")
    return tmp_path


def settled(folder: Path) -> Runs:
    """The runs as they look when nothing was written for a long time."""
    return Runs(folder, lambda: 2**45)


def unfinished(folder: Path) -> Path:
    run = synthetic.write(folder / "going")
    (run / "metrics.json").unlink()
    (run / "journeys.parquet").unlink()
    return run


def test_a_finished_run_shows_its_verdict(folder: Path) -> None:
    (run,) = settled(folder).list()
    assert (run.id, run.status, run.verdict) == ("fire-7", "finished", "fail")
    assert (run.people, run.evacuated, run.stranded) == (120, 119, 1)


def test_an_empty_or_missing_folder_holds_no_run(tmp_path: Path) -> None:
    assert Runs(tmp_path).list() == []
    assert Runs(tmp_path / "none").list() == []


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("manifest.json", '{"scenario": "x', "manifest.json cannot be read"),
        ("manifest.json", "[1]", "manifest.json is no JSON object"),
        ("metrics.json", '{"verdict"', "metrics.json cannot be read"),
    ],
)
def test_a_broken_run_is_listed_with_the_reason(
    folder: Path, name: str, content: str, told: str
) -> None:
    (folder / "fire-7" / name).write_text(content, encoding="utf-8")
    (run,) = settled(folder).list()
    assert run.status == "broken"
    assert told in run.reason


def test_a_run_without_a_floor_is_broken(folder: Path) -> None:
    shutil.rmtree(folder / "fire-7" / "site")
    (run,) = settled(folder).list()
    assert (run.status, run.reason) == ("broken", "site/floor.yaml is missing")


def test_a_run_without_metrics_runs_while_its_journals_grow(folder: Path) -> None:
    run = unfinished(folder)
    written = (run / "twin.jsonl").stat().st_mtime_ns // 1_000_000
    assert Runs(folder, lambda: written + 100).open("going").summary().status == "running"
    later = Runs(folder, lambda: written + 10 * QUIET_MS).open("going").summary()
    assert later.status == "stopped"


def test_a_run_whose_process_ended_is_stopped_at_once_with_its_last_words(folder: Path) -> None:
    run = unfinished(folder)
    order_log(run).parent.mkdir()
    order_log(run).write_text("started\nport 15020 is taken\n", encoding="utf-8")
    written = (run / "twin.jsonl").stat().st_mtime_ns // 1_000_000
    summary = Runs(folder, lambda: written, lambda _: False).open("going").summary()
    assert summary.status == "stopped"
    assert summary.reason.endswith("port 15020 is taken")


def test_suites_keep_their_runs_in_subfolders(tmp_path: Path) -> None:
    synthetic.write(tmp_path / "suite" / "fire-1")
    assert settled(tmp_path).open("suite:fire-1").summary().status == "finished"


@pytest.mark.parametrize("bad", ["../fire-7", "..", "/etc", "fire-7/..", "", "fire-7/site"])
def test_an_id_never_leads_out_of_the_folder(folder: Path, bad: str) -> None:
    with pytest.raises(UnknownRun):
        settled(folder).open(bad)


def test_a_link_out_of_the_folder_is_not_followed(folder: Path, tmp_path: Path) -> None:
    inner = folder / "runs"
    inner.mkdir()
    (inner / "link").symlink_to(folder / "fire-7")
    assert Runs(inner).list() == []


def test_an_unknown_run_names_the_nearest(folder: Path) -> None:
    with pytest.raises(UnknownRun) as unknown:
        settled(folder).open("fire-8")
    assert unknown.value.nearest == "fire-7"


def test_a_token_brings_only_what_is_new(folder: Path) -> None:
    run = unfinished(folder)
    whole = (run / "twin.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    (run / "twin.jsonl").write_bytes(b"".join(lines[:40]))
    opened = settled(folder).open("going")
    first = opened.changes()
    with (run / "twin.jsonl").open("ab") as file:
        file.write(b"".join(lines[40:-1]) + lines[-1][:20])
    second = opened.changes(first.token)
    assert (second.since, second.seq - first.seq) == (first.seq, len(lines) - 41)
    assert second.problem == ""
    with (run / "twin.jsonl").open("ab") as file:
        file.write(lines[-1][20:])
    third = opened.changes(second.token)
    assert third.seq == second.seq + 1
    everything = opened.changes()
    assert len(everything.events) == sum(len(p.events) for p in (first, second, third))


def test_a_foreign_token_brings_everything(folder: Path) -> None:
    run = settled(folder).open("fire-7")
    for token in ("", "x", "1.1-99", "-1", run.changes().token.partition("-")[0] + "-999999"):
        assert run.changes(token).since == 0


def test_a_run_that_is_made_anew_in_the_same_folder_starts_again(folder: Path) -> None:
    run = settled(folder).open("fire-7")
    before = run.changes()
    shutil.rmtree(folder / "fire-7")
    synthetic.write(folder / "fire-7", synthetic.Layout(people=14), seed=8)
    after = run.changes(before.token)
    assert (after.since, after.problem) == (0, "")
    assert len(after.outs) > len(before.outs)


def test_a_journal_is_read_up_to_a_line_that_is_no_record(folder: Path) -> None:
    path = folder / "fire-7" / "controller.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:5], "garbage", *lines[5:]]) + "\n", encoding="utf-8")
    changes = settled(folder).open("fire-7").changes()
    assert changes.problem == "controller.jsonl line 6 is no record; read up to there"
    assert sum(event.source == "controller" for event in changes.events) == 4


def test_a_tail_reads_across_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.web_tail._BLOCK", 300)
    journal = Journal(tmp_path / "twin.jsonl", "0" * 32, {})
    for t in range(50):
        journal.record(t, 1, "sample", "a", n=t)
    journal.close()
    assert [record["n"] for record in Tail(tmp_path / "twin.jsonl").read()] == list(range(50))


def test_events_of_both_journals_stand_in_order_of_time(folder: Path) -> None:
    events = settled(folder).open("fire-7").changes().events
    assert [event.seq for event in events] == sorted(event.seq for event in events)
    times = [event.t_ms for event in events]
    assert times == sorted(times)
    assert {event.source for event in events} == {"twin", "controller"}


def test_events_name_rooms_as_the_floor_file_does(tmp_path: Path) -> None:
    layout = synthetic.Layout(names={"a.f1.r2": "一年级二班 🏫"})
    synthetic.write(tmp_path / "fire", layout)
    texts = [event.text for event in settled(tmp_path).open("fire").changes().events]
    assert "Fire starts in 一年级二班 🏫" in texts


def test_journeys_are_gapless_rows_per_person(folder: Path) -> None:
    ways = settled(folder).open("fire-7").journeys()
    assert len(ways.people) == 120
    for i in range(120):
        rows = range(ways.first[i], ways.first[i + 1])
        assert ways.t_in_ms[rows[0]] == 0
        for one, two in pairwise(rows):
            assert ways.t_out_ms[one] == ways.t_in_ms[two]
    assert sum(1 for exit_ in ways.exit if exit_) == 119


def test_journeys_say_where_each_group_gathers(folder: Path) -> None:
    people = "people: 1\ngroups:\n  - {id: c1-1, assembly: yard}\n"
    (folder / "fire-7" / "site" / "people.yaml").write_text(people, encoding="utf-8")
    ways = settled(folder).open("fire-7").journeys()
    assert dict(zip(ways.groups, ways.assembly, strict=True))["c1-1"] == "yard"
    (folder / "fire-7" / "site" / "people.yaml").write_text("groups: [", encoding="utf-8")
    assert set(settled(folder).open("fire-7").journeys().assembly) == {""}


def test_a_journeys_file_that_is_none_is_a_sentence(folder: Path) -> None:
    (folder / "fire-7" / "journeys.parquet").write_bytes(b"PAR1 and then nothing")
    with pytest.raises(RunProblem, match=r"journeys\.parquet cannot be read"):
        settled(folder).open("fire-7").journeys()


def test_the_whole_timeline_is_json(folder: Path) -> None:
    changes = settled(folder).open("fire-7").changes()
    content = json.loads(changes.model_dump_json())
    assert content["devices"]["sd-101"] == [[20200, "alarm", "alarm"]]
    assert content["fires"] == [[5000, "a.f1.r2"]]
