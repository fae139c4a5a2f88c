"""Cameras as their makers built them: the same truth in other words, on other topics."""
