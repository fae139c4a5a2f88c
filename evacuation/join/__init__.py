"""Crush zones on a floor graph: where they open, who is whose, and what passes between them."""
