"""Randomness by name: one seed, one independent stream per entity."""

from hashlib import sha256

import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """Return the generator of one named entity; the same seed and name give the same numbers."""
    digest = sha256(f"{seed}/{name}".encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16])))


def rank(seed: int, name: str) -> int:
    """Return a 64 bit rank of a name under a seed, for ties that no order of input may decide."""
    return int.from_bytes(sha256(f"{seed}/rank/{name}".encode()).digest()[:8])
