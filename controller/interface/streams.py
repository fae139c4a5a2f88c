"""One root seed, one independent random stream per named entity.

Adding an entity never disturbs the numbers of another, because a stream hangs on its name alone.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np


def stream(seed: int, name: str) -> np.random.Generator:
    """The generator of entity `name` under root `seed`; numpy must be installed."""
    import numpy as np  # the controller alone runs without numpy

    key = sha256(f"{seed}/{name}".encode()).digest()[:16]
    return np.random.Generator(np.random.PCG64(int.from_bytes(key)))
