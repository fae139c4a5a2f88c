"""`python -m tests.safety.mutating [ID...]`: puts each mutant in place and looks who notices.

One JSON line a mutant: id, killed, and by what. Each runs in a child that has loaded nothing of
the controller yet, so that every module sees the mutant.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import json
import multiprocessing
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import numpy  # noqa: F401  loaded once, for all children
import pydantic  # noqa: F401
import pytest

from tests.safety.mutants import MUTANTS, SITE, TIMELINES, Mutant

ROOT = Path(__file__).parents[2]
MOST = 150
"""Timelines that a mutant may survive; `make test` runs twice as many of the true program."""


_PLAIN = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:schemathesis")
"""Words to pytest: to the first failure, without what takes longer to load than these tests."""


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads one module with the mutant's text in place."""

    def __init__(self, name: str, path: str, mutant: Mutant) -> None:
        super().__init__(name, path)
        self._mutant = mutant

    def get_code(self, fullname: str) -> Any:
        """Compile the changed text; nothing is cached."""
        return compile(mutated(self._mutant), self.path, "exec")


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the mutant's module before anybody else does."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant
        self._name = mutant.file.removesuffix(".py").replace("/", ".")

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """The changed module's spec; None for every other."""
        if name != self._name:
            return None
        file = str(ROOT / self._mutant.file)
        return importlib.util.spec_from_loader(name, _Loader(name, file, self._mutant))


def mutated(mutant: Mutant) -> str:
    """The file with the mutant in place; ValueError if the text does not stand there once."""
    text = (ROOT / mutant.file).read_text()
    if text.count(mutant.was) != 1:
        raise ValueError(f"{mutant.id}: found {text.count(mutant.was)} times in {mutant.file}")
    return text.replace(mutant.was, mutant.becomes)


def hunt(mutant: Mutant) -> str:
    """Who notices: "seed 17: D1", a test file, or "" if nobody does."""
    if mutant.file != SITE:
        sys.meta_path.insert(0, _Finder(mutant))
    if mutant.killer != TIMELINES:
        return mutant.killer if _fails(mutant.killer) else ""
    with TemporaryDirectory() as folder:
        return _survive(mutant, Path(folder))


def _fails(file: str) -> bool:
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return pytest.main([*_PLAIN, file]) == 1


def _survive(mutant: Mutant, folder: Path) -> str:
    from shutil import copytree

    from controller.interface.files import BadFile
    from controller.site import load
    from tests.safety.running import SITE as GROUND
    from tests.safety.running import run_one

    ground = copytree(GROUND, folder / "site")
    if mutant.file == SITE:
        (ground / "matrix.yaml").write_text(mutated(mutant))
    try:
        site = load(ground)
    except BadFile as refused:
        return f"the program refuses the site: {refused}"
    for seed in range(MOST):
        try:
            _, tally = run_one(site, seed, folder)
        except Exception as error:  # a program that crashes is noticed, too
            return f"seed {seed}: {type(error).__name__}"
        if tally.breaches:
            return f"seed {seed}: {', '.join(tally.breaches)}"
    return ""


def _child(mutant: Mutant, tell: Callable[[str], None]) -> None:
    tell(hunt(mutant))


def main(names: Sequence[str]) -> int:
    """Hunt every mutant, or those named; 1 if one survives."""
    fork = multiprocessing.get_context("fork")
    alive = 0
    for mutant in (m for m in MUTANTS if not names or m.id in names):
        hearing, telling = fork.Pipe(duplex=False)
        child = fork.Process(target=_child, args=(mutant, telling.send))
        child.start()
        telling.close()
        try:
            by = str(hearing.recv())
        except EOFError:  # it died without a word
            by = f"exit {child.exitcode}"
        child.join()
        alive += not by
        print(json.dumps({"id": mutant.id, "killed": bool(by), "by": by}), flush=True)
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
