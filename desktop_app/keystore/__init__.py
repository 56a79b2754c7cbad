"""Keys in the keyring of the operating system, never in a file.

Every call to the keyring happens in a daemon thread: a prompt of the keyring blocks its caller for
as long as it is open. Nothing here writes a key to a log, an exception text or the disk.
"""
