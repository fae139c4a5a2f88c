"""Smoke, poison and heat: what they do to walking speed and to the body, and where they come from.

``visibility`` slows people, ``toxicity`` and ``heat`` give doses per minute, ``dose`` names the sets
of them, ``doses`` books them for a crowd; ``table`` and ``fds`` read smoke that others computed.
"""
