"""The results of the suite, measured once for all tests that look at them."""

from functools import cache

from evacuation.verification import Case, Result
from evacuation.verification.suite import CASES


def named(case_id: str) -> Case:
    return next(one for one in CASES if one.id == case_id)


@cache
def outcome(case_id: str) -> Result:
    return named(case_id).run()
