"""Readable names for what is imported, each handed out once; shared by all importers."""

import re
import unicodedata

LONGEST = 30
_SPELT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Names:
    """Hands out a name once; the next taker of the same gets `-2`."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """``wanted``, or with the first number that is free."""
        number = self._taken.get(wanted, 0) + 1
        self._taken[wanted] = number
        if number == 1:
            return wanted
        return self.take(f"{wanted}-{number}")


def slug(text: str) -> str:
    """``text`` in the letters an id may have; empty if none is left."""
    spelt = unicodedata.normalize("NFKD", text.casefold().translate(_SPELT))
    return re.sub(r"[^a-z0-9]+", "-", spelt).strip("-")[:LONGEST].strip("-")
