"""Randomness by name: one seed, one independent stream per entity, and plain numbers for many."""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
SHARE = 2.0**-53
"""A number in [0, 1) is the upper 53 bits of a word times this."""


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of one named entity; the same seed and name give the same numbers."""
    digest = sha256(f"{seed}/{name}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16])))


def words(seed: int, what: str, names: Sequence[str]) -> Words:
    """Return four independent 64 bit words for each name, [names, 4].

    One hash gives them: a generator of its own for each of 50,000 people takes seconds to set up.
    """
    start = sha256(f"{seed}/{what}/".encode())
    digests = bytearray()
    for name in names:
        own = start.copy()
        own.update(name.encode())
        digests += own.digest()
    return np.frombuffer(bytes(digests), ">u8").reshape(-1, 4).astype(np.uint64)


def shares(values: Words) -> NDArray[np.float64]:
    """Return words as numbers in [0, 1)."""
    return np.asarray((values >> np.uint64(11)).astype(np.float64) * SHARE)
