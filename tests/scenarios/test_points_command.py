"""An I/O list goes out to a sheet and comes back without loss; what is wrong is said by row."""

from __future__ import annotations

import csv

import pytest

from controller.interface.files import BadFile
from controller.interface.points import PointList
from scenarios.catalog import SITES
from scenarios.iolist.exchange import export, take_in
from scenarios.iolist.notation import notation, parse_notation

SHIPPED = sorted(path.parent.name for path in SITES.glob("*/points.yaml"))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("site", SHIPPED)
def test_a_list_comes_back_as_it_went(site, ending, tmp_path):
    sheet, back = tmp_path / f"list.{ending}", tmp_path / "points.yaml"
    export(site, sheet if ending == "csv" else None, sheet if ending == "xlsx" else None)
    take_in(site, sheet, back)
    before, after = (PointList.load(p) for p in (SITES / site / "points.yaml", back))
    assert after == before
    assert list(after.devices) == list(before.devices)


@pytest.mark.parametrize(
    ("area", "address", "text"),
    [
        ("holding", 0, "40001"), ("input", 0, "30001"), ("discrete", 9, "10010"),
        ("coil", 0, "00001"), ("holding", 9998, "49999"), ("holding", 9999, "410000"),
        ("holding", 65535, "465536"),
    ],
)  # fmt: skip
def test_both_notations_say_the_same(area, address, text):
    assert notation(area, address) == text
    assert parse_notation(text) == (area, address)


@pytest.mark.parametrize("text", ["40000", "20001", "4001", "465537", "x", ""])
def test_what_is_no_register_is_refused(text):
    with pytest.raises(ValueError, match="no register number"):
        parse_notation(text)


def test_zeros_in_front_survive_a_spreadsheet(tmp_path):
    from openpyxl import load_workbook

    sheet = tmp_path / "list.xlsx"
    export("device-hall", None, sheet)
    book = load_workbook(sheet)
    header, *lines = book["points"].values
    registers = [line[header.index("register")] for line in lines]
    assert "00002" in registers, "coil 1, as text"
    assert all(isinstance(line[header.index("port")], int | None) for line in lines)
    assert book["columns"].max_row == len(header)


HEAD = "device,kind,point,direction,gateway,profile,host,port,unit,register,at,portal,type,bit\n"
GATEWAY = "doors,door-board,127.0.0.1,15021"


def taken(tmp_path, *lines, head=HEAD):
    sheet = tmp_path / "list.csv"
    sheet.write_text(head + "\n".join(lines) + "\n")
    take_in(str(tmp_path), sheet, tmp_path / "points.yaml")
    return PointList.load(tmp_path / "points.yaml")


def test_an_integrators_own_list_needs_register_numbers_only(tmp_path):
    points = taken(
        tmp_path,
        f"lock-1,door-lock,release,out,{GATEWAY},3,00002,hall,x1,,",
        f"lock-1,door-lock,bolt,in,{GATEWAY},3,10002,hall,x1,,",
        f"lock-1,door-lock,events,in,{GATEWAY},3,30003,hall,x1,u16,",
        f"lock-2,door-lock,release,,{GATEWAY},4,00002,hall,x2,,",
        f"lock-2,door-lock,bolt,,{GATEWAY},4,10002,hall,x2,,",
    )
    assert points.points["lock-2.release"].write, "the kind knows what is an output"
    assert not points.points["lock-2.bolt"].write
    binding = points.points["lock-1.events"].binding
    assert (binding.area, binding.address) == ("input", 2)
    assert points.points["lock-1.release"].write
    assert points.devices["lock-1"].unit == 3


def test_everything_wrong_is_said_at_once_by_row(tmp_path):
    with pytest.raises(BadFile) as caught:
        taken(
            tmp_path,
            f"lock-1,door-lok,release,out,{GATEWAY},1,00002,hall,x1,,",
            f"lock-2,door-lock,bollt,in,{GATEWAY},1,10002,hall,x2,,",
            f"lock-3,door-lock,bolt,in,{GATEWAY},1,20002,hall,x3,,",
            "lock-4,door-lock,bolt,in,doors,gate-board,127.0.0.1,15021,1,10102,hall,x4,,",
            f"lock-5,door-lock,release,sideways,{GATEWAY},1,00042,hall,x5,,",
        )
    found = {(p.line, p.path): (p.message, p.suggestion) for p in caught.value.problems}
    assert found[2, "kind"][1] == "door-lock"
    assert found[3, "point"][1] == "bolt"
    assert "no register number" in found[4, "register"][0]
    assert "'door-board' in row 2" in found[5, "profile"][0]
    assert "neither in nor out" in found[6, "direction"][0]
    assert not (tmp_path / "points.yaml").exists()


def test_notations_that_disagree_are_found(tmp_path):
    head = HEAD.replace("register", "register,area,address")
    with pytest.raises(BadFile, match="40001 is holding 0, not holding 1"):
        taken(tmp_path, f"a,door-lock,mode,in,{GATEWAY},1,40001,holding,1,h,x,,", head=head)


def test_an_unknown_column_names_the_nearest(tmp_path):
    with pytest.raises(BadFile) as caught:
        taken(tmp_path, "", head=HEAD.replace("gateway", "gatway") + "a,b,c,d,e,f,g,1,1,40001,h,x")
    assert ("gatway", "gateway") in [(p.path, p.suggestion) for p in caught.value.problems]


def test_the_old_file_is_kept_and_shipped_sites_are_not_touched(tmp_path):
    line = f"lock-1,door-lock,bolt,in,{GATEWAY},3,10002,hall,x1,,"
    taken(tmp_path, line)
    taken(tmp_path, line.replace("15021", "15022"))
    assert "15021" in (tmp_path / "points.yaml.before").read_text()
    with pytest.raises(ValueError, match="say with --out"):
        take_in("device-hall", tmp_path / "list.csv", None)


def test_semicolons_are_commas_too(tmp_path):
    sheet = tmp_path / "list.csv"
    export("device-hall", sheet, None)
    with sheet.open(newline="", encoding="utf-8-sig") as file:
        lines = list(csv.reader(file))
    with sheet.open("w", newline="") as file:
        csv.writer(file, delimiter=";").writerows(lines)
    take_in("device-hall", sheet, tmp_path / "points.yaml")
    assert PointList.load(tmp_path / "points.yaml").site == "device-hall"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_a_list_of_a_chinese_spreadsheet_program_is_read(tmp_path, encoding):
    sheet = tmp_path / "list.csv"
    row = f"lock-1,door-lock,bolt,in,{GATEWAY},3,10002,hall,x1,,\n"
    sheet.write_bytes((HEAD + row.replace("hall", "大厅")).replace(",", ";").encode(encoding))
    take_in(str(tmp_path), sheet, tmp_path / "points.yaml")
    assert PointList.load(tmp_path / "points.yaml").devices["lock-1"].at == "大厅"
