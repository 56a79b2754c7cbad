"""The command line: reads its options and starts the window, one answer, or the self-check."""

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop_app import APP_NAME, __version__

_NO_DISPLAY = (
    "There is no display to open a window on. Start it in a desktop session, ask one question "
    "with --ask TEXT, or use a virtual display: xvfb-run interleave"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program and return its exit status."""
    options = _parser().parse_args(arguments)
    if options.version:
        print(f"{APP_NAME} {__version__}")
        return 0
    if options.self_check is not None:
        from desktop_app import self_check

        return self_check.run(Path(options.self_check) if options.self_check else None)

    if options.replay is not None:
        from desktop_app import ask

        return ask.replay(options.replay, options.speed)

    from desktop_app.options import Options

    wanted = Options(
        data_dir=options.data_dir,
        demo=options.demo,
        keep=options.ask is None,
        attended=options.ask is None,
    )
    if options.ask is not None:
        from desktop_app import ask

        return ask.run(options.ask, wanted)
    if not _has_display():
        print(_NO_DISPLAY, file=sys.stderr)
        return 1

    # Next to nothing of what start-up makes is garbage; looking for it takes a tenth of the time.
    gc.disable()
    # First of all, since it makes every later import cheaper.
    import desktop_app.ui  # noqa: F401
    from desktop_app import app

    return app.run(wanted, no_display=_NO_DISPLAY)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="interleave",
        description="An unofficial desktop chat client for MiniMax-M2 and its siblings.",
        epilog=(
            "Environment: OPENAI_BASE_URL with OPENAI_API_KEY is used as a connection for this "
            "run; MINIMAX_API_KEY is a key for the region chosen in the settings, for this run."
        ),
    )
    parser.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help="write everything below DIR instead of the system's own folders",
    )
    parser.add_argument(
        "--demo", action="store_true", help="talk to the built-in demo; needs no key"
    )
    parser.add_argument(
        "--ask",
        metavar="TEXT",
        help="ask one question without a window: thinking to standard error, answer to "
        "standard output",
    )
    parser.add_argument(
        "--replay",
        type=Path,
        metavar="FILE",
        help="play an exported exchange without a window or a network, to the same two outputs",
    )
    parser.add_argument(
        "--speed",
        choices=("1", "10", "step"),
        default="1",
        help="with --replay: as fast as it was, ten times as fast, or one event for each Enter",
    )
    parser.add_argument(
        "--version", action="store_true", help="print the name and the version, and end"
    )
    parser.add_argument(
        "--self-check",
        nargs="?",
        const="",
        metavar="FILE",
        help="load every part that is found at run time, say what is missing (in FILE, where a "
        "program with a window cannot print), and end",
    )
    return parser


def _has_display() -> bool:
    """Whether a window can be opened; Qt would abort the process otherwise."""
    if sys.platform in {"win32", "darwin"} or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


if __name__ == "__main__":
    raise SystemExit(main())
