"""The vocabulary that everybody may share with the controller: files, points, wire formats, time.

Import the module that owns the noun (`controller.interface.points`, `.modbus`, `.journal` ...).
"""
