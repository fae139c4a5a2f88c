"""Duties in people.yaml: who goes where when a call comes, and what he does there.

Only the testbed reads them. The controller tells receivers and desks; whether somebody hears it,
comes and acts is for the people to do.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from controller.interface.files import Entry
from controller.interface.spread import Time

THERE = "where"
"""As a duty's place: where the notice says that it happened."""


class DutyEntry(Entry):
    """One duty of `who`, a member of a group.

    `on` is a glob over device and words: what comes up at a duty desk, or `step ID`, `alarm ID` at
    a receiver of notices. He sets off after a lognormal time (median `ready_s`, spread of its
    logarithm `sigma`), goes by way of `via` (a key's place) to `at`, and is done `takes_s` later.
    `answers` and `reports` are what he says at `desk` (left out: where the call came up) when he
    sets off and when he is done; `{source}` stands for the notice's source.
    """

    who: str
    on: str = Field(min_length=3)
    at: str
    via: tuple[str, ...] = ()
    do: Literal["stand", "look", "marshal", "unlock", "lock"] = "stand"
    portal: str = ""
    ready_s: Time = 5.0
    sigma: Annotated[float, Field(ge=0, le=2, allow_inf_nan=False)] = 0.5
    takes_s: Time = 5.0
    desk: str = ""
    answers: str = ""
    reports: str = ""

    @model_validator(mode="after")
    def _has_a_portal(self) -> DutyEntry:
        if (self.do in ("unlock", "lock")) != bool(self.portal):
            raise ValueError("`unlock` and `lock` name a `portal`, nothing else does")
        return self
