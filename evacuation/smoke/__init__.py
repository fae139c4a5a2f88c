"""Smoke, poison and heat: what they do to walking speed and to the body.

``visibility`` slows people; ``toxicity`` and ``heat`` give doses per minute, ``dose`` names sets of
them, ``doses`` books them for a crowd; ``tablefile`` and ``fds`` read smoke that others computed,
``source`` whichever of the two it is.
"""
