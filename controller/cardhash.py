"""`campus-controller card`: the hash by which the access file names a card."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from controller.interface.cards import FILE, card_key, is_pseudonym, pseudonym
from controller.interface.files import BadFile
from controller.interface.points import PointList


def main(words: Sequence[str]) -> int:
    """Hash the card numbers on standard input, one a line; bad input is not repeated."""
    parser = argparse.ArgumentParser("campus-controller card", description=main.__doc__)
    parser.add_argument("--site", type=Path, required=True, help=f"folder with {FILE}")
    folder: Path = parser.parse_args(list(words)).site
    try:
        key = card_key(folder, PointList.load(folder / "points.yaml").site)
    except BadFile as bad:
        for problem in bad.problems:
            print(problem, file=sys.stderr)
        return 2
    if not (folder / FILE).exists():
        print(f"no {FILE}: hashed under the key of emulated cards", file=sys.stderr)
    return _hash(key)


def _hash(key: bytes) -> int:
    for line, text in enumerate(sys.stdin, 1):
        number = text.strip()
        if is_pseudonym(number):
            print(f"line {line}: a hash, not the number of a card", file=sys.stderr)
            return 2
        if number:
            print(pseudonym(key, number), flush=True)
    return 0
