"""The declared device kinds, one module per trade."""
