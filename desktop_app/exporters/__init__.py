"""Formats to export to: one file that declares ``FORMAT`` is one format. Free of Qt.

What they share stands in modules whose names begin with an underscore.
"""
