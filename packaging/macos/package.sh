#!/usr/bin/env bash
# Makes the disk image for macOS from dist/Interleave.app: signed and notarized where it can be.
#
#   SIGN_IDENTITY   a "Developer ID Application: ..." in the keychain; without it the program keeps
#                   PyInstaller's ad-hoc signature, and Gatekeeper has to be told to open it
#   NOTARY_PROFILE  credentials that `notarytool store-credentials` has put away under that name
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
app=$root/dist/Interleave.app
version=$(PYTHONPATH=$root "$root/.venv-package/bin/python" -c 'import desktop_app; print(desktop_app.__version__)')
image=$root/dist/Interleave-$version-macos-$(uname -m).dmg

if [ -n "${SIGN_IDENTITY:-}" ]; then
    # From the inside out: a signature covers those of what it holds.
    find "$app/Contents" -type f \( -name '*.dylib' -o -name '*.so' -o -perm -u+x \) -print0 |
        while IFS= read -r -d '' file; do
            case "$(file -b "$file")" in
            Mach-O*) codesign --force --timestamp --options runtime --sign "$SIGN_IDENTITY" "$file" ;;
            esac
        done
    codesign --force --timestamp --options runtime --sign "$SIGN_IDENTITY" \
        --entitlements "$root/packaging/macos/entitlements.plist" "$app"
    codesign --verify --deep --strict "$app"
else
    echo "interleave: not signed: SIGN_IDENTITY is not set" >&2
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -R "$app" "$folder/"
ln -s /Applications "$folder/Applications"
rm -f "$image"
hdiutil create -volname Interleave -srcfolder "$folder" -format ULFO -fs HFS+ -quiet "$image"

if [ -n "${SIGN_IDENTITY:-}" ]; then
    codesign --timestamp --sign "$SIGN_IDENTITY" "$image"
fi
if [ -n "${NOTARY_PROFILE:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$NOTARY_PROFILE" --wait
    xcrun stapler staple "$image"
    spctl --assess --type open --context context:primary-signature "$image"
else
    echo "interleave: not notarized: NOTARY_PROFILE is not set" >&2
fi
echo "interleave: dist/$(basename "$image")"
