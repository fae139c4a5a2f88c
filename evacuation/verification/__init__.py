"""The public verification tests of evacuation models, as a suite that runs in seconds.

RiMEA 1-16, NIST TN 1822, IMO MSC.1/Circ.1533 and ISO 20414:2020, one case for each test and its
duplicates. Verified is not validated: the cases show that the model does what it declares.
"""

from evacuation.verification.case import Case, Finding, Result
from evacuation.verification.suite import GROUPS, run

__all__ = ["GROUPS", "Case", "Finding", "Result", "run"]
