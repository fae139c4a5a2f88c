"""The tests of the crush zone run in processes of their own, whichever way a test is written."""

from __future__ import annotations

from scenarios.verifying import side_by_side


def test_a_case_of_each_kind_is_run_in_another_process(capsys):
    found = side_by_side(["C9", "C18"])
    assert [(one.id, one.verdict) for one in found] == [("C9", "pass"), ("C18", "pass")]
    assert "2 of 2" in capsys.readouterr().err
