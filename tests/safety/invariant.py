"""What an invariant is: a sentence, its clause, its formal form, and a judge of traces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tests.safety.trace import Trace


class Judged(NamedTuple):
    """One occasion on which the premise held: when, whether the conclusion did, what was seen."""

    t_ms: int
    holds: bool
    seen: str


Judge = Callable[[Trace], Iterator[Judged]]


@dataclass(frozen=True, slots=True)
class Invariant:
    """`judge` yields one verdict for every time at which the premise holds in a trace.

    `formal`: `[]` always, `<>d` within d, `p(t)` a signal of `Trace` at t. `clause` is where the
    demand comes from; "(m)" marks what has not been checked against the printed text.
    """

    id: str
    say: str
    clause: str
    formal: str
    judge: Judge
