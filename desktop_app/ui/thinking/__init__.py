"""The thinking pane: the chain of one turn as a timeline, beside the answer and never inside it."""
