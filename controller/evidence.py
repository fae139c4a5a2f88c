"""`campus-controller verify-journal` and `replay`: what a journal proves, told in one sentence.

Exit codes: 0 it holds, 1 it does not, 2 there is no such file or site.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from controller.interface.files import BadFile, Problem
from controller.lookup import opened
from controller.parts import Run, parts
from controller.proof import Proof, prove, read_anchors
from controller.replay import Files, Replay, replay_runs
from controller.site import Site, file_hashes, load


def verify(path: Path, anchors: Path | None = None) -> int:
    """Follow the hash chain through all parts, and hold it against anchors kept elsewhere."""
    try:
        known = read_anchors(anchors) if anchors is not None else []
    except BadFile as bad:
        return _refused(bad)
    if not parts(path):
        print(f"{path}: there is no such file", file=sys.stderr)
        return 2
    found = prove(path, known)
    for gap in found.gaps:
        print(gap)
    if found.broken:
        print(found.broken)
        return 1
    held = f"{found.records} records{_in_parts(found)}, unbroken"
    print(f"{path}: {held}; {_anchored(found, anchors)}")
    return 0


def repeat(path: Path, folders: Sequence[Path], key: Path | None = None) -> int:
    """Verify a journal, then repeat its decisions with the sites it was written for."""
    broken = verify(path)
    if broken:
        return broken
    try:
        sites = [(load(folder), file_hashes(folder)) for folder in folders]
        readable, closed = opened(path, [site for site, _ in sites], key)
        found = replay_runs(readable, lambda one: _files(path, one, sites))
    except BadFile as bad:
        return _refused(bad)
    print(_told(path, found))
    if closed:
        print(f"{closed} records of days whose secrets are destroyed hold, and are not repeated")
    return 1 if found.line else 0


def _refused(bad: BadFile) -> int:
    for problem in bad.problems:
        print(problem, file=sys.stderr)
    return 2


def _files(path: Path, one: Run, sites: Sequence[tuple[Site, dict[str, str]]]) -> Files:
    """The site whose files have the hashes that a run's header binds; BadFile if none has."""
    for site, hashes in sites:
        if not one.site or one.site == hashes:
            return site.points, site.matrix, site.plan
    differ = ", ".join(name for name in one.site if one.site[name] != sites[0][1].get(name))
    text = f"was written with other files than those of --site: {differ} differ"
    at = one.lines[0] if one.lines else None
    raise BadFile([Problem(str(at.path if at else path), 1, "", text)])


def _in_parts(found: Proof) -> str:
    told = f" in {found.parts} parts" if found.parts > 1 else ""
    return told + (f" (records 1 to {found.retired} are retired)" if found.retired else "")


def _anchored(found: Proof, anchors: Path | None) -> str:
    end = f"the chain ends in {found.head}"
    if anchors is None:
        return f"{end}; without --anchors a cut tail or a file written anew would not show"
    return f"{end}; {found.anchored} anchors hold"


def _told(path: Path, found: Replay) -> str:
    if not found.line:
        skipped = f"; {found.skipped} records after a loss not repeated" if found.skipped else ""
        return (
            f"all {found.decisions} decisions came out again, in {found.records} equal records"
            + skipped
        )
    said = found.program_says or "nothing"
    wrote = found.journal_says or "nothing"
    return (
        f"{found.path or path}:{found.line}: the program decides otherwise\n"
        f"  the journal says: {wrote}\n  the program says: {said}"
    )
