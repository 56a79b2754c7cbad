#!/usr/bin/env bash
# Installs the npm packages of package-lock.json, pinned by hash, into .node-mcp-servers in the
# project's root, and runs no script of theirs. Without npm there is nothing to do: the tests that
# want them say so and are skipped. In CI (CI is set) npm must be there.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder="$here/../../.node-mcp-servers"
if ! command -v npm >/dev/null; then
    echo "interleave: npm is not here, so the MCP servers from npm are left out"
    [ -z "${CI:-}" ]
    exit
fi
if cmp -s "$here/package-lock.json" "$folder/package-lock.json" && [ -e "$folder/installed" ]; then
    exit
fi
rm -rf "$folder"
mkdir -p "$folder"
cp "$here/package.json" "$here/package-lock.json" "$folder"
npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
touch "$folder/installed"
echo "interleave: .node-mcp-servers is ready"
