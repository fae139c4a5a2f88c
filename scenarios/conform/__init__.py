"""The same tests against an emulated or a real device, by address."""
