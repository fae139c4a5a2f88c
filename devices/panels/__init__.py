"""Fire panels of other makes: the same loops behind the register maps of their gateways."""
