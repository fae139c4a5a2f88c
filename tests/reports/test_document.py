"""The report: complete, self-contained, the same each time, and honest about what is missing."""

from __future__ import annotations

import re
import shutil
from html.parser import HTMLParser
from pathlib import Path

import pytest

from controller.interface.clock import cpu_ms
from reports.document import summary, write_report
from tests.reports import synthetic
from tests.reports.block import Layout


@pytest.fixture(scope="module")
def page(folder: Path) -> str:
    return write_report(folder).read_text(encoding="utf-8")


def text_of(page: str) -> str:
    body = re.sub(r"<(svg|style).*?</\1>", " ", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def test_the_verdict_comes_first_in_one_sentence(page: str) -> None:
    text = text_of(page)
    assert text.index("FAIL") < text.index("What had to be true")
    assert "119 of 120 people got out" in text
    assert "“Everybody out in 3 minutes” was not met" in text


def test_nothing_comes_from_outside(page: str) -> None:
    assert "<script" not in page
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all(link.startswith("#") for link in loaded)
    assert not re.findall(r"@import|url\((?!#|'#|\"#)", page)


def test_expectations_show_clause_limit_and_margin(page: str) -> None:
    text = text_of(page)
    assert re.search(r"GB 50116-2013 4.8 4.85 s 10 s \+5.15 s", text)
    assert "never sampled" in text


def test_the_ledger_is_there_and_adds_up(page: str) -> None:
    rows = re.findall(r'<tr><td class="word">(\w+)</td>.*?</tr>', page)
    assert rows[-9:] == [
        "detect",
        "decide",
        "bus",
        "actuate",
        "announce",
        "premove",
        "walk",
        "queue",
        "unexplained",
    ]
    assert "are explained by records" in text_of(page)


def test_everybody_left_inside_is_named_with_the_reason(page: str) -> None:
    assert re.search(
        r"Class 3-1 a.f3.r1 smoke at the only door of the room 1 c3-1 p01", text_of(page)
    )


def test_it_says_how_to_repeat_the_run_and_what_was_real(page: str) -> None:
    text = text_of(page)
    assert "twin run synthetic-fire --rig memory --seed 7" in text
    assert "All 6 devices were emulated" in text
    assert "confirm.window_s 300" in text
    assert "1" * 64 in text


def test_the_page_is_well_formed(page: str) -> None:
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    open_tags: list[str] = []

    class Checker(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:
            if tag not in ("meta", "br", "link", "img"):
                open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert open_tags.pop() == tag

    Checker().feed(page)
    assert not open_tags


def test_the_same_run_gives_the_same_page(folder: Path, page: str) -> None:
    assert write_report(folder).read_text(encoding="utf-8") == page


def test_names_in_chinese_stand_in_the_tables(tmp_path: Path) -> None:
    layout = Layout(names={"a.f1.r2": "音乐教室"})
    page = write_report(synthetic.write(tmp_path / "run", layout)).read_text(encoding="utf-8")
    assert "ignition in 音乐教室" in text_of(page)


def test_a_controllers_journal_alone_makes_a_report(tmp_path: Path, folder: Path) -> None:
    alone = tmp_path / "drill"
    alone.mkdir()
    shutil.copy(folder / "controller.jsonl", alone)
    text = text_of(write_report(alone).read_text(encoding="utf-8"))
    assert "twin.jsonl (what happened in the building)" in text
    assert "fire-a-f1: doors; pa-evac; sounders" in text
    assert "This journal comes from a real building" in text


def test_a_run_killed_at_once_makes_a_report(tmp_path: Path, folder: Path) -> None:
    cut = tmp_path / "cut"
    shutil.copytree(folder, cut)
    (cut / "metrics.json").write_text('{"verdict": "pa', encoding="utf-8")
    (cut / "journeys.parquet").write_bytes(b"PAR1half")
    twin = cut / "twin.jsonl"
    twin.write_bytes(twin.read_bytes()[:900])
    text = text_of(write_report(cut).read_text(encoding="utf-8"))
    assert "No expectation was judged" in text
    assert "densities are not known" in text


def test_a_folder_without_journals_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no journal"):
        write_report(tmp_path)


def test_the_summary_is_three_lines(folder: Path) -> None:
    verdict, stairs, seconds = summary(folder)
    assert verdict.startswith("FAIL: 119 of 120 people got out")
    assert stairs == "People per stair: Stair A 39, Stair B 40"
    assert seconds.count(" s") >= 3


def test_a_schools_report_is_written_in_seconds(tmp_path: Path) -> None:
    folder = synthetic.write(tmp_path / "run", Layout(storeys=5, rooms=18, people=16))
    before = cpu_ms()
    write_report(folder)
    assert cpu_ms() - before < 6_000
