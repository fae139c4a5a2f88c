"""`twin schema`: the JSON Schema of each kind of file, made from the model that reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from controller.interface.files import nearest
from controller.interface.people import PeopleFile
from controller.interface.points import PointsFile
from controller.interface.release import ReleaseFile
from controller.matrixfile import MatrixFile
from controller.plan.planfile import PlanFile
from scenarios.events import parse_pattern
from scenarios.quantity import (
    density_per_m2,
    duration_ms,
    extinction_per_m,
    flow_per_s,
    illuminance_lx,
    length_m,
    power_kw,
)
from scenarios.schema import Scenario
from twin.floorfile import FloorFile

MODELS: Mapping[str, type[BaseModel]] = {
    "floor": FloorFile,
    "people": PeopleFile,
    "points": PointsFile,
    "matrix": MatrixFile,
    "plan": PlanFile,
    "scenario": Scenario,
    "release": ReleaseFile,
}
_NUMBER = r"^\s*[0-9]+(\.[0-9]+)?\s*"
_WRITTEN: Mapping[Callable[..., Any], tuple[str, str, str]] = {
    duration_ms: (_NUMBER + r"(ms|s|min|h)\s*$", "10 s", "A duration: number and unit."),
    power_kw: (_NUMBER + r"(kW|MW)\s*$", "800 kW", "A heat release rate: number and unit."),
    density_per_m2: (_NUMBER + r"\S+\s*$", "3.5 /m2", "People per square metre."),
    extinction_per_m: (_NUMBER + r"\S+\s*$", "0.5 /m", "Light extinction of smoke per metre."),
    illuminance_lx: (_NUMBER + r"lx\s*$", "1 lx", "An illuminance: number and unit."),
    flow_per_s: (_NUMBER + r"\S+\s*$", "0.5 /s", "People per second."),
    length_m: (_NUMBER + r"c?m\s*$", "1.2 m", "A length: number and unit."),
    parse_pattern: (r"^\s*\S+(\s+\S+){0,2}\s*$", "sense sd-* alarm", "kind [entity [state]]"),
}
"""What a person writes where the model holds a number or a pattern: form, example, meaning."""


class _AsWritten(GenerateJsonSchema):
    """Describes the text in the file, not the value that the model makes of it."""

    def function_before_schema(
        self, schema: core_schema.BeforeValidatorFunctionSchema
    ) -> JsonSchemaValue:
        """A quantity or an event is a string of a certain form."""
        written = _WRITTEN.get(schema["function"]["function"])
        if written is None:
            return super().function_before_schema(schema)
        pattern, example, meaning = written
        return {"type": "string", "pattern": pattern, "examples": [example], "description": meaning}


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a kind of file; ValueError for another name.

    It says what a single file must look like. What leads from one file to another, `twin check`
    knows.
    """
    if name not in MODELS:
        hint = nearest(name, MODELS)
        tail = f"; did you mean {hint!r}?" if hint else ""
        raise ValueError(f"no kind of file {name!r}: known are {', '.join(MODELS)}{tail}")
    body = MODELS[name].model_json_schema(by_alias=True, schema_generator=_AsWritten)
    return {"$schema": GenerateJsonSchema.schema_dialect, **body}
