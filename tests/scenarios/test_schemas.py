"""The JSON Schemas say what the shipped files look like."""

import json

import pytest

from controller.interface.files import load, read
from scenarios.catalog import CATALOGUE, SITES
from scenarios.schemas import MODELS, schema

FILES = [
    *((kind, path) for kind in MODELS for path in sorted(SITES.glob(f"*/{kind}.yaml"))),
    *(("scenario", path) for path in sorted(CATALOGUE.glob("*.yaml"))),
]


def problems(kind, document):
    """What an independent validator says; the model itself where none is installed."""
    try:
        import jsonschema_rs
    except ImportError:
        MODELS[kind].model_validate(document)
        return []
    return [
        error.message for error in jsonschema_rs.validator_for(schema(kind)).iter_errors(document)
    ]


@pytest.mark.parametrize(("kind", "path"), FILES, ids=lambda item: getattr(item, "stem", item))
def test_every_shipped_file_fits_its_schema(kind, path):
    assert problems(kind, json.loads(json.dumps(read(path)))) == []
    load(path, MODELS[kind])


@pytest.mark.parametrize("kind", MODELS)
def test_a_schema_refuses_a_key_that_it_does_not_know(kind):
    found = schema(kind)
    assert found["additionalProperties"] is False
    assert found["$schema"].endswith("2020-12/schema")
    assert kind in found["required"]


def test_quantities_are_described_as_they_are_written():
    give_up = schema("scenario")["properties"]["give_up"]
    assert give_up["type"] == "string"
    assert give_up["examples"] == ["10 s"]


def test_another_name_is_refused_with_the_nearest():
    with pytest.raises(ValueError, match=r"did you mean 'points'\?"):
        schema("point")
