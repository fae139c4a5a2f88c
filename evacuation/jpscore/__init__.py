"""Geometry of JuPedSim's former core (jpscore XML) read into floor graphs.

A jpscore building is a floor graph already: rooms of subrooms, joined by crossings inside a room
and by transitions between rooms and to the outside; a slope is a plane ``z = A x + B y + C``.
Format: JuPedSim documentation, "Geometry" and "Inifile" of jpscore 0.8. Needs shapely on use only.
"""
