"""Prints whether motion is reduced, at first and after each change, on the bus of the environment.

A process of its own: Qt finds its session bus once and for all.
"""

import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QTimer

from desktop_app.settings.store import SettingsStore
from desktop_app.ui.motion import Motion


def main(changes: int) -> None:
    application = QCoreApplication([])
    with tempfile.TemporaryDirectory() as folder:
        motion = Motion(SettingsStore(Path(folder) / "settings.json"))
        told = [motion.is_reduced]
        print(told[-1], flush=True)

        def tell() -> None:
            told.append(motion.is_reduced)
            print(told[-1], flush=True)
            if len(told) > changes:
                application.quit()

        motion.changed.connect(tell)
        motion.follow_system()
        QTimer.singleShot(30_000, application.quit)
        application.exec()


if __name__ == "__main__":
    main(int(sys.argv[1]))
