"""The language of the window: English as written in the code, others from `resources/i18n`.

Switching works while the program runs: Qt sends LanguageChange to every widget, and each says its
words again. Sentences with placeholders are translated first and filled afterwards.
"""

import logging
from typing import Final

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from desktop_app.paths import resource

_log = logging.getLogger(__name__)

SYSTEM: Final = "system"
ENGLISH: Final = "en"
SIMPLIFIED_CHINESE: Final = "zh_CN"

_LOCALES: Final = {
    ENGLISH: QLocale(QLocale.Language.English),
    SIMPLIFIED_CHINESE: QLocale(SIMPLIFIED_CHINESE),
}
_OWN: Final = "interleave-translator"


def install_language(app: QCoreApplication, code: str) -> str:
    """Let the window speak the language of the setting, from now on.

    Dates and numbers follow too: `QLocale()` is that of the language when one is chosen, and the
    system's own when the system is followed.

    Args:
        app: The application; it owns the translators.
        code: `system`, `en` or `zh_CN`.

    Returns:
        The language that is spoken now, `en` or `zh_CN`.
    """
    language = system_language() if code == SYSTEM else code
    QLocale.setDefault(QLocale.system() if code == SYSTEM else _LOCALES[language])
    for translator in app.findChildren(QTranslator, _OWN):
        app.removeTranslator(translator)
        translator.deleteLater()
    if language == ENGLISH:
        return language
    # Qt's own first: of two translators the younger one is asked first.
    for name, folder in (
        (f"qtbase_{language}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)),
        (language, str(resource("i18n"))),
    ):
        translator = QTranslator(app)
        translator.setObjectName(_OWN)
        if translator.load(name, folder):
            app.installTranslator(translator)
        else:
            translator.deleteLater()
            _log.warning("The translation %s is missing in %s", name, folder)
    return language


def system_language(wanted: list[str] | None = None) -> str:
    """Return the first language of the person's list that there is a translation for.

    Traditional Chinese does not count as Simplified: the next language of the list is asked.

    Args:
        wanted: Names of languages as Qt gives them, `zh-Hans-CN`; `None` asks the system.
    """
    for name in QLocale.system().uiLanguages() if wanted is None else wanted:
        locale = QLocale(name)
        for code, known in _LOCALES.items():
            if (locale.language(), locale.script()) == (known.language(), known.script()):
                return code
    return ENGLISH
