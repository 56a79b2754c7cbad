"""Says that a newer version is out, with the way to its page; nothing is fetched or installed."""

from PySide6.QtCore import QCoreApplication

from desktop_app.chat.update_check import UpdateCheck
from desktop_app.ui.banner import Banners
from desktop_app.ui.external_links import open_external

_KEY = "update"


async def tell_of_update(check: UpdateCheck, banners: Banners) -> None:
    """Show a notice in ``banners`` when ``check`` finds a newer version."""
    found = await check.look()
    if found is None:
        return
    text = QCoreApplication.translate("Notices", "Version {version} is out.")
    banners.show_notice(
        _KEY,
        text.replace("{version}", found.version),
        QCoreApplication.translate("Notices", "Show it in the browser"),
        lambda: open_external(found.page, banners, ask=False),
    )
