"""The command that hashes card numbers says what the controller knows the cards by."""

from __future__ import annotations

import io

import pytest

from controller.__main__ import main
from controller.interface.cards import FILE, is_pseudonym, pseudonym
from tests.controller.school import write

KEY = bytes(range(32))


@pytest.fixture
def site(tmp_path):
    write(tmp_path)
    (tmp_path / FILE).write_text(KEY.hex())
    return tmp_path


def told(site, monkeypatch, text):
    monkeypatch.setattr("sys.stdin", io.StringIO(text))
    return main(["card", "--site", str(site)])


def test_numbers_are_hashed_under_the_key_of_the_site(site, monkeypatch, capsys):
    assert told(site, monkeypatch, "0004711\r\n\n 0004712 \n") == 0
    said = capsys.readouterr()
    assert said.out.split() == [pseudonym(KEY, "0004711"), pseudonym(KEY, "0004712")]
    assert said.err == ""


def test_a_site_without_a_key_is_said_to_have_none(site, monkeypatch, capsys):
    (site / FILE).unlink()
    assert told(site, monkeypatch, "0004711\n") == 0
    assert FILE in capsys.readouterr().err


def test_what_would_not_be_hashed_is_refused_and_not_repeated(site, monkeypatch, capsys):
    assert told(site, monkeypatch, pseudonym(KEY, "0004711") + "\n") == 2
    said = capsys.readouterr()
    assert "p-" not in said.out + said.err


@pytest.mark.parametrize(
    "name",
    ["p-Anna Canary", "p-4711", "p-" + "a" * 19, "p-" + "a" * 21, "p-" + "A" * 20, "p-" + "٣" * 20],
)
def test_what_only_looks_like_a_hash_is_hashed(name):
    assert not is_pseudonym(name)
    assert is_pseudonym(pseudonym(KEY, name))
    assert pseudonym(KEY, pseudonym(KEY, name)) == pseudonym(KEY, name)


def test_a_bad_key_is_told(site, monkeypatch, capsys):
    (site / FILE).write_text("ab")
    assert told(site, monkeypatch, "0004711\n") == 2
    assert "not a key" in capsys.readouterr().err
