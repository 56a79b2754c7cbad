"""Questions whether a tool may be called: shown in the conversation, answered by the person."""
