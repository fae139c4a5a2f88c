"""Evidence for years: parts, gaps, anchors, pseudonyms; what was tampered with is named."""

from __future__ import annotations

import json
import stat

import pytest

from controller import evidence
from controller.__main__ import main
from controller.anchors import Anchors
from controller.interface.files import BadFile
from controller.interface.journal import Journal
from controller.interface.points import PointList, Quality
from controller.ledger import Keeping, Ledger
from controller.parts import parts, runs
from controller.proof import prove, read_anchors
from controller.pseudonym import Pseudonyms, read_key
from controller.site import load
from scenarios.catalog import SITES
from tests.controller.field import Field

KEY = bytes(32)


def opened(path, points, **kept):
    return Ledger(path, {"site": "s"}, Keeping(**{"reserve_bytes": 4096, **kept}),
                  Pseudonyms(KEY, points))  # fmt: skip


def filled(book, count, begin=0):
    for number in range(begin, begin + count):
        book.record(number * 250, 3, "input", "sd-1.state", value="归", was=None)
        book.fsync()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "controller.jsonl"


@pytest.fixture
def years(path, points):
    """A journal of three starts in many parts: stopped, killed, stopped; with its anchors."""
    anchors = path.with_name("anchors.jsonl")
    for start in range(3):
        book = opened(path, points, part_bytes=2000)
        keeper = Anchors(book, anchors, 1000)
        for number in range(20):
            filled(book, 1, number)
            keeper.due(number * 250)
        if start != 1:
            book.record(5000, 3, "scan", "controller", what="stop")
        book.close()
        keeper.due(5000, last=start != 1)
    return anchors


def test_all_parts_hold_together_and_the_kill_is_a_declared_gap(path, years):
    found = prove(path, read_anchors(years))
    assert (found.broken, found.records) == ("", 3 * 20 + 2 + 1)
    assert found.parts == len(parts(path)) > 5
    assert found.anchored == len(years.read_text().splitlines()) >= 15
    assert [gap.partition(": ")[2] for gap in found.gaps] == [
        "gap declared after record 41: the program ended without a word"
    ]
    assert [len(run.lines) for run in runs(path)] == [21, 20, 22]


def test_numbers_go_on_over_parts_and_starts(path, years):
    numbers = [
        json.loads(line)["n"]
        for part in parts(path)
        for line in part.read_text("utf-8").splitlines()[1:]
    ]
    assert numbers == list(range(1, 64))


def lines_of(part):
    return part.read_text("utf-8").splitlines(keepends=True)


def swap(part):
    lines = lines_of(part)
    part.write_text("".join([*lines[:2], lines[3], lines[2], *lines[4:]]), "utf-8")


def change(part):
    part.write_text(part.read_text("utf-8").replace("归", "来", 1), "utf-8")


def drop(part):
    lines = lines_of(part)
    part.write_text("".join([*lines[:3], *lines[4:]]), "utf-8")


def shorten(part):
    part.write_text("".join(lines_of(part)[:-2]), "utf-8")


def rename_site(part):
    part.write_text(part.read_text("utf-8").replace('"site":"s"', '"site":"t"', 1), "utf-8")


@pytest.mark.parametrize(
    ("harm", "line", "says"),
    [(swap, 3, "does not follow"), (change, 2, "does not follow"), (drop, 4, "does not follow"),
     (rename_site, 1, "the header was changed")],
)  # fmt: skip
def test_the_first_broken_record_of_a_part_is_named(path, years, harm, line, says):
    part = parts(path)[2]
    harm(part)
    broken = prove(path).broken
    assert broken.startswith(f"{part}:{line}: broken")
    assert says in broken


def test_a_part_cut_short_shows_at_the_next_one(path, years):
    first, second = parts(path)[1:3]
    shorten(first)
    assert prove(path).broken.startswith(f"{second}:1: broken: this part does not follow record")


def test_a_part_taken_away_shows(path, years):
    first, second = parts(path)[1:3]
    first.unlink()
    assert prove(path).broken.startswith(f"{second}:1: broken: this part does not follow record")


def test_the_first_parts_taken_away_without_a_word_show(path, years):
    gone, first, *_ = parts(path)
    gone.unlink()
    assert "not declared retired" in prove(path).broken
    assert prove(path).broken.startswith(f"{first}:1")


def test_a_cut_tail_shows_against_the_anchors_only(path, years):
    shorten(path)
    assert prove(path).broken == ""
    broken = prove(path, read_anchors(years)).broken
    assert "cut off after record 61: record 63 was anchored" in broken


