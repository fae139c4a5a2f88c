"""`twin egress`: a building and its people, no devices, over many seeds."""

from scenarios.egress.document import PRESETS, Order, egress
from scenarios.egress.text import egress_text

__all__ = ["PRESETS", "Order", "egress", "egress_text"]
