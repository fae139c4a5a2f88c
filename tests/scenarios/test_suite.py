"""`twin test` as it is typed."""

from __future__ import annotations

import pytest

from scenarios.cli import main


def test_without_a_path_the_own_scenarios_are_meant_and_a_tag_that_none_has_is_no_pass(
    monkeypatch, capsys
):
    monkeypatch.setattr("sys.argv", ["twin", "test", "--tag", "plam"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 4
    assert "--tag 'plam': no scenario has this tag; did you mean `plan`?" in capsys.readouterr().err
