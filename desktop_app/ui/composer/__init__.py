"""Where a person writes: the message box with "Send" and "Stop"."""
