"""What every happening of a scenario has: a time, or what it waits for."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, model_validator

from scenarios.events import TWIN_KINDS, Event
from scenarios.quantity import Duration


class Part(BaseModel):
    """A part of a scenario: frozen, unknown keys forbidden."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Timed(Part):
    """When: `at` a time since the start, or `after` a delay once `when` has happened."""

    at: Duration | None = None
    when: Event | None = None
    after: Duration = 0

    @model_validator(mode="after")
    def _one_time(self) -> Timed:
        if (self.at is None) == (self.when is None):
            raise ValueError("say either `at: 10 s` or `when: EVENT` (with `after: 5 s`)")
        if self.when is not None and self.when.kind not in TWIN_KINDS:
            raise ValueError(
                f"`when` watches the twin, not the controller: {self.when.kind!r} is not one of "
                + ", ".join(TWIN_KINDS)
            )
        return self
