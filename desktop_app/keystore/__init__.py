"""Keys in the keyring of the operating system, never in a file."""
