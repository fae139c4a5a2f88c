"""Whom a journal names, for whoever holds its key and the secrets of its days.

`replay` puts back the pseudonyms that the controller decided about. `campus-controller who` tells
which records are of a person, card or member: for whoever asks what is kept of him.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace
from pathlib import Path

from controller.epochs import SECRETS, Epoch, Epochs, changed
from controller.interface.cards import pseudonym
from controller.interface.files import BadFile, Problem
from controller.names import Names
from controller.parts import Run, parts, runs
from controller.pseudonym import CARD, CLASSES, OPERATOR, read_key
from controller.site import Site, load

OTHER = "p-..."
"""Whoever else is named in a record of somebody who is looked for."""


class Lookup:
    """The hashes of persons on every day whose secret there is; `key` that of the journal.

    A missing key file means that no operator can be looked for.
    """

    def __init__(self, journal: Path, key: Path | None = None) -> None:
        path = key or journal.with_name(journal.name + ".key")
        self._key = read_key(path) if path.exists() else b""
        self._epochs = Epochs(journal.with_name(journal.name + SECRETS), dict.fromkeys(CLASSES, 1))

    def hidden(self, name: str) -> str:
        """The pseudonym of an operator, a guard, or whoever is named by name."""
        return pseudonym(self._key, name)

    def of(self, hidden: str, sorts: Iterable[str] = CLASSES) -> Iterator[str]:
        """What stands in the journal for a pseudonym, on any day."""
        yield hidden
        yield from (self._epochs.of(s, day, hidden) for s, day in self._epochs if s in sorts)

    def known(self, sites: Iterable[Site]) -> dict[str, str]:
        """What stands in the journal -> the pseudonym of somebody whom these sites name."""
        found: dict[str, str] = {}
        for site in sites:
            names = site.operators.people if site.operators is not None and self._key else ()
            access = site.plan.access if site.plan is not None else None
            cards = () if access is None else (*access.holders, *access.blocked)
            for sort, all_of in ((OPERATOR, map(self.hidden, names)), (CARD, cards)):
                for one in all_of:
                    found |= dict.fromkeys(self.of(one, (sort,)), one)
        return found


def opened(path: Path, sites: Sequence[Site], key: Path | None) -> tuple[list[Run], int]:
    """The runs of a journal as they were decided, and how many records are left out.

    A run of a day whose secret is destroyed cannot be repeated.
    """
    every = list(runs(path))
    gone = {day for run in every for _, day in _said(run, "forgotten")}
    kept = [run for run in every if not gone & {day for _, day in _said(run, "day")}]
    known = Lookup(path, key).known(sites)
    clear = [
        replace(
            run,
            lines=tuple(
                replace(line, body=changed(line.body, lambda one: known.get(one, one)))
                for line in run.lines
            ),
        )
        for run in kept
    ]
    return clear, sum(len(run.lines) for run in every if run not in kept)


def who(words: Sequence[str]) -> int:
    """Which records are of the persons on standard input, one a line: name, card or member."""
    parser = argparse.ArgumentParser("campus-controller who", description=who.__doc__)
    parser.add_argument("journal", type=Path, help="a journal of this controller, all its parts")
    parser.add_argument("--site", type=Path, required=True, help="the site's files")
    parser.add_argument("--key", type=Path, help="key of the pseudonyms (JOURNAL.key)")
    options = parser.parse_args(list(words))
    try:
        if not parts(options.journal):
            raise BadFile([Problem(str(options.journal), 1, "", "there is no such journal")])
        look, site = Lookup(options.journal, options.key), load(options.site)
        asked = [text for text in map(str.strip, sys.stdin) if text]
        if not asked:
            raise BadFile([Problem("standard input", 1, "", "it names nobody: one a line")])
    except BadFile as bad:
        for problem in bad.problems:
            print(problem, file=sys.stderr)
        return 2
    names = Names(site, look.hidden)
    wanted = {
        one for n in asked for base in (look.hidden(n), names.card(n)) for one in look.of(base)
    }
    try:
        count = _tell(options.journal, wanted)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    print(f"{count} records", file=sys.stderr)
    return 0


def _tell(journal: Path, wanted: Set[str]) -> int:
    """Print what is of some persons, without whom else it names; return how many records."""
    count = 0
    for line in (line for run in runs(journal) for line in run.lines):
        if any(one in line.body for one in wanted):
            count += 1
            body = changed(line.body, lambda one: one if one in wanted else OTHER)
            print(f"{line.path}:{line.number}: {body}")
    sys.stdout.flush()
    return count


def _said(run: Run, what: str) -> Iterator[Epoch]:
    """The days of which a run says this, with their classes where it says them."""
    for line in run.lines:
        if f'"what":"{what}"' in line.body:
            record = json.loads(line.body)
            if record["k"] == "scan":
                yield str(record.get("of", "")), int(record["day"])
