"""Colours, patterns and type for every figure: told apart without colour, and in print.

Colours: Okabe and Ito 2008 (safe for colour-blind readers); densities: cividis, light to dark.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from matplotlib import colormaps, font_manager, ft2font
from matplotlib.colors import to_hex

BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
YELLOW, BLUE, RED, PINK = "#F0E442", "#0072B2", "#D55E00", "#CC79A7"
GREY, PALE, WHITE = "#6b6b6b", "#ececec", "#ffffff"

# entry of the seconds ledger -> fill and pattern
ENTRY_STYLE: dict[str, tuple[str, str]] = {
    "detect": (RED, "///"),
    "decide": (PINK, "xxx"),
    "bus": (BLACK, ""),
    "actuate": (ORANGE, "---"),
    "announce": (YELLOW, ""),
    "premove": (SKY, "\\\\\\"),
    "walk": (GREEN, ""),
    "queue": (BLUE, "|||"),
    "unexplained": (WHITE, "+++"),
}

# people per m2 from which a shade holds, its words and its pattern
DENSITY_FROM = (0.0, 0.5, 1.0, 2.0, 3.0, 4.0)
DENSITY_WORDS = ("under 0.5", "0.5 to 1", "1 to 2", "2 to 3", "3 to 4", "4 and more")
DENSITY_HATCH = ("", "", "", "----", "////", "xxxx")
_SHADES = (0.95, 0.90, 0.78, 0.55, 0.28, 0.0)  # places on the cividis scale
_TINTS = (0.70, 0.40, 0.10, 0.0, 0.0, 0.0)  # share of white mixed in, so that few people look few

_LATIN = "DejaVu Sans"
_HAN = (
    "Noto Sans CJK SC",
    "Noto Sans SC",
    "Source Han Sans SC",
    "Source Han Sans CN",
    "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei",
    "Microsoft YaHei",
    "SimHei",
    "PingFang SC",
    "Hiragino Sans GB",
    "Arial Unicode MS",
)


def density_class(per_m2: float) -> int:
    """Which shade of `DENSITY_FROM` a density has."""
    return sum(per_m2 >= low for low in DENSITY_FROM[1:])


@cache
def density_shades() -> tuple[str, ...]:
    """One colour per density class, light (empty) to dark (crowded)."""
    colours = [colormaps["cividis"](shade)[:3] for shade in _SHADES]
    return tuple(
        to_hex((red + (1 - red) * tint, green + (1 - green) * tint, blue + (1 - blue) * tint))
        for (red, green, blue), tint in zip(colours, _TINTS, strict=True)
    )


@cache
def families() -> tuple[str, ...]:
    """Fonts to draw with: a Latin one that comes along, and a Han one if this machine has it."""
    installed = {entry.name for entry in font_manager.fontManager.ttflist}
    return (_LATIN, *[name for name in _HAN if name in installed][:1])


@cache
def _drawable() -> frozenset[int]:
    paths = (font_manager.findfont(family) for family in families())
    return frozenset(code for path in paths for code in ft2font.FT2Font(path).get_charmap())


def legible(name: str, fallback: str) -> str:
    """The name if every character can be drawn here, else the fallback (an id)."""
    return name if all(ord(letter) in _drawable() for letter in name) else fallback


def settings() -> dict[Any, Any]:
    """Matplotlib settings under which every figure is made and drawn."""
    return {
        "font.family": list(families()),
        "font.size": 8.0,
        "axes.titlesize": 8.5,
        "axes.labelsize": 8.0,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.linewidth": 0.7,
        "hatch.linewidth": 0.5,
        "legend.frameon": False,
        "legend.fontsize": 8.0,
        "svg.fonttype": "none",
        "svg.hashsalt": "campus-twin",
    }
