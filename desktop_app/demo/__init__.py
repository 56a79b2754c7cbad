"""The built-in demo endpoint: MiniMax's chat API on loopback, without a model behind it.

It serves people who have no key yet (``interleave --demo``) and every test of the program, which
script its answers and its faults. It is a real HTTP server on a real socket, so what is proved
against it is proved for the network too.

It must not know the program that talks to it: no Qt, no SDK, no HTTP client, only the standard
library and h11. It listens on 127.0.0.1 and nowhere else.
"""
