"""`twin conform` of a GB/T 28181 device: one in order passes; each planted defect is found."""

from __future__ import annotations

import asyncio

import pytest

from scenarios.conform.conforming import Order, conform
from tests.contract.planted_gb import planted_device
from tests.contract.test_gb28181 import free_port

pytestmark = pytest.mark.wire

DEFECTS = [
    ("no contact", "register"),
    ("wrong digest", "digest"),
    ("SumNum lies", "catalogue"),
    ("listed twice", "catalogue"),
    ("no result", "information"),
    ("does it again", "repeated"),
    ("dies of rubbish", "rubbish"),
    ("priority", "alarm"),
    ("no renewal", "renewal"),
    ("SN stands still", "keepalive"),
    ("goes on", "refused"),
    ("storm", "refused"),
]


@pytest.fixture(scope="module")
def found():
    """Every device at the same time, each at a platform of its own: what came out, by defect."""

    async def one(defect, tests):
        async with planted_device(free_port(), defect) as url:
            return (await conform(Order(url, "gb28181", tests=tests))).outcomes

    async def scene():
        cases = [("", ()), *((defect, (test,)) for defect, test in DEFECTS)]
        outcomes = await asyncio.gather(*(one(*case) for case in cases))
        return {defect: out for (defect, _), out in zip(cases, outcomes, strict=True)}

    return asyncio.run(scene())


def test_a_device_in_order_passes_every_test(found):
    assert [(one.id, one.detail) for one in found[""] if one.verdict != "pass"] == []


@pytest.mark.parametrize(("defect", "test"), DEFECTS)
def test_a_planted_defect_is_found(found, defect, test):
    outcomes = found[defect]
    assert [(one.id, one.verdict) for one in outcomes] == [(test, "fail")], outcomes
