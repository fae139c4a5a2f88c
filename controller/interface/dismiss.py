"""The word by which classes are dismissed."""

DISMISS = "dismiss"
"""The first word of a call, before the classes; what a duty desk reads to start the plan."""
