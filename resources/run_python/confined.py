"""Runs a file of Python under limits: started by the tool "Run Python", in the interpreter that is to run it.

Not part of the program's own process: it must work with nothing but the standard library of any
Python 3.8 or later. On Linux it takes a network, a list of processes and a view of the files of its
own, where the system lets it. What came of that goes to the pipe whose number it is given.

Arguments: the number of the pipe, seconds of processor time, bytes of memory, and the file.
"""

import ctypes
import os
import resource
import signal
import sys

NEW_MOUNTS = 0x00020000
NEW_USER = 0x10000000
NEW_PROCESSES = 0x20000000
NEW_NETWORK = 0x40000000
BIND_PRIVATELY = 0x4000 | 0x40000  # MS_REC | MS_PRIVATE
DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG

MOST_PROCESSES = 32
MOST_FILES = 256
LARGEST_FILE = 64 * 1024 * 1024

SOCKETS_OF_OTHERS = ("/run", "/tmp/.X11-unix")
"""Where programs listen that reach the network for whoever asks: the session bus, containers."""


def main() -> None:
    """Confine this process as far as the system allows, and become the file."""
    pipe, seconds, memory, file = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if libc is not None:
        # A program that is killed cannot end what it started.
        libc.prctl(DIE_WITH_PARENT, signal.SIGKILL)
    cut = libc is not None and take_namespaces(libc)
    os.write(pipe, b"cut" if cut else b"open")
    os.close(pipe)
    if cut:
        # The first process of a list of processes takes all others with it when it ends. It is not
        # the one that runs the file, since no signal's default reaches it.
        wait_for_child(libc)
        wait_for_child(libc)
    limit(seconds, memory, own_user=cut)
    os.execv(sys.executable, [sys.executable, "-I", "-B", "-X", "utf8", file])


def take_namespaces(libc: ctypes.CDLL) -> bool:
    """Leave the network, the processes and the users of the system; whether that was possible."""
    user, group = os.getuid(), os.getgid()
    if libc.unshare(NEW_USER | NEW_NETWORK | NEW_PROCESSES | NEW_MOUNTS) != 0:
        return False
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        try:
            with open(f"/proc/self/{name}", "w") as stream:
                stream.write(line)
        except OSError:
            pass  # the names of the users are then wrong, and nothing else
    libc.mount(b"none", b"/", None, ctypes.c_ulong(BIND_PRIVATELY), None)
    for place in SOCKETS_OF_OTHERS:
        if not os.getcwd().startswith(place):
            libc.mount(b"none", place.encode(), b"tmpfs", ctypes.c_ulong(0), None)
    return True


def wait_for_child(libc: ctypes.CDLL) -> None:
    """Go on in a child; this process waits for it and ends as it did."""
    child = os.fork()
    if child == 0:
        libc.prctl(DIE_WITH_PARENT, signal.SIGKILL)
        return
    status = -1
    while True:
        try:
            ended, status = os.wait()
        except InterruptedError:
            continue
        if ended == child:
            break
    code = os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)
    os._exit(code)


def limit(seconds: int, memory: int, *, own_user: bool) -> None:
    """Set the limits that the system keeps by itself."""
    limits = [
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_NOFILE, MOST_FILES),
        (resource.RLIMIT_CORE, 0),
    ]
    if own_user:
        # Elsewhere it counts all processes of the person, the window among them.
        limits.append((resource.RLIMIT_NPROC, MOST_PROCESSES))
    for kind, most in limits:
        try:
            _, hard = resource.getrlimit(kind)
            bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(kind, (bound, bound))
        except (OSError, ValueError):
            pass  # macOS refuses some; the clock of the tool holds everywhere


if __name__ == "__main__":
    main()
