"""Both journals become one order of events."""

from __future__ import annotations

from pathlib import Path

from reports.dossier import Dossier
from reports.journals import merge, read


def test_records_follow_time_phase_source_and_number(dossier: Dossier) -> None:
    merged = merge(dossier.twin, dossier.controller)
    assert len(merged) == len(dossier.twin) + len(dossier.controller)
    keys = [(r["t"], r["p"], r["journal"], r["n"]) for r in merged]
    assert keys == sorted(keys)


def test_a_line_cut_off_by_a_kill_is_left_out(folder: Path, tmp_path: Path) -> None:
    whole = (folder / "twin.jsonl").read_bytes()
    (tmp_path / "twin.jsonl").write_bytes(whole[:-5])
    assert read(tmp_path, "twin") == read(folder, "twin")[:-1]
    assert read(tmp_path, "controller") == []


def test_an_event_is_found_by_the_words_of_a_scenario(dossier: Dossier) -> None:
    found = dossier.first("sense sd-10? alarm")
    assert found is not None
    assert found["e"] == "sd-101"
    assert dossier.first("command lock-* true") is not None
    assert dossier.first("sense sd-9*") is None
    assert dossier.first("") is None


def test_a_record_keeps_its_own_keys(dossier: Dossier) -> None:
    (cue,) = dossier.of("cue")
    assert (cue["journal"], cue["source"]) == ("twin", "pa-a")
