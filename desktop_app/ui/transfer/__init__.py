"""Taking conversations out of the program and bringing them in."""
