"""Crush and falls on the floor graph: crowding, load, falls, piles, word of them, and doses."""
