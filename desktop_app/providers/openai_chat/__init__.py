"""Servers that speak the OpenAI chat format: MiniMax, and endpoints people run themselves."""
