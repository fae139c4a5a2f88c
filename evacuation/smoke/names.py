"""Laws by name, and what to say where there is none of a name."""

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TypeVar

Law = TypeVar("Law")


def law_named(laws: Mapping[str, Law], name: str, what: str) -> Law:
    """Return the law of a name; ValueError with the nearest name, saying ``what`` is missing."""
    law = laws.get(name)
    if law is None:
        close = get_close_matches(name, laws, n=1, cutoff=0.4)
        hint = f"did you mean {close[0]!r}? " if close else ""
        raise ValueError(f"no {what} is called {name!r}; {hint}known: {', '.join(laws)}")
    return law
