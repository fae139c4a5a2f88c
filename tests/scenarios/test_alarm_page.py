"""docs/alarms.md says what the controller runs by."""

from __future__ import annotations

from pathlib import Path

from scenarios.alarm_page import page

PAGE = Path(__file__).parent.parent.parent / "docs" / "alarms.md"


def test_the_page_is_that_of_the_tables() -> None:
    written = PAGE.read_text("utf-8")
    assert written == page(), "run `python -m scenarios.alarm_page > docs/alarms.md`"
