"""The device hall with planted canary names wherever its files name somebody, and the search."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from controller.interface.cards import FILE, pseudonym
from scenarios.catalog import SITES

KEY = bytes(range(32))
NUMBER, PLATE = "0004711", "CANARY-B-88123"
OPERATOR, OPERATOR_KEY = "wang-canary", "ab" * 32
PEOPLE = """
  - {id: anna-canary, kind: staff, name: "Anna Canary", profile: adult, count: 1, pre_movement: trained, at: {open: plant}}
  - {id: li-canary, kind: visitors, name: "Li Canary (canteen supplier)", profile: adult, count: 1, pre_movement: trained, at: {open: hall}}
  - {id: night, kind: staff, name: "Guard", profile: adult, count: 1, pre_movement: trained, at: guard}
"""  # noqa: E501
CARDS = f"""
  cards:
    - {{card: {pseudonym(KEY, NUMBER)}, member: fitters.p01}}
    - {{card: {pseudonym(KEY, PLATE)}, member: guards.p01}}
"""
NAMED = (
    "Anna Canary", "ANNA CANARY", "anna-canary", "Anna-Canary.p01", "li-canary.p01",
    "Li Canary (canteen supplier)", OPERATOR, "Wang-Canary", "fitters.p02", NUMBER, PLATE,
    PLATE.lower(), "visitors.p40",
)  # fmt: skip
"""Operators, staff, visitors, members, the number of a card, the plate of a car that is a card."""


def plant(folder: Path) -> Path:
    """The site's folder."""
    shutil.copytree(SITES / "device-hall", folder)
    (folder / FILE).write_text(KEY.hex())
    people, plan = folder / "people.yaml", folder / "plan.yaml"
    people.write_text(people.read_text().replace("\n\n# Who goes", PEOPLE + "\n# Who goes"))
    plan.write_text(plan.read_text().replace("\n\n# At night", CARDS + "\n# At night"))
    operators = folder / "operators.yaml"
    who = f'{{id: {OPERATOR}, role: head, key: "{OPERATOR_KEY}"}}'
    operators.write_text(f"operators: 1\npeople: [{who}]\n")
    operators.chmod(0o600)
    return folder


def leaks(said: Mapping[str, bytes], names: Iterable[str]) -> list[tuple[str, str]]:
    """(where, name) of every name that stands somewhere, as UTF-8 or escaped as JSON does."""
    forms = {name: (name.encode(), json.dumps(name)[1:-1].encode()) for name in names}
    return [
        (where, name)
        for where, text in said.items()
        for name, written in forms.items()
        if any(form.lower() in text.lower() for form in written)
    ]
