"""One point as written in points.yaml: where it lives on the wire, and how its value is read."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from controller.interface.files import Entry
from controller.interface.loopwords import LOOP_BITS, LOOP_TYPES

Address = Annotated[int, Field(ge=0, le=65535)]
AREAS = ("coil", "discrete", "holding", "input")


class FeedbackEntry(Entry):
    """Which point of the same device shows that a command worked, and by when."""

    point: str
    equals: bool | int | float | str | None = None
    within_ms: int = Field(ge=1)


class PointEntry(Entry):
    """Where a point lives: exactly one of four Modbus areas or a topic."""

    coil: Address | None = None
    discrete: Address | None = None
    holding: Address | None = None
    input: Address | None = None
    topic: str | None = Field(default=None, pattern=r"^(state|event|cmd)/[a-z0-9-]{1,32}$")
    as_: (
        Literal[
            "bool", "u16", "s16", "u32", "number", "text",
            "loop", "loop-gst", "loop-nk", "loop-bit", "loop-metres",
        ]
        | None
    ) = Field(default=None, alias="as")  # fmt: skip
    bit: int | None = Field(default=None, ge=0, le=15)
    words: Literal["big", "little"] = "big"
    scale: float = 1.0
    invert: bool = False
    code: int | None = Field(default=None, ge=1, le=65535)
    write: bool = False
    feedback: FeedbackEntry | None = None
    unit: str = ""

    @model_validator(mode="after")
    def _one_place(self) -> PointEntry:
        given = [a for a in (*AREAS, "topic") if getattr(self, a) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(AREAS)} or topic, not {len(given)}")
        if given[0] in ("coil", "discrete") and self.as_ not in (None, "bool"):
            raise ValueError(f"a {given[0]} is a bool, it cannot be read as {self.as_}")
        if self.scale == 0:
            raise ValueError("scale must not be zero")
        if (self.bit is None) == (self.as_ in LOOP_BITS) and self.as_ in LOOP_TYPES:
            raise ValueError(f"{self.as_} takes {'a' if self.bit is None else 'no'} bit")
        if self.code is not None and self.holding is None:
            raise ValueError("a command code goes into a holding register")
        return self

    @property
    def place(self) -> tuple[str, int]:
        """Area and address; ("topic", 0) on MQTT."""
        for area in AREAS:
            address = getattr(self, area)
            if address is not None:
                return area, int(address)
        return "topic", 0

    def type_for(self, usual: str) -> str:
        """The value type: as stated, else bool for bits, u16 for registers, the kind's on MQTT."""
        if self.as_ is not None:
            return self.as_
        if self.topic is not None:
            return usual
        bits = (
            self.bit is not None or self.code is not None or self.place[0] in ("coil", "discrete")
        )
        return "bool" if bits else "u16"

    @property
    def writes(self) -> bool:
        """Whether the controller writes it: said so, or a `cmd/` topic."""
        return self.write or (self.topic or "").startswith("cmd/")
