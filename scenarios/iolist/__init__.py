"""The I/O list as integrators know it: a sheet with a row per point, out and in again."""
