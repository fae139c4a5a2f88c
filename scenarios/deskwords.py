"""What somebody at a duty desk can order, and in which words the desk passes it on."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from controller.interface.dismiss import DISMISS
from controller.interface.files import nearest
from controller.interface.operation import ORDER, VERBS

_PLAIN = ("reset", "release", DISMISS)
ORDERS = tuple(dict.fromkeys((*_PLAIN, *VERBS)))


def _known(says: str) -> str:
    """ValueError for an order that nobody can give."""
    if says not in ORDERS:
        hint = nearest(says, ORDERS)
        known = f"did you mean {hint!r}?" if hint else f"known: {', '.join(ORDERS)}"
        raise ValueError(f"nobody can order {says!r}; {known}")
    return says


Says = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": list(ORDERS)})]


def desk_word(says: str, target: str, reason: str = "") -> str:
    """`reset` and `release` of the whole site as they are, all else as an operation.

    With a reason it is a signed request, which the controller answers.
    """
    if reason:
        return f"ask {says} {target} because {reason}"
    return says if says in _PLAIN and not target else f"{ORDER}{says} {target}".rstrip()