def test_a_journal_written_anew_shows_against_the_anchors_only(path, points, years):
    for part in parts(path):
        part.unlink()
    book = opened(path, points)
    for number in range(70):
        book.record(number * 250, 3, "input", "sd-1.state", value="quiet", was=None)
    book.record(17_500, 3, "scan", "controller", what="stop")
    book.close()
    assert prove(path).broken == ""
    first = read_anchors(years)[0].number
    assert (
        f"{path}:{first + 1}: broken: record {first} is not the one"
        in prove(path, read_anchors(years)).broken
    )


def test_what_is_retired_is_declared_and_the_rest_still_proves_itself(path, points):
    anchors = path.with_name("anchors.jsonl")
    book = opened(path, points, part_bytes=1000, parts=3)
    keeper = Anchors(book, anchors, 250)
    for number in range(60):
        filled(book, 1, number)
        keeper.due(number * 250)
    book.close()
    assert len(parts(path)) == 3 + 1
    found = prove(path, read_anchors(anchors))
    assert found.broken == ""
    assert found.retired > 20
    assert next(runs(path)).whole is False


def test_a_line_torn_by_a_kill_costs_itself_and_is_declared(path, points):
    book = opened(path, points)
    filled(book, 5)
    book.close()
    path.write_bytes(path.read_bytes() + b'{"t":1250,"p":3,"k":"inp')
    book = opened(path, points)
    book.close()
    (gap,) = [json.loads(line.body) for run in runs(path) for line in run.lines[-1:]][1:]
    assert (gap["what"], gap["after"], gap["torn_bytes"]) == ("gap", 5, 24)
    assert prove(path).broken == ""


def test_names_of_persons_are_replaced_by_a_keyed_hash(path):
    points = PointList.load(SITES / "device-hall" / "points.yaml")
    veil = Pseudonyms(KEY, points)
    assert "Chen Wei" not in veil.of("Chen Wei")
    assert veil.of(veil.of("Chen Wei")) == veil.of("Chen Wei")
    assert Pseudonyms(b"\1" * 32, points).of("Chen Wei") != veil.of("Chen Wei")
    field = Field(load(SITES / "device-hall"))
    field.controller.decider.intake.veil = veil.of
    for now in (0, 250):
        field.controller.decider.intake.event("patrol-1.visit", "guard-lin", Quality.GOOD, now)
    text = "\n".join(field.journal.lines)
    assert "guard-lin" not in text
    assert text.count(f'"value":"{veil.of("guard-lin")}"') == 2, "the same person, the same hash"


def test_the_key_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    file = tmp_path / "k"
    key = read_key(file)
    assert len(key) == 32
    assert read_key(file) == key
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("abc")
    with pytest.raises(BadFile, match="not a key"):
        read_key(file)


def test_the_command_line_proves_or_names(path, years, capsys):
    assert main(["verify-journal", str(path), "--anchors", str(years)]) == 0
    told = capsys.readouterr().out
    assert "gap declared after record 41" in told
    assert "anchors hold" in told
    shorten(path)
    assert main(["verify-journal", str(path)]) == 0
    assert "without --anchors a cut tail or a file written anew would not show" in (
        capsys.readouterr().out
    )
    assert main(["verify-journal", str(path), "--anchors", str(years)]) == 1
    assert "cut off after record 61" in capsys.readouterr().out
    years.write_text('{"n": 1}\n{"n": 2, "head": "x"}\n')
    assert main(["verify-journal", str(path), "--anchors", str(years)]) == 2
    assert f"{years}:1: not an anchor" in capsys.readouterr().err


def test_a_journal_is_not_replayed_with_other_files_than_it_was_written_with(
    path, folder, points, capsys
):
    header = {"files": {"points.yaml": "0" * 64}}
    book = Ledger(path, header, Keeping(reserve_bytes=4096), Pseudonyms(KEY, points))
    filled(book, 1)
    book.close()
    assert evidence.repeat(path, [folder]) == 2
    assert "written with other files than those of --site: points.yaml differ" in (
        capsys.readouterr().err
    )


def test_a_journal_of_the_rig_is_one_part_without_anchors(tmp_path):
    book = Journal(tmp_path / "j.jsonl", "ab" * 16, {})
    filled(book, 3)
    book.close()
    found = prove(tmp_path / "j.jsonl")
    assert (found.records, found.parts, found.broken) == (3, 1, "")
