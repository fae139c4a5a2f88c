"""`twin stagger`: release times that keep stairs under a density with the least added time."""

from scenarios.stagger.planner import Order, stagger
from scenarios.stagger.text import stagger_text

__all__ = ["Order", "stagger", "stagger_text"]
