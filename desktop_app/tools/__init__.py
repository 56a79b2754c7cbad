"""Built-in tools: one file that declares ``TOOL`` is one tool. Free of Qt, of HTTP and of the SDK.

What they share stands in modules whose names begin with an underscore. A tool touches files through
``_folders`` alone, and the network through the port in :mod:`desktop_app.chat.web_port`.
"""

from functools import cache
from typing import TYPE_CHECKING

from desktop_app.declared import declared_in
from desktop_app.tools._source import BuiltinSource

if TYPE_CHECKING:
    from desktop_app.tools._tool import BuiltinTool

__all__ = ["BuiltinSource", "builtin_tools"]


@cache
def builtin_tools() -> "tuple[BuiltinTool, ...]":
    """Return every tool of this room.

    Raises:
        LookupError: When a file declares none.
    """
    from desktop_app.tools._tool import BuiltinTool

    return declared_in(__name__, __path__, "TOOL", BuiltinTool)
