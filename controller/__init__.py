"""The campus safety controller: the program that also runs on real hardware."""
