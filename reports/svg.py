"""A figure as an inline picture of an HTML page: no file, no script, ids of its own."""

from __future__ import annotations

import io
import re
from html import escape

from matplotlib import rc_context
from matplotlib.figure import Figure

from reports.palette import settings

_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def inline(figure: Figure, name: str, say: str) -> str:
    """The `<svg>` element of a figure; `name` prefixes its ids, `say` describes it aloud."""
    buffer = io.StringIO()
    with rc_context(settings()):
        figure.savefig(buffer, format="svg", metadata=_NO_METADATA)
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r'\b(id="|xlink:href="#|url\(#)', rf"\g<1>{name}-", text)
    opening = f'<svg role="img" aria-label="{escape(say, quote=True)}" class="figure"'
    return text.replace("<svg", opening, 1)
