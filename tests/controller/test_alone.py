"""The controller deploys alone: it brings nothing of the simulator and no numerics."""

from __future__ import annotations

import subprocess
import sys

CHECK = """
import sys
import controller.__main__
ours = ("scenarios", "reports", "twin", "devices", "evacuation")
others = ("numpy", "numba", "simpy", "pymodbus", "networkx", "fastapi", "amqtt", "typer")
print([name for name in (*ours, *others) if name in sys.modules])
"""


def test_the_product_imports_only_itself_and_its_three_libraries():
    words = [sys.executable, "-c", CHECK]
    found = subprocess.run(words, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
