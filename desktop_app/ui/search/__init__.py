"""Search over all conversations: the hits below the field, what is searched, and the way to a place."""
