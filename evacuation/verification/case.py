"""One verification case: what a standard demands, and the function that measures it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, TypeVar

Verdict = Literal["pass", "fail", "not_met"]
Measure = Callable[[], "Finding"]
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one run of a case showed; ``values`` are the bare numbers behind the text."""

    verdict: Verdict
    measured: str
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """A finding beside the demand; ``refs`` are the tests of the standards that it answers.

    ``by_construction``: the model could not but meet it, since it returns the law it was given.
    ``note`` says why that is so, or what the case adds to the official wording.
    """

    id: str
    group: str
    title: str
    refs: tuple[str, ...]
    expected: str
    measured: str
    unit: str
    verdict: Verdict
    by_construction: bool
    note: str
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The demand of a test, with the function that measures it."""

    id: str
    group: str
    title: str
    refs: tuple[str, ...]
    expected: str
    unit: str
    by_construction: bool
    note: str
    measure: Measure

    def run(self) -> Result:
        """Measure, and put what was found beside what was expected."""
        found = self.measure()
        return Result(
            id=self.id,
            group=self.group,
            title=self.title,
            refs=self.refs,
            expected=self.expected,
            measured=found.measured,
            unit=self.unit,
            verdict=found.verdict,
            by_construction=self.by_construction and found.verdict == "pass",
            note=self.note,
            values=found.values,
        )


def case(
    id: str,
    group: str,
    title: str,
    *refs: str,
    expected: str,
    unit: str = "",
    by_construction: bool = False,
    note: str = "",
) -> Callable[[Measure], Case]:
    """Make a case of the function below; ``refs`` name the standards' tests it answers."""

    def made(measure: Measure) -> Case:
        return Case(
            id=id,
            group=group,
            title=title,
            refs=refs,
            expected=expected,
            unit=unit,
            by_construction=by_construction,
            note=note,
            measure=measure,
        )

    return made


def judged(holds: bool, measured: str, **values: float) -> Finding:
    """Return a pass if the acceptance holds, else a fail; values are rounded for printing."""
    rounded = {name: round(value, 4) for name, value in values.items()}
    return Finding("pass" if holds else "fail", measured, rounded)


def listed(values: Mapping[K, float], places: int = 1) -> str:
    """Write ``key: value`` pairs, in their order."""
    return ", ".join(f"{key}: {value:.{places}f}" for key, value in values.items())


def rises(values: Iterable[float]) -> bool:
    """Tell whether each value is greater than the one before."""
    return all(a < b for a, b in pairwise(values))
