"""Every command that docs/integrators.md shows is accepted as it stands there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer

from scenarios.catalog import SITES
from scenarios.cli import app
from scenarios.conform.profiles import all_profiles
from scenarios.conform.target import parse_target

PAGE = Path(__file__).parents[2] / "docs" / "integrators.md"
TEXT = PAGE.read_text("utf-8")
COMMANDS = typer.main.get_command(app).commands


def shown():
    """The arguments of each `$ twin ...` of the page, without comments and what follows a pipe."""
    blocks = re.findall(r"^```console\n(.*?)^```", TEXT, re.M | re.S)
    lines = "\n".join(blocks).replace("\\\n", " ").splitlines()
    told = [line.removeprefix("$ twin ") for line in lines if line.startswith("$ twin ")]
    return [list(words(line)) for line in told]


def words(line):
    for word in shlex.split(line, comments=True):
        if word in (";", "|", "&") or word.endswith(";"):
            yield from filter(None, [word.rstrip(";|&")])
            return
        yield word


SHOWN = shown()


def test_the_page_shows_every_command_of_the_bench():
    assert {command for command, *_ in SHOWN} >= {"devices", "conform", "points", "run"}
    assert len(SHOWN) >= 12


@pytest.mark.parametrize("arguments", SHOWN, ids=" ".join)
def test_a_command_of_the_page_is_accepted(arguments):
    name, *rest = arguments
    given = COMMANDS[name].make_context(name, rest).params
    if name == "conform":
        parse_target(given["target"])
        assert given["profile"] in all_profiles()
    if name == "devices":
        assert (SITES / given["site"]).is_dir()


def test_every_option_that_the_page_names_exists():
    known = {
        option for command in COMMANDS.values() for one in command.params for option in one.opts
    }
    named = set(re.findall(r"`(--[a-z-]+)", TEXT))
    assert named
    assert named - known == set()
