"""The commands of `twin`, a module per kind of work."""
