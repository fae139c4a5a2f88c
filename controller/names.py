"""Names of persons in what operators write: replaced by their pseudonyms before anything is kept.

Known are the names that the site's files name: operators, members of groups, groups of one person,
cards by their numbers. A name that no file names cannot be known here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from controller.interface.cards import pseudonym
from controller.interface.people import persons_of
from controller.site import Site

_WORD = re.compile(r"\w+(?:[.-]\w+)*")
_PIECE = re.compile(r"\w+")


class Names:
    """Hides the names of a site's people; `of` makes the pseudonym of one of them."""

    def __init__(self, site: Site, of: Callable[[str], str]) -> None:
        self.of = of
        access = site.plan.access if site.plan is not None else None
        self._key, self._holders = (access.key, access.holders) if access is not None else (b"", {})
        self._known = {name.lower(): name for name in _named(site)}
        alternatives = [re.escape(n) for n in sorted(self._known, key=len, reverse=True)]
        alternatives += [rf"{re.escape(group.id)}\.[pt]\d+" for group in site.people.groups]
        any_of = "|".join(alternatives) or r"\Z\w"
        self._names = re.compile(rf"(?<![\w-])(?:{any_of})(?![\w-])", re.IGNORECASE)

    def veiled(self, text: str) -> str:
        """A text with the pseudonyms of all whom it names, by name, member id or card number."""
        if not text:
            return text
        text = _WORD.sub(self._carded, text)
        return self._names.sub(self._named, text)

    def card(self, word: str) -> str:
        """The hash of a card, called by its hash, its number or its holder."""
        return self._card(word) or pseudonym(self._key, word)

    def _card(self, word: str) -> str:
        """The hash of a card that the site knows, "" for any other word."""
        forms = dict.fromkeys((word, word.lower(), word.upper())) if self._holders else ()
        hashes = (pseudonym(self._key, one) for one in forms)
        return next((one for one in hashes if one in self._holders), "")

    def _carded(self, word: re.Match[str]) -> str:
        whole = self._card(word[0])
        return whole or _PIECE.sub(lambda piece: self._card(piece[0]) or piece[0], word[0])

    def _named(self, name: re.Match[str]) -> str:
        low = name[0].lower()
        return self.of(self._known.get(low, low))


def _named(site: Site) -> Iterator[str]:
    yield from site.operators.people if site.operators is not None else ()
    for group in site.people.groups:
        yield from persons_of(group)
