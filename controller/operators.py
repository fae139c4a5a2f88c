"""operators.yaml: who may ask the controller for what. Never part of the I/O list.

Keys are secrets: on a real site the file is refused where others may read it. It holds keys, not
passphrases.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from controller.interface import files
from controller.interface.files import Entry, Finding, nearest
from controller.interface.operation import VERBS

FILE = "operators.yaml"
_GUARD = (
    "acknowledge", "silence", "resound", "reset", "investigate", "confirm", "dismiss", "evacuate",
    "lockdown", "level", "done", "muster", "arm", "disarm",
)  # fmt: skip
ROLES: Mapping[str, tuple[str, ...]] = {
    "guard": _GUARD,
    "head": (*_GUARD, "all-clear", "drill", "end-drill", "block", "unblock"),
    "engineer": ("acknowledge", "silence", "disable", "enable", "test", "end-test"),
}
"""Roles of a file that defines none: access levels 2 and 3 of EN 54-2 (m), and a head of school."""


class OperatorEntry(Entry):
    """One person; `key` is hex."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
    role: str
    key: Annotated[str, Field(pattern=r"^[0-9a-f]{64,128}$", repr=False)]


class OperatorsFile(Entry):
    """operators.yaml."""

    operators: Literal[1]
    window_s: float = Field(default=30, ge=1, le=300)
    roles: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    people: tuple[OperatorEntry, ...]

    def findings(self) -> Iterator[Finding]:
        """Roles and verbs that there are not, ids and keys that stand twice."""
        roles = self.roles or ROLES
        for role, verbs in self.roles.items():
            for number, verb in enumerate(verbs):
                if verb not in VERBS:
                    text = f"no such verb: {verb!r}; known: {', '.join(VERBS)}"
                    yield Finding(("roles", role, number), text, nearest(verb, VERBS))
        seen: dict[str, str] = {}
        for number, person in enumerate(self.people):
            if person.role not in roles:
                text = f"no such role: {person.role!r}; known: {', '.join(roles)}"
                yield Finding(("people", number, "role"), text, nearest(person.role, roles))
            for name, value in (("id", person.id), ("key", person.key)):
                if value in seen:
                    text = f"this {name} is already that of {seen[value]}"
                    yield Finding(("people", number, name), text)
                seen.setdefault(value, person.id)


@dataclass(frozen=True, slots=True)
class Operator:
    """One person: what his role allows, and the key that he signs with."""

    id: str
    role: str
    verbs: tuple[str, ...]
    key: bytes


@dataclass(frozen=True, slots=True)
class Operators:
    """Who may ask; a request is fresh for `window_ms` on the controller's clock."""

    window_ms: int
    people: Mapping[str, Operator]


def load(path: Path) -> Operators:
    """Read and check operators.yaml; BadFile with every problem."""
    file = files.load(path, OperatorsFile)
    roles = file.roles or ROLES
    people = {
        p.id: Operator(p.id, p.role, tuple(roles[p.role]), bytes.fromhex(p.key))
        for p in file.people
    }
    return Operators(round(file.window_s * 1000), people)
