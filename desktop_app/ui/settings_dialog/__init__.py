"""The settings dialog: pages that loop over the table of settings, and the page of connections."""
