"""The doses at which people can go no further: few values, shared by many."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from evacuation.engine.arrays import Floats


class Limits(NamedTuple):
    """The limits that occur, and for each person the row of his (one byte if they are few)."""

    value: Floats
    kind: NDArray[np.signedinteger[Any]]

    def of(self, who: Any) -> Any:
        """Return the limit of a person, or of several, by row."""
        return self.value[self.kind[who]]


def limits_of(limits: Sequence[float]) -> Limits:
    """Return the limits of people in order."""
    value, kind = np.unique(np.asarray(limits, np.float64), return_inverse=True)
    return Limits(value, kind.astype(np.int8 if value.size <= 127 else np.int32))
