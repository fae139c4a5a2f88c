"""What must be true in a run: one plain sentence and the verb that says how it is looked for."""

from __future__ import annotations

from pydantic import Field, model_validator

from scenarios.events import Event
from scenarios.happening import Part
from scenarios.quantity import Density, Duration


class Within(Part):
    """`to` (or every entity of `to_every`) follows the first `from` within `limit`."""

    from_: Event = Field(alias="from")
    to: Event | None = None
    to_every: Event | None = None
    limit: Duration

    @model_validator(mode="after")
    def _one_target(self) -> Within:
        if (self.to is None) == (self.to_every is None):
            raise ValueError("say either `to: EVENT` or `to_every: EVENT`")
        return self


class Count(Part):
    """How often an event happened."""

    of: Event
    at_least: int | None = None
    at_most: int | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Count:
        if self.at_least is None and self.at_most is None:
            raise ValueError("a count needs `at_least` or `at_most`")
        return self


class Before(Part):
    """`first` happens, and earlier than `then`."""

    first: Event
    then: Event


class Evacuated(Part):
    """A share of the people is out within a time of the first event `from`."""

    share: float = Field(1.0, gt=0, le=1)
    from_: Event = Field(alias="from")
    limit: Duration


class Crowding(Part):
    """No space of a glob is above a density for longer than a time."""

    spaces: str
    at_most: Density
    longer_than: Duration = 0


class Expectation(Part):
    """One thing that must be true, with a plain sentence and the clause that it comes from."""

    id: str
    say: str = Field(min_length=3)
    must: bool = True
    clause: str = ""
    given: Event | None = None
    within: Within | None = None
    never: Event | None = None
    eventually: Event | None = None
    count: Count | None = None
    before: Before | None = None
    evacuated: Evacuated | None = None
    crowding: Crowding | None = None

    @model_validator(mode="after")
    def _one_verb(self) -> Expectation:
        if len(self.verbs()) != 1:
            raise ValueError(
                "an expectation has exactly one of: within, never, eventually, count, before, "
                f"evacuated, crowding (found {', '.join(self.verbs()) or 'none'})"
            )
        return self

    def verbs(self) -> list[str]:
        """Return the names of the verbs that are set."""
        names = ("within", "never", "eventually", "count", "before", "evacuated", "crowding")
        return [name for name in names if getattr(self, name) is not None]
