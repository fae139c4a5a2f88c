"""A second opinion: the same storey and people in JuPedSim, whose models move bodies in a plane.

JuPedSim (LGPL, extra ``jupedsim``) is two-dimensional. So each storey is cut out of the building
with the stairs as its ends, and our own crowd walks the same cut, so that both answer one question.
"""
