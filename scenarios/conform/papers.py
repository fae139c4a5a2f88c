"""What is handed over: JUnit XML, an HTML page with the measured times, text for a terminal."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from rich.console import Console
from rich.table import Table

from scenarios.conform.verdict import FAIL, SKIP, Latencies

_MARKS = {"pass": "PASS", "fail": "FAIL", "skip": "skip"}


def write_junit(path: Path, document: Mapping[str, Any]) -> None:
    """Write one suite with a case per test."""
    name = f"conform {document['profile']}"
    root = ET.Element("testsuites", name="campus-twin")
    suite = ET.SubElement(
        root,
        "testsuite",
        name=name,
        tests=str(len(document["tests"])),
        failures=str(document["failed"]),
        errors="0",
        skipped=str(document["skipped"]),
    )
    properties = ET.SubElement(suite, "properties")
    ET.SubElement(properties, "property", name="target", value=str(document["target"]))
    for test in document["tests"]:
        title = f"{test['id']}: {test['title']}"
        case = ET.SubElement(suite, "testcase", classname=name, name=title, time="0")
        if test["verdict"] == FAIL:
            ET.SubElement(case, "failure", message=test["detail"], type="fail")
        elif test["verdict"] == SKIP:
            ET.SubElement(case, "skipped", message=test["detail"])
        else:
            ET.SubElement(case, "system-out").text = test["detail"]
    ET.indent(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def text(document: Mapping[str, Any]) -> str:
    """Return the tests as a table, with a line of the sum."""
    grid = Table("test", "", "what was seen", box=None, pad_edge=False)
    for test in document["tests"]:
        style = {"fail": "bold red", "skip": "dim"}.get(test["verdict"], "green")
        grid.add_row(test["id"], f"[{style}]{_MARKS[test['verdict']]}[/]", test["detail"])
    page = io.StringIO()
    console = Console(file=page, width=118)
    console.print(f"{document['target']} as {document['profile']}", highlight=False)
    console.print(grid, highlight=False)
    lines = [line.rstrip() for line in page.getvalue().splitlines()]
    return "\n".join([*lines, _sum(document)])


def _sum(document: Mapping[str, Any]) -> str:
    return (
        f"{document['passed']} passed, {document['failed']} failed, {document['skipped']} skipped"
    )


def write_html(path: Path, document: Mapping[str, Any], latencies: Latencies) -> None:
    """Write a self-contained page: verdicts, and how the measured times are distributed."""
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("scenarios.conform"), autoescape=True)
    page = environment.get_template("conform.html.j2")
    figures = [
        {"what": what, "svg": _figure(ms), **document["latencies"][what]}
        for what, ms in latencies.taken.items()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page.render(d=document, marks=_MARKS, sum=_sum(document), figures=figures))


def _figure(ms: list[float]) -> str:
    """Return the share of answers that came within a time, as SVG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3.6, 1.7), layout="constrained")
    axes = figure.add_subplot()
    ordered = sorted(ms)
    end = max(ordered[-1] * 1.05, 1)
    shares = [100 * number / len(ordered) for number in range(len(ordered) + 1)]
    times = [0, *ordered, end]
    axes.step(times, [*shares, 100], where="post", color="#1f5fa8", linewidth=1.6)
    axes.set_xlim(0, end)
    axes.set_ylim(0, 102)
    axes.set_xlabel("ms", fontsize=8)
    axes.set_ylabel("% within", fontsize=8)
    axes.tick_params(labelsize=7)
    axes.grid(color="#dddddd", linewidth=0.6)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    file = io.StringIO()
    figure.savefig(file, format="svg", metadata={"Date": None})
    return file.getvalue().partition("<svg")[1] + file.getvalue().partition("<svg")[2]
