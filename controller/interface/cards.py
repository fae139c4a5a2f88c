"""Cards and people as everybody but the card system knows them: by a keyed hash.

The number on a card and the name of its holder are personal data; what goes over the wire, into a
journal and into a report is `p-` and 20 hexadecimal digits. A reader's board keeps the same key.
"""

from __future__ import annotations

import hmac
from hashlib import sha256
from pathlib import Path

from controller.interface.files import BadFile, Problem
from controller.interface.kinds import KINDS
from controller.interface.points import PointList

FILE = "cards.key"
"""Beside the site's files: the key of its cards, hexadecimal. Only a bench may be without."""

MARK = "p-"
_DIGITS = 20
KEY_BYTES = 32


def pseudonym(key: bytes, name: str) -> str:
    """The pseudonym of a name or number; that of "" is "", that of a pseudonym is itself."""
    return name if not name or is_pseudonym(name) else pseudonym_of(key, name)


def pseudonym_of(key: bytes, text: str) -> str:
    """The hash of any text, of a pseudonym too."""
    return MARK + hmac.digest(key, text.encode(), "sha256").hex()[:_DIGITS]


def is_pseudonym(text: object) -> bool:
    """Whether a text can be a pseudonym: nothing else may name a card on a wire."""
    if not isinstance(text, str) or len(text) != len(MARK) + _DIGITS or not text.startswith(MARK):
        return False
    return all(c in "0123456789abcdef" for c in text[len(MARK) :])


def card_points(points: PointList) -> frozenset[str]:
    """The points at which readers tell of cards."""
    told = (p for p in points.points.values() if p.kind == "card-reader" and not p.write)
    return frozenset(p.id for p in told if p.name in ("card", "passed"))


def personal_points(points: PointList) -> dict[str, str]:
    """The points whose values name a person, with the class of data that he is of."""
    sorts = {p.id: KINDS[p.kind].points[p.name].personal for p in points.points.values()}
    return {point: sort for point, sort in sorts.items() if sort}


def card_key(folder: Path, site: str) -> bytes:
    """The key of a site's cards; BadFile if its file holds none.

    Without the file it is made from the site's name, which everybody knows: for emulated cards.
    """
    path = folder / FILE
    if not path.exists():
        return sha256(b"emulated cards of " + site.encode()).digest()
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except (OSError, ValueError):
        key = b""
    if len(key) < KEY_BYTES:
        text = f"not a key: {KEY_BYTES} bytes as hexadecimal digits are expected"
        raise BadFile([Problem(str(path), 1, "", text)])
    return key
