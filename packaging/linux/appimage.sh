#!/usr/bin/env bash
# Makes the AppImage from dist/Interleave.AppDir. Its tool and its runtime are on GitHub alone, so
# this runs in the release workflow; both are pinned by release and checksum.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
machine=$(uname -m)
tool_release=1.9.1
runtime_release=20251108
case "$machine" in
x86_64)
    tool_sum=ed4ce84f0d9caff66f50bcca6ff6f35aae54ce8135408b3fa33abfc3cb384eb0
    runtime_sum=2fca8b443c92510f1483a883f60061ad09b46b978b2631c807cd873a47ec260d
    ;;
aarch64)
    tool_sum=f0837e7448a0c1e4e650a93bb3e85802546e60654ef287576f46c71c126a9158
    runtime_sum=00cbdfcf917cc6c0ff6d3347d59e0ca1f7f45a6df1a428a0d6d8a78664d87444
    ;;
*)
    echo "interleave: no AppImage for $machine" >&2
    exit 1
    ;;
esac

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# fetch URL SUM FILE
fetch() {
    curl --fail --location --silent --show-error --retry 3 --proto '=https' --output "$3" "$1"
    echo "$2  $3" | sha256sum --check --quiet
}
base=https://github.com/AppImage
fetch "$base/appimagetool/releases/download/$tool_release/appimagetool-$machine.AppImage" \
    "$tool_sum" "$work/appimagetool"
fetch "$base/type2-runtime/releases/download/$runtime_release/runtime-$machine" \
    "$runtime_sum" "$work/runtime"
chmod +x "$work/appimagetool"

version=$(PYTHONPATH=$root "$root/.venv-package/bin/python" -c 'import desktop_app; print(desktop_app.__version__)')
cd "$root/dist"
ARCH=$machine APPIMAGE_EXTRACT_AND_RUN=1 "$work/appimagetool" --no-appstream \
    --runtime-file "$work/runtime" \
    Interleave.AppDir "Interleave-$version-$machine.AppImage"
APPIMAGE_EXTRACT_AND_RUN=1 QT_QPA_PLATFORM=offscreen "./Interleave-$version-$machine.AppImage" --self-check
