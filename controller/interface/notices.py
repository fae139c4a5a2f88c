"""Notices on the wire: who sends and who takes them agree on these words.

On MQTT a notice is the value of a command on `cmd/notice`, its id `RECEIVER.notice#ID` in every
repeat; a person's acknowledgement is the event `receipt`, `ID acknowledged`. Over HTTP it is the
body of a POST with its id in the header `idempotency-key`; `GET URL/ID` tells how it fares.
"""

from __future__ import annotations

NOTICE = ".notice#"
"""Between receiver and id in the id of the MQTT command."""

KEY = "idempotency-key"
"""The header (IETF draft-ietf-httpapi-idempotency-key-header) that holds a notice's id."""

SIGNATURE = "x-campus-signature"
"""The header that holds `sha256=HEX`, for a receiver with which a key was agreed."""

ACKNOWLEDGED = "acknowledged"
"""The word of a receipt, and the `state` in an answer over HTTP."""

TAKEN = "taken"
"""The `state` of a notice that has come and that nobody has seen yet."""

UNPROVED = ("untrusted", "no-tls")
"""Who answers cannot prove that he is the receiver: his certificate does not hold, or has none."""


def command_id(receiver: str, notice: str) -> str:
    """The id of the MQTT command that carries a notice."""
    return f"{receiver}{NOTICE}{notice}"


def receipt(notice: str) -> str:
    """The text of a person's acknowledgement."""
    return f"{notice} {ACKNOWLEDGED}"
