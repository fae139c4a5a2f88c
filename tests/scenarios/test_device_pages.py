"""docs/devices/ says what the declarations say."""

from __future__ import annotations

from controller.interface.kinds import KINDS
from scenarios.device_pages import BY_HAND, FOLDER, pages, write


def test_the_pages_are_those_of_the_declarations() -> None:
    files = pages()
    there = {str(path.relative_to(FOLDER)) for path in FOLDER.rglob("*.*")}
    assert there - BY_HAND == files.keys(), "run `python -m scenarios.device_pages`"
    for name, text in files.items():
        assert (FOLDER / name).read_text("utf-8") == text, "run `python -m scenarios.device_pages`"


def test_every_kind_has_a_page_a_profile_and_a_line_in_the_index() -> None:
    files = pages()
    for kind in KINDS:
        assert f"({kind}.md)" in files["README.md"]
        assert f"profiles/{kind}.json" in files


def test_a_page_of_a_kind_that_is_gone_goes_too(tmp_path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "steam-whistle.md").write_text("old")
    write(tmp_path)
    assert not (tmp_path / "steam-whistle.md").exists()
    assert (tmp_path / "door-lock.md").read_text("utf-8") == pages()["door-lock.md"]
