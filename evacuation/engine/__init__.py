"""The compiled crowd engine: arrays in, arrays out; it knows numbers, not names."""
