#!/usr/bin/env bash
# Installs the system packages that Interleave needs on Debian and Ubuntu, and only the missing ones.
#
#   system_packages.sh GROUP...     groups: venv run test fonts model node package lint chroot
#
# Each row below is a package with the way to see that it is there: a shared library by its soname
# (package names differ between releases, sonames do not), a command, or a file. When nothing is
# missing, apt is not asked at all. On other systems the script says what is needed and goes on:
# the libraries may be there under other names. In CI (CI is set) something missing is an error.
set -euo pipefail

rows_venv() {
    echo "${venv_package} ensurepip"
}

# Libraries that Qt's wheels load and do not carry, found with ldd and by starting the program in
# minimal Debian and Ubuntu systems; the last two groups are for X11 and Wayland windows.
rows_run() {
    cat <<'ROWS'
ca-certificates file:/etc/ssl/certs/ca-certificates.crt
libgl1 lib:libGL.so.1
libegl1 lib:libEGL.so.1
libglib2.0-0 lib:libglib-2.0.so.0
libfontconfig1 lib:libfontconfig.so.1
libdbus-1-3 lib:libdbus-1.so.3
libxkbcommon0 lib:libxkbcommon.so.0
libxcb-cursor0 lib:libxcb-cursor.so.0
libxcb-icccm4 lib:libxcb-icccm.so.4
libxcb-keysyms1 lib:libxcb-keysyms.so.1
libxcb-shape0 lib:libxcb-shape.so.0
libxcb-xkb1 lib:libxcb-xkb.so.1
libxkbcommon-x11-0 lib:libxkbcommon-x11.so.0
libwayland-cursor0 lib:libwayland-cursor.so.0
ROWS
}

# A private X server with a window manager, a private D-Bus session with a real Secret Service, the
# accessibility bus with the client that reads it, and what Qt's tools for translations load.
rows_test() {
    cat <<'ROWS'
libgssapi-krb5-2 lib:libgssapi_krb5.so.2
xvfb command:Xvfb
xauth command:xauth
openbox command:openbox
xdotool command:xdotool
strace command:strace
dbus command:dbus-run-session
gnome-keyring command:gnome-keyring-daemon
at-spi2-core file:/usr/libexec/at-spi-bus-launcher
python3-pyatspi file:/usr/lib/python3/dist-packages/pyatspi/__init__.py
ROWS
}

# Asked for only where no font can show Chinese: people choose their own fonts.
rows_fonts() {
    cat <<'ROWS'
fontconfig chinese
fonts-noto-core chinese
fonts-noto-cjk chinese
fonts-noto-color-emoji chinese
ROWS
}

# The runtime of the small local model links OpenMP.
rows_model() {
    echo "libgomp1 lib:libgomp.so.1"
}

# Some MCP servers that the tests talk to are npm packages.
rows_node() {
    cat <<'ROWS'
nodejs command:node
npm command:npm
ROWS
}

# For building the program: readelf and strip, and Debian's own Python as a library, which its
# programs do without.
rows_package() {
    echo "binutils command:readelf"
    echo "xz-utils command:xz"
    "$python" -c 'import sys
if sys.base_prefix == "/usr":
    print("libpython{0}.{1} lib:libpython{0}.{1}.so.1.0".format(*sys.version_info))'
}

# For looking at packages and scripts as others will.
rows_lint() {
    cat <<'ROWS'
lintian command:lintian
desktop-file-utils command:desktop-file-validate
appstream command:appstreamcli
mandoc command:mandoc
shellcheck command:shellcheck
rpm command:rpm
ROWS
}

# For systems within the system, in which nothing is installed yet.
rows_chroot() {
    cat <<'ROWS'
debootstrap command:debootstrap
xvfb command:Xvfb
openbox command:openbox
xdotool command:xdotool
ROWS
}

libraries=""
has_library() {
    if [ -z "$libraries" ]; then
        libraries=$(PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null || true)
    fi
    case "$libraries" in
    *"$1 "*) return 0 ;;
    *) return 1 ;;
    esac
}

is_there() {
    case "$1" in
    lib:*) has_library "${1#lib:}" ;;
    command:*) command -v "${1#command:}" >/dev/null ;;
    file:*) [ -e "${1#file:}" ] ;;
    ensurepip) "$python" -c 'import ensurepip, venv' 2>/dev/null ;;
    chinese) command -v fc-list >/dev/null && [ -n "$(fc-list :lang=zh family)" ] ;;
    esac
}

missing_packages() {
    local group package check
    libraries=""
    for group in "$@"; do
        while read -r package check; do
            is_there "$check" || echo "$package"
        done < <("rows_$group")
    done
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@"
    fi
}

apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

# Quiet when all goes well; everything that apt said when it does not.
apt_install() {
    local log
    log=$(mktemp)
    if ! apt install --no-install-recommends --yes "$@" >"$log" 2>&1; then
        # The package lists are absent or older than the archive: fetch them and try once more.
        if ! { apt update && apt install --no-install-recommends --yes "$@"; } >"$log" 2>&1; then
            cat "$log" >&2
            rm -f "$log"
            return 1
        fi
    fi
    rm -f "$log"
}

python=${PYTHON:-python3}
venv_package=python3-venv
case "$python" in
/usr/bin/python3 | python3 | /bin/python3) ;;
/usr/bin/python3.*) venv_package="${python##*/}-venv" ;;
esac

groups=("$@")
for group in "${groups[@]}"; do
    case "$group" in
    venv | run | test | fonts | model | node | package | lint | chroot) ;;
    *)
        echo "usage: ${0##*/} [venv] [run] [test] [fonts] [model] [node] [package] [lint] [chroot]" >&2
        exit 2
        ;;
    esac
done

mapfile -t missing < <(missing_packages "${groups[@]}")
if [ "${#missing[@]}" = 0 ]; then
    exit 0
fi

if ! command -v apt-get >/dev/null || ! command -v dpkg >/dev/null; then
    echo "interleave: this system may lack what Debian calls ${missing[*]}." >&2
    echo "interleave: if the program does not start, install them under this system's names." >&2
elif [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "interleave: system packages are missing. As root: apt-get install ${missing[*]}" >&2
else
    echo "interleave: installing system packages: ${missing[*]}"
    if ! apt_install "${missing[@]}"; then
        echo "interleave: apt could not install them. As root: apt-get install ${missing[*]}" >&2
    fi
    mapfile -t missing < <(missing_packages "${groups[@]}")
fi
if [ "${#missing[@]}" != 0 ] && [ -n "${CI:-}" ]; then
    exit 1
fi
