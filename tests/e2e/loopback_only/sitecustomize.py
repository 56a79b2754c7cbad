"""Keeps a program that is started by a test on this machine: no other host can be reached.

Python imports this by its name at start when its folder is on the path. To the program it looks as
if the network were down.
"""

import errno
import ipaddress
import sys


def _refuse(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in {"socket.connect", "socket.sendto"} and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if not _is_here(str(host)):
        raise OSError(errno.ENETUNREACH, "a test keeps this program on its own machine")


def _is_here(host: str) -> bool:
    if host in {"localhost", "None"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


sys.addaudithook(_refuse)
