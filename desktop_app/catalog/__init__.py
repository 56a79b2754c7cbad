"""Rows of facts: regions, models, prices. Data, not code."""
