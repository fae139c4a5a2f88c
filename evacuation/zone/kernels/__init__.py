"""The compiled part of the zone: arrays in, arrays out; it knows numbers, not names."""
