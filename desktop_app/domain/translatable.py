"""Marks a sentence for translation without needing Qt.

``pyside6-lupdate`` finds calls of this name; tables of sentences stay free of Qt, and the window
looks the translation up when it shows one.
"""


def QT_TRANSLATE_NOOP(context: str, text: str) -> str:  # noqa: N802 (the name lupdate looks for)
    """Return ``text`` as it is; ``context`` is the one it is looked up under."""
    del context
    return text
