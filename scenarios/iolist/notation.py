"""Two ways to write a Modbus address: area and offset from 0, or 40001 and its kin.

The second counts from 1 and puts the area in front: 0 coils, 1 discrete inputs, 3 input registers,
4 holding registers; five digits up to 9999, six beyond (Modicon's numbering).
"""

from __future__ import annotations

FIRST = {"coil": "0", "discrete": "1", "input": "3", "holding": "4"}
READ = {"coil": 1, "discrete": 2, "holding": 3, "input": 4}
"""The function that reads an area."""

_FIVE = 9999


def notation(area: str, address: int) -> str:
    """Return `40001` for holding 0; `410000` for holding 9999."""
    number = address + 1
    return f"{FIRST[area]}{number:04d}" if number <= _FIVE else f"{FIRST[area]}{number:05d}"


def parse_notation(text: str) -> tuple[str, int]:
    """Return area and offset of `40001`; ValueError for anything else."""
    areas = {digit: area for area, digit in FIRST.items()}
    digits = text.strip()
    good = digits.isdecimal() and len(digits) in (5, 6) and digits[0] in areas
    if not good or not 1 <= int(digits[1:]) <= 0x10000:
        raise ValueError(f"{text!r} is no register number, as 40001, 30001, 10001 or 00001")
    return areas[digits[0]], int(digits[1:]) - 1
