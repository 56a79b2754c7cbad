"""A server that wants a sign-in: its own authorization server beside an MCP endpoint, on loopback."""

import base64
import hashlib
import json
import threading
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.servers.mcp_behaviour import Behaviour, options


class OAuthServer:
    """Attributes.

    Attributes:
        registrations: How many clients registered.
        grants: The grant types that were asked for.
        page: Where people sign in, when it is not this server.
        refuses: Whether signing in is refused.
    """

    def __init__(self) -> None:
        self.registrations = 0
        self.grants: list[str] = []
        self.page, self.refuses, self.token = "", False, "token-1"
        self.challenges: dict[str, str] = {}
        owner = self

        class Handler(_Handler):
            ours = owner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def sign_in(self, url: str, state: str | None = None) -> int:
        """Do what a person in a browser does at ``url``; the status that the program answered."""
        query = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        assert query["code_challenge_method"] == "S256"
        self.challenges["code-1"] = query["code_challenge"]
        answer = {"state": state or query["state"]}
        answer |= {"error": "access_denied"} if self.refuses else {"code": "code-1"}
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"{query['redirect_uri']}?{urlencode(answer)}", timeout=10) as done:
                return int(done.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Handler(BaseHTTPRequestHandler):
    ours: OAuthServer
    protocol_version = "HTTP/1.1"

    def log_message(self, *_arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        origin = self.ours.origin
        if self.path.startswith("/.well-known/oauth-protected-resource"):
            self._json(200, {"resource": f"{origin}/mcp", "authorization_servers": [origin]})
        elif self.path.startswith("/.well-known/oauth-authorization-server"):
            self._json(
                200,
                {
                    "issuer": origin,
                    "authorization_endpoint": self.ours.page or f"{origin}/authorize",
                    "token_endpoint": f"{origin}/token",
                    "registration_endpoint": f"{origin}/register",
                    "response_types_supported": ["code"],
                    "code_challenge_methods_supported": ["S256"],
                },
            )
        else:
            self._json(405 if self.path == "/mcp" else 404, {})

    def do_DELETE(self) -> None:
        self._json(204, None)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/register":
            self.ours.registrations += 1
            self._json(201, {**json.loads(body), "client_id": "client-1"})
        elif self.path == "/token":
            self._token({key: values[0] for key, values in parse_qs(body.decode()).items()})
        elif self.headers.get("Authorization") != f"Bearer {self.ours.token}":
            where = f"{self.ours.origin}/.well-known/oauth-protected-resource"
            self._json(401, {}, {"WWW-Authenticate": f'Bearer resource_metadata="{where}"'})
        else:
            message = json.loads(body)
            kept: list[Any] = []
            Behaviour(options([]), kept.append).answer(message) if "id" in message else None
            self._json(200 if kept else 202, kept[0] if kept else None)

    def _token(self, form: dict[str, str]) -> None:
        self.ours.grants.append(form["grant_type"])
        if form["grant_type"] == "authorization_code":
            digest = hashlib.sha256(form["code_verifier"].encode()).digest()
            challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
            if self.ours.challenges.get(form["code"]) != challenge:
                self._json(400, {"error": "invalid_grant"})
                return
        answer = {"access_token": self.ours.token, "token_type": "Bearer", "expires_in": 3600}
        self._json(200, {**answer, "refresh_token": "refresh-1"})

    def _json(self, status: int, content: Any, headers: dict[str, str] | None = None) -> None:
        body = b"" if content is None else json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
