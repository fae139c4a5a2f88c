"""A curve of the model beside a measured one, by the measures of Peacock et al. 1999."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from evacuation.convergence import projection, relative_difference, secant_cosine


@dataclass(frozen=True, slots=True)
class Likeness:
    """ERD, EPC and SC of a model's curve against a measured one, and the ratio of their ends."""

    erd: float
    epc: float
    sc: float
    end: float

    @property
    def good(self) -> bool:
        """Whether ERD <= 0.25, 0.8 <= EPC <= 1.2, SC >= 0.8 and the end is within 15 %.

        Good practice after Ronchi, Reneke and Peacock 2014 (m); SAFEGUARD asks ERD <= 0.45, 0.6 <=
        EPC <= 1.4 and SC >= 0.6 (m).
        """
        close = self.erd <= 0.25 and abs(self.epc - 1.0) <= 0.2 and self.sc >= 0.8
        return close and abs(self.end - 1.0) <= 0.15

    def __str__(self) -> str:
        return f"ERD {self.erd:.2f}, EPC {self.epc:.2f}, SC {self.sc:.2f}, end {self.end:.2f}"


GOOD = "ERD <= 0.25, EPC 0.8-1.2, SC >= 0.8, end +/- 15 %"


def likeness(model_s: Sequence[float], measured_s: Sequence[float]) -> Likeness:
    """Compare the times at which people passed a line, each counted from its first one."""
    model, measured = (np.sort(np.array(times)) - min(times) for times in (model_s, measured_s))
    return Likeness(
        relative_difference(model, measured),
        projection(model, measured),
        secant_cosine(model, measured),
        float(model[-1] / measured[-1]),
    )
