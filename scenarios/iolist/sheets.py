"""Rows as a file: CSV (UTF-8, for anything) or XLSX (for people)."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from controller.interface import spreadsheet
from controller.interface.files import BadFile, Problem
from scenarios.iolist.rows import COLUMNS, Row

NUMBERS = ("port", "unit", "address", "function", "bit", "scale", "feedback_within_ms",
           "poll_ms", "timeout_ms", "retries", "mqtt_port")  # fmt: skip


def write_csv(path: Path, rows: Iterable[Row]) -> None:
    """Write rows; a byte order mark lets spreadsheets see that it is UTF-8."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)


def write_xlsx(path: Path, rows: Iterable[Row]) -> None:
    """Write rows with a header that stays, filters, and a second sheet that explains columns."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    sheet.title = "points"
    widths = {column: len(column) for column in COLUMNS}
    sheet.append(list(COLUMNS))
    for row in rows:
        sheet.append([_cell(column, row[column]) for column in COLUMNS])
        for column in COLUMNS:
            widths[column] = max(widths[column], len(row[column]))
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for number, column in enumerate(COLUMNS, 1):
        sheet.column_dimensions[get_column_letter(number)].width = min(widths[column], 40) + 2
    sheet.freeze_panes = "D2"
    sheet.auto_filter.ref = sheet.dimensions
    legend = book.create_sheet("columns")
    for column, text in COLUMNS.items():
        legend.append([column, text])
    legend.column_dimensions["A"].width, legend.column_dimensions["B"].width = 22, 80
    book.save(path)


def _cell(column: str, text: str) -> Any:
    """Numbers as numbers, everything else as text: 00001 keeps its zeros."""
    if not text:
        return None
    if column in NUMBERS:
        return float(text) if column == "scale" else int(text)
    return text


def read_rows(path: Path) -> list[tuple[int, Row]]:
    """Return (row number as a spreadsheet shows it, row); BadFile if it cannot be read at all.

    Empty rows are left out. The header is row 1.
    """
    table = spreadsheet.read(path)
    if not table:
        raise BadFile([Problem(str(path), 1, "", "the sheet is empty")])
    header = [name.strip() for name in table[0]]
    found = []
    for number, cells in enumerate(table[1:], 2):
        row = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
        if any(row.values()):
            found.append((number, row))
    return found
