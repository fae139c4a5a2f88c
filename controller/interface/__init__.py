"""The vocabulary that everybody may share with the controller."""
