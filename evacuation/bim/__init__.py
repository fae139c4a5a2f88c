"""Building models (IFC) into floor graphs; needs the extra `bim`."""
