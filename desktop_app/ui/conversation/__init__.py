"""The centre of the window: header, transcript, status line and composer of one conversation."""
