"""The devices themselves: one small state machine each."""
