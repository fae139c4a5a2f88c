"""`twin crush`: files that are there, figures that add up, and the nearest name."""

import pytest

from scenarios.crushing import crush, crush_text


def test_a_gate_scene_is_run_and_drawn(tmp_path):
    document = crush("gate", 1, 10, tmp_path)
    assert all(
        (tmp_path / name).stat().st_size for name in ("crush.parquet", "crush.svg", "crush.gif")
    )
    assert (document["inside"], document["left"]) == (20, 0), "two a second, nobody out"
    assert "crush.gif" in crush_text(document)


def test_an_unknown_scene_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(ValueError, match="did you mean `stair`"):
        crush("stairs", 1, 10, tmp_path)
