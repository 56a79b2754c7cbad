"""The painted, virtualised block view that the conversation and the thinking pane share.

Give a `BlockView` entries and deltas; it signals what the person does. It knows no session, no
storage and no wire, fetches nothing and opens nothing.
"""

from desktop_app.ui.transcript.entry import Entry, EntryAction, EntryKind
from desktop_app.ui.transcript.view import BlockView

__all__ = ["BlockView", "Entry", "EntryAction", "EntryKind"]
