"""Stated mutants of the decision code and of the matrix are noticed: every third here.

`make safety` hunts all.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.safety.mutants import MUTANTS, Mutant
from tests.safety.mutating import mutated

HUNTED = MUTANTS[::3]

pytestmark = pytest.mark.xdist_group("mutants")


@pytest.fixture(scope="module")
def hunted() -> dict[str, str]:
    names = [mutant.id for mutant in HUNTED]
    command = [sys.executable, "-m", "tests.safety.mutating", *names]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(HUNTED), done.stderr
    return {one["id"]: one["by"] for one in found}


def test_there_are_enough_of_both_kinds() -> None:
    assert len(MUTANTS) >= 25
    assert len({m.id for m in MUTANTS}) == len(MUTANTS)
    assert sum(m.file.endswith(".yaml") for m in MUTANTS) >= 5


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: m.id)
def test_the_mutant_changes_one_place(mutant: Mutant) -> None:
    assert mutated(mutant)


@pytest.mark.parametrize("mutant", HUNTED, ids=lambda m: m.id)
def test_the_mutant_is_noticed(hunted: dict[str, str], mutant: Mutant) -> None:
    assert hunted[mutant.id], f"nobody notices that {mutant.say}"
