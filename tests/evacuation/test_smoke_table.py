"""A smoke table is what its rows say, linear between them; a bad one is told row by row."""

from pathlib import Path

import pytest

from evacuation.smoke.air import CLEAN
from evacuation.smoke.source import load_smoke
from evacuation.smoke.tablefile import SmokeTableError, read_smoke_table
from tests.evacuation.plans import door, plan, room

SPACES = ("hall", "stair-a", "stair-b")
CSV = """time_s, space, extinction_per_m, co_ppm, o2_percent
0, hall, 0.0, 0, 20.9
60, hall, 3.0, 1200, 17.9
30, stair-a, 1.0, 100, 20.9
"""
YAML = """
# an engineer's table
rows:
  - {time_s: 0, space: hall, co_ppm: 0}
  - {time_s: 60, space: hall, co_ppm: 1200, extinction_per_m: 3.0, o2_percent: 17.9}
  - {time_s: 30, space: stair-a, extinction_per_m: 1.0, co_ppm: 100}
"""


def read(folder: Path, text: str, name: str = "smoke.csv"):
    path = folder / name
    path.write_text(text, "utf-8")
    return read_smoke_table(path, SPACES)


def refused(folder: Path, text: str, name: str = "smoke.csv") -> tuple[str, ...]:
    with pytest.raises(SmokeTableError) as caught:
        read(folder, text, name)
    return caught.value.problems


@pytest.mark.parametrize(("name", "text"), [("smoke.csv", CSV), ("smoke.yaml", YAML)])
def test_air_is_linear_between_the_rows_of_a_space(tmp_path, name, text):
    table = read(tmp_path, text, name)
    extinction, air = table.at("hall", 20.0)
    assert extinction == pytest.approx(1.0)
    assert air.co_ppm == pytest.approx(400.0)
    assert air.o2_percent == pytest.approx(19.9)
    assert (air.temperature_c, air.co2_percent) == (20.0, 0.04)


def test_a_space_is_clean_before_its_first_row_and_stays_after_its_last(tmp_path):
    table = read(tmp_path, CSV)
    assert table.at("stair-a", 29.9) == (0.0, CLEAN)
    assert table.extinction_per_m(30.0) == {"hall": pytest.approx(1.5), "stair-a": 1.0}
    assert set(table.air(0.0)) == set()
    assert table.at("stair-a", 5000.0)[1].co_ppm == 100.0
    assert table.spaces == ("hall", "stair-a")


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("10, hall, nan, 0, 20.9", "smoke.csv:2: `extinction_per_m` must lie between 0 and 1000"),
        ("10, hall, -1, 0, 20.9", "`extinction_per_m` must lie between 0 and 1000, not -1"),
        ("10, hall, 0, inf, 20.9", "`co_ppm` must lie between 0 and 1e+06, not inf"),
        ("10, hall, 0, 0, 209", "`o2_percent` must lie between 0 and 100, not 209"),
        ("10, hall, 0, lots, 20.9", "`co_ppm` is no number: 'lots'; clean air has 0"),
        ("10, hall, 0, 0,", "`o2_percent` is empty; clean air has 20.9"),
        ("-5, hall, 0, 0, 20.9", "`time_s` must lie between 0 and 1e+06, not -5"),
        ("10, stair_a, 0, 0, 20.9", "space 'stair_a' is not on this floor (nearest: `stair-"),
        ("10, hall, 0, 0", "4 values under 5 columns"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_what_to_write(tmp_path, row, told):
    header = CSV.splitlines()[0]
    problems = refused(tmp_path, f"{header}\n{row}\n")
    assert len(problems) == 1
    assert told in problems[0]
    assert problems[0].startswith("smoke.csv:2: ")


def test_time_that_goes_back_or_stands_still_is_told(tmp_path):
    header = CSV.splitlines()[0]
    rows = "10, hall, 0, 0, 20.9\n9, hall, 0, 0, 20.9\n10, hall, 0, 0, 20.9\n"
    problems = refused(tmp_path, f"{header}\n{rows}")
    assert "smoke.csv:3: time goes back in hall: 9 s after 10 s; sort the rows" in problems[0]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("time, space, co_ppm", "column `time_s` is missing (is it `time`?)"),
        ("time_s, space, co_pmm", "unknown column `co_pmm` (did you mean `co_ppm`?)"),
        ("time_s, space", "no quantity: give one or more of extinction_per_m, co_ppm"),
        ("time_s, space, co_ppm, co_ppm", "column `co_ppm` stands there twice"),
    ],
)
def test_a_bad_header_is_told_before_any_row(tmp_path, header, told):
    assert any(told in p for p in refused(tmp_path, f"{header}\n1, nowhere, x\n"))


def test_all_problems_come_at_once_and_a_long_list_is_cut_short(tmp_path):
    rows = "".join(f"{k}, nowhere, 0, 0, 20.9\n" for k in range(30))
    with pytest.raises(SmokeTableError, match="and 10 more") as caught:
        read(tmp_path, f"{CSV.splitlines()[0]}\n{rows}")
    assert len(caught.value.problems) == 30


def test_yaml_that_is_no_table_is_told(tmp_path):
    assert "line" not in refused(tmp_path, "rows: [", "s.yaml")[0]
    assert "`rows:` with a list" in refused(tmp_path, "smoke: 1", "s.yaml")[0]
    bad = "rows:\n  - {time_s: 0, space: hall, co_ppm: 1}\n  - {time_s: 1, space: hall, co: 1}\n"
    assert "s.yaml:3: unknown column `co` (did you mean" in refused(tmp_path, bad, "s.yaml")[0]
    assert "the table has no rows" in refused(tmp_path, "rows: []", "s.yaml")[0]


def test_a_file_that_is_not_there_or_of_no_known_kind_is_one_sentence(tmp_path):
    floor = plan(room("hall", 0, 0, 5, 5), door("x", "hall", "street", 5, 2))
    with pytest.raises(SmokeTableError, match="there is no such file"):
        load_smoke(tmp_path / "none.csv", floor)
    (tmp_path / "smoke.xlsx").write_text("")
    with pytest.raises(SmokeTableError, match=r"smoke comes from \.csv"):
        load_smoke(tmp_path / "smoke.xlsx", floor)
