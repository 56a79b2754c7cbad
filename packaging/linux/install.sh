#!/bin/sh
# Adds Interleave to this person's menus and commands, or takes it away again. Needs no root.
#
#   ./install.sh              copies this folder to ~/.local/lib/interleave
#   ./install.sh --uninstall  removes it; conversations, settings and keys stay
#
# An earlier version is replaced only once the new one has passed its own check where it will lie.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
program=$HOME/.local/lib/interleave
command=$HOME/.local/bin/interleave
id=io.github.interleave_chat.Interleave
entry=$data/applications/$id.desktop

refresh() {
    # Menus notice by themselves sooner or later; these make it sooner.
    if command -v update-desktop-database >/dev/null; then
        update-desktop-database -q "$data/applications" || true
    fi
    if command -v gtk-update-icon-cache >/dev/null; then
        gtk-update-icon-cache -q -t "$data/icons/hicolor" 2>/dev/null || true
    fi
}

remove_beside() {
    rm -f "$command" "$entry" "$data/man/man1/interleave.1.gz" "$data/metainfo/$id.metainfo.xml"
    rm -f "$data"/icons/hicolor/*/apps/"$id".*
}

case "${1:-}" in
--uninstall)
    remove_beside
    rm -rf "$program"
    refresh
    echo "Interleave is removed. Conversations and settings are still in $data/interleave"
    echo "and ${XDG_CONFIG_HOME:-$HOME/.config}/interleave, keys in the system keyring."
    exit 0
    ;;
"") ;;
*)
    echo "usage: $0 [--uninstall]" >&2
    exit 2
    ;;
esac

mkdir -p "$HOME/.local/lib" "$HOME/.local/bin" "$data/applications"
new=$program.new.$$
trap 'rm -rf "$new"' EXIT
cp -a "$here" "$new"
if ! "$new/interleave" --self-check "$new/self-check.txt"; then
    cat "$new/self-check.txt" >&2
    echo "This version does not run here; nothing was changed." >&2
    exit 1
fi
rm -f "$new/self-check.txt"

if [ -e "$program" ]; then
    rm -rf "$program.old"
    mv "$program" "$program.old"
fi
mv "$new" "$program"
rm -rf "$program.old"

ln -sfn "$program/interleave" "$command"
# A menu may know no ~/.local/bin: it is told the whole path, quoted as the standard has it.
sed "s|^Exec=interleave|Exec=\"$program/interleave\"|" \
    "$program/share/applications/$id.desktop" >"$entry"
(cd "$program/share" && for folder in icons man metainfo; do
    find "$folder" -type f | while read -r file; do
        mkdir -p "$data/$(dirname "$file")"
        cp "$file" "$data/$file"
    done
done)
refresh
echo "Interleave $(cat "$program/VERSION") is in the menu, and as the command $command."
