"""MCP servers in the window: their page in the settings, and what they ask the person."""
