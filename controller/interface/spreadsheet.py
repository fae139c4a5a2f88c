"""Spreadsheets as tables of text: CSV as spreadsheet programs save it, and XLSX."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from controller.interface.files import BadFile, Problem

Table = Sequence[Sequence[str]]
SUFFIXES = (".csv", ".xlsx")


def read(path: Path) -> list[list[str]]:
    """Every cell as text, row by row; BadFile if the file is missing or is no spreadsheet."""
    try:
        return _read_xlsx(path) if path.suffix.lower() == ".xlsx" else _read_csv(path)
    except FileNotFoundError:
        raise _bad(path, "there is no such file") from None
    except OSError as error:
        raise _bad(path, f"cannot be read: {error.strerror}") from None


def write(path: Path, table: Table) -> None:
    """Write a table; XLSX with its first column frozen and every cell as text."""
    if path.suffix == ".xlsx":
        _write_xlsx(path, table)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(table)


def _read_csv(path: Path) -> list[list[str]]:
    """UTF-8 with or without a mark, or GB 18030, which Chinese spreadsheet programs write."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("gb18030")
        except UnicodeDecodeError:
            raise _bad(path, "this is neither UTF-8 nor GB 18030 text") from None
    head = text.partition("\n")[0]
    comma = max((",", ";", "\t"), key=head.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=comma, strict=True))
    except csv.Error as error:
        raise _bad(path, f"not a valid CSV file: {error}") from None


def _read_xlsx(path: Path) -> list[list[str]]:
    data = io.BytesIO(path.read_bytes())
    try:
        sheet = _openpyxl(path).load_workbook(data, data_only=True).worksheets[0]
    except (zipfile.BadZipFile, KeyError, ValueError):
        raise _bad(path, "not a valid XLSX file") from None
    return [[_text(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]


def _write_xlsx(path: Path, table: Table) -> None:
    openpyxl = _openpyxl(path)
    book = openpyxl.Workbook()
    sheet = book.active
    for row in table:
        sheet.append(row)
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is not None:
                cell.number_format, cell.data_type = "@", "s"
    sheet.freeze_panes = "B1"
    book.save(path)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _openpyxl(path: Path) -> Any:
    try:
        import openpyxl
    except ImportError:
        text = "XLSX needs openpyxl: pip install 'campus-controller[xlsx]', or use CSV"
        raise _bad(path, text) from None
    return openpyxl


def _bad(path: Path, text: str) -> BadFile:
    return BadFile([Problem(str(path), 1, "", text)])
