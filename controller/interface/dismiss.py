"""The words by which classes are dismissed."""

DISMISS = "dismiss"
"""The first word of a call, before the classes; what a duty desk reads to start the plan."""

BELL = "bell"
"""What a voice zone plays to let every class in its rooms go; schools ring over their speakers."""
