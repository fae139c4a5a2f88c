"""`campus-controller verify-journal` and `replay`: what a journal proves, told in one sentence.

Exit codes: 0 it holds, 1 it does not, 2 there is no such file or site.
"""

from __future__ import annotations

import sys
from pathlib import Path

from controller.interface import journal
from controller.interface.files import BadFile
from controller.replay import Replay, replay
from controller.site import load


def verify(path: Path) -> int:
    """Follow the hash chain from the header to the last whole line."""
    if not path.is_file():
        print(f"{path}: there is no such file", file=sys.stderr)
        return 2
    line = journal.verify(path)
    if line is not None:
        print(f"{path}:{line}: broken: this line does not follow from those before it")
        return 1
    header, records = journal.read(path)
    last = records[-1]["h"] if records else header["chain"]
    print(f"{path}: {len(records)} records, unbroken; the chain ends in {last}")
    return 0


def repeat(path: Path, folder: Path) -> int:
    """Verify a journal, then repeat its decisions with the site it was written for."""
    broken = verify(path)
    if broken:
        return broken
    try:
        site = load(folder)
        found = replay(path, site.points, site.matrix)
    except BadFile as bad:
        for problem in bad.problems:
            print(problem, file=sys.stderr)
        return 2
    print(_told(path, found))
    return 1 if found.line else 0


def _told(path: Path, found: Replay) -> str:
    if not found.line:
        return f"all {found.decisions} decisions came out again, in {found.records} equal records"
    said = found.program_says or "nothing"
    wrote = found.journal_says or "nothing"
    return (
        f"{path}:{found.line}: the program decides otherwise\n"
        f"  the journal says: {wrote}\n  the program says: {said}"
    )
