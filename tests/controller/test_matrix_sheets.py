"""The matrix as a spreadsheet: nothing lost either way, and mistakes named by their cell."""

from __future__ import annotations

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller import matrix, matrixsheet
from controller.interface import spreadsheet
from controller.interface.files import BadFile, matrix_path
from controller.matrixfile import MatrixFile, as_yaml
from scenarios.catalog import SITES, site_names
from tests.controller.conftest import MATRIX

FORMS = (".csv", ".xlsx", ".yaml")


def written(folder, name, file):
    path = folder / name
    if path.suffix == ".yaml":
        path.write_text(as_yaml(file), "utf-8")
    else:
        spreadsheet.write(path, matrixsheet.rows(file))
    return path


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("site", site_names())
def test_a_sites_matrix_is_the_same_in_every_form(tmp_path, site, form):
    file = matrix.read(SITES / site / "matrix.yaml")
    assert matrix.read(written(tmp_path, f"m{form}", file)) == file


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_the_same_program(tmp_path, folder, points, rules, form):
    path = written(tmp_path, f"other{form}", matrix.read(folder / "matrix.yaml"))
    assert matrix.load(path, points) == rules
    assert [r.id for r in matrix.load(path, points).rules] == [r.id for r in rules.rules]


plain = st.one_of(
    st.booleans(),
    st.integers(-(10**6), 10**6),
    st.floats(-1e6, 1e6, allow_nan=False),
    st.sampled_from(["true", "1", "1.5", "null", "", "evacuate", '"', "#1", "=1+1", "-", "疏散"]),
)


@given(value=plain, rest=st.none() | plain, note=st.sampled_from(["", "a, b; c", '4.8 "voice"']))
def test_values_keep_their_type_in_a_cell(tmp_path_factory, value, rest, note):
    file = MatrixFile.model_validate(
        {
            "matrix": 1,
            "causes": [{"id": "c", "say": "C", "when": "point", "point": "p.q", "equals": value}],
            "effects": [{"id": "e", "say": "1", "outputs": ["a", "b*"], "value": value,
                         "rest": rest}],
            "rows": {"c": {"e": "D3L"} | ({"note": note} if note else {})},
        }
    )  # fmt: skip
    folder = tmp_path_factory.mktemp("sheet")
    for form in FORMS:
        back = matrix.read(written(folder, f"m{form}", file))
        assert back == file
        assert type(back.effects[0].value) is type(value)


def test_a_mistake_is_named_by_its_cell(tmp_path, folder, points):
    path = written(tmp_path, "m.csv", matrix.read(folder / "matrix.yaml"))
    lines = path.read_text("utf-8-sig").splitlines()
    number = next(n for n, line in enumerate(lines, 1) if line.startswith("fire-a,"))
    text = path.read_text("utf-8-sig").replace("D3L", "D3Q").replace("snd-*.on", "sd-*.on")
    path.write_text(text, "utf-8")
    said = [str(problem) for problem in matrix.check(path, points)]
    assert any(f"m.csv:{number}: U{number} (rows.fire-a.voice): 'D3Q' is no" in s for s in said)
    assert any("'sd-*.on' names no output (did you mean 'snd-1.on'?)" in s for s in said)


def test_an_unknown_column_and_a_bad_number_are_named(tmp_path, folder, points):
    path = written(tmp_path, "m.csv", matrix.read(folder / "matrix.yaml"))
    text = path.read_text("utf-8-sig").replace(",for_s,", ",fors,").replace(",10.0,", ",ten,")
    path.write_text(text, "utf-8")
    said = " ".join(str(problem) for problem in matrix.check(path, points))
    assert "unknown key 'fors' (did you mean 'for_s'?)" in said
    assert "(here: 'ten')" in said


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("code", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_as_spreadsheet_programs_save_it(tmp_path, points, mark, code):
    text = MATRIX.replace('say: "Doors"', 'say: "疏散门"')
    (tmp_path / "m.yaml").write_text(text, "utf-8")
    file = matrix.read(tmp_path / "m.yaml")
    table = matrixsheet.rows(file)
    quoted = [mark.join('"' + cell.replace('"', '""') + '"' for cell in row) for row in table]
    (tmp_path / "m.csv").write_bytes("\r\n".join(quoted).encode(code))
    assert matrix.read(tmp_path / "m.csv") == file


def test_cells_that_a_spreadsheet_program_has_typed(tmp_path, folder):
    file = matrix.read(folder / "matrix.yaml")
    path = written(tmp_path, "m.xlsx", file)
    book = openpyxl.load_workbook(path)
    for row in book.active.iter_rows():
        for cell in row:
            if cell.value in ("true", "false"):
                cell.value = cell.value == "true"
            elif cell.value and str(cell.value).replace(".", "", 1).isdecimal():
                cell.value = float(cell.value)
    book.save(path)
    assert matrix.read(path) == file


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("m.xlsx", b"PK\x03\x04 cut off", "not a valid XLSX file"),
        ("m.csv", b'matrix,1\n"open', "not a valid CSV file"),
        ("m.csv", b"\xff\xfe\xff", "this is neither UTF-8 nor GB 18030 text"),
        ("m.csv", b"", "'matrix' is missing"),
    ],
)
def test_what_is_no_spreadsheet_is_one_sentence(tmp_path, points, name, data, said):
    (tmp_path / name).write_bytes(data)
    assert any(said in str(problem) for problem in matrix.check(tmp_path / name, points))


def test_two_forms_of_one_matrix_are_refused(folder):
    written(folder, "matrix.csv", matrix.read(folder / "matrix.yaml"))
    with pytest.raises(BadFile, match=r"matrix\.yaml and matrix\.csv both stand here"):
        matrix_path(folder)
