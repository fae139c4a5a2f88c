"""How long a journal is kept: by days, said in the journal, and not by a clock that is wrong."""

from __future__ import annotations

import contextlib
import os

import pytest

from controller.ledger import DAY_MS, Keeping, Ledger
from controller.parts import parts
from controller.proof import prove
from controller.pseudonym import Pseudonyms
from tests.controller.test_evidence import KEY, filled


@pytest.fixture
def path(tmp_path):
    return tmp_path / "controller.jsonl"


class Days:
    """A ledger that is written once a day, under a clock that is set by hand."""

    def __init__(self, path, points, **kept) -> None:
        self.now_ms = 1_000 * DAY_MS
        keeping = Keeping(reserve_bytes=4096, **kept)
        self.book = Ledger(path, {}, keeping, Pseudonyms(KEY, points), lambda: self.now_ms)
        self.count = 0
        self.write()

    def write(self) -> None:
        filled(self.book, 1, self.count)
        self.count += 1
        written_ns = self.now_ms * 1_000_000
        for part in parts(self.book.path):
            if part.stat().st_mtime_ns > written_ns:  # just now, by this machine's own clock
                os.utime(part, ns=(0, written_ns))

    def pass_days(self, days: int) -> None:
        for _ in range(days):
            self.now_ms += DAY_MS
            self.write()


@pytest.fixture
def kept(path, points):
    """A ledger that is kept for so many days, closed at the end."""
    with contextlib.ExitStack() as stack:

        def build(**kept) -> Days:
            years = Days(path, points, **kept)
            stack.callback(years.book.close)
            return years

        yield build


def test_parts_are_kept_for_so_many_days_and_what_goes_is_declared(path, kept):
    years = kept(days=7)
    years.pass_days(20)
    assert 8 <= len(parts(path)) <= 9, "seven days, the one that turns and the one written"
    oldest = min(part.stat().st_mtime_ns // 1_000_000 for part in parts(path))
    assert years.now_ms - oldest <= 9 * DAY_MS
    years.book.close()
    found = prove(path)
    assert (found.broken, found.records + found.retired) == ("", years.book.written)
    assert found.retired > 0


def test_without_days_parts_are_kept_for_ever(path, kept):
    years = kept()
    years.pass_days(400)
    assert parts(path) == [path]


def test_a_clock_that_is_set_a_year_ahead_costs_one_part(path, kept):
    years = kept(days=30)
    years.pass_days(10)
    first = parts(path)[0]
    years.now_ms += 365 * DAY_MS
    years.write()
    years.write()
    assert not first.exists()
    assert len(parts(path)) == 11, "one went for the one that turned"
