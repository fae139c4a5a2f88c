"""Indoor Mapping Data Format (IMDF, OGC 20-094) read into floor graphs.

An IMDF venue is GeoJSON in WGS 84: buildings with levels, levels with units (rooms, walkways,
stairs, lifts) and openings (doors). It has no heights and need not mark exits. Needs shapely on
use only.
"""
