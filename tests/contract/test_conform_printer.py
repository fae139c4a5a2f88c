"""`twin conform` of a panel's printer: one in order passes; each planted defect is found."""

from __future__ import annotations

import asyncio

import pytest

from scenarios.conform.conforming import Order, conform
from scenarios.conform.verdict import Limits
from tests.contract.planted_printer import planted_printer

pytestmark = pytest.mark.wire

DEFECTS = [
    ("UTF-8", "framing"),
    ("stray bytes", "framing"),
    ("column shifted", "columns"),
    ("first twice", "order"),
    ("clock off", "clock"),
    ("pauses", "pacing"),
    ("one client only", "clients"),
    ("cuts off who speaks", "clients"),
    ("turns others away", "connect"),
    ("turns others away", "reconnect"),
]


@pytest.fixture(scope="module")
def found():
    """Every printer at the same time: what came out, by defect and test."""

    async def one(defect, tests):
        async with planted_printer(defect) as url:
            return (await conform(Order(url, "gst-printer", tests=tests))).outcomes

    async def scene():
        cases = [("", ()), *((defect, (test,)) for defect, test in DEFECTS)]
        outcomes = await asyncio.gather(*(one(*case) for case in cases))
        return dict(zip(cases, outcomes, strict=True))

    return asyncio.run(scene())


def test_a_printer_in_order_passes_every_test(found):
    assert [(one.id, one.verdict) for one in found["", ()] if one.verdict != "pass"] == []


@pytest.mark.parametrize(("defect", "test"), DEFECTS)
def test_a_planted_defect_is_found(found, defect, test):
    outcomes = found[defect, (test,)]
    assert [(one.id, one.verdict) for one in outcomes] == [(test, "fail")], outcomes


def test_a_cause_that_cannot_be_given_is_bad_input():
    async def scene():
        async with planted_printer() as url:
            await conform(Order(url, "gst-printer", limits=Limits(provoke="exit 4")))

    with pytest.raises(ValueError, match="`--provoke`: `exit 4` ended with code 4"):
        asyncio.run(scene())
