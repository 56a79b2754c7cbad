#!/usr/bin/env bash
# Proves on a system with nothing on it (debootstrap, minbase) what the README promises. Needs root.
#
#   bare_system.sh deb FILE     installs a package, chats in its window, removes it without a trace
#   bare_system.sh fresh [ARG]  clones the last commit, runs `make test ARGS=ARG`, opens `make run`
#
# SUITE names the release of Debian ("stable"). BASE names a folder that keeps the bare system
# between runs; without it every run makes its own. The screen is this machine's Xvfb, so that the
# bare system gets no library by way of one.
set -euo pipefail

usage() {
    sed -n '2,6s/^# \{0,1\}//p' "$0" >&2
    exit 2
}
[ $# -ge 1 ] || usage
what=$1
case "$what" in
deb) [ $# -eq 2 ] || usage ;;
fresh) ;;
*) usage ;;
esac
[ "$(id -u)" = 0 ] || {
    echo "interleave: this needs root, for chroot" >&2
    exit 1
}

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
suite=${SUITE:-stable}
work=$(mktemp -d /var/tmp/interleave-bare.XXXXXX)
root=$work/root
jobs_of_ours=()

clean() {
    local status=$?
    for job in "${jobs_of_ours[@]}"; do kill "$job" 2>/dev/null || true; done
    # What runs inside would keep the mounts busy.
    for process in /proc/[0-9]*; do
        [ "$(readlink "$process/root" 2>/dev/null)" != "$root" ] || kill -9 "${process#/proc/}" || true
    done
    for place in tmp/.X11-unix dev/pts dev sys proc; do
        ! mountpoint -q "$root/$place" || umount "$root/$place" || umount -l "$root/$place"
    done
    rm -rf --one-file-system "$work"
    exit "$status"
}
trap clean EXIT
trap 'exit 1' INT TERM

say() { echo "interleave: $*"; }
fail() {
    echo "interleave: $*" >&2
    exit 1
}

make_root() {
    if [ -n "${BASE:-}" ] && [ -d "$BASE" ]; then
        cp -a "$BASE" "$root"
    else
        say "making a bare Debian ($suite)"
        debootstrap --variant=minbase "$suite" "$root" >"$work/debootstrap.log" 2>&1 ||
            { tail -20 "$work/debootstrap.log" >&2 && fail "debootstrap failed"; }
        [ -z "${BASE:-}" ] || cp -a "$root" "$BASE"
    fi
    mount -t proc proc "$root/proc"
    mount -t sysfs sysfs "$root/sys"
    mount --bind /dev "$root/dev"
    mount -t devpts devpts "$root/dev/pts"
    mkdir -p "$root/tmp/.X11-unix"
    mount --bind /tmp/.X11-unix "$root/tmp/.X11-unix"
    # Services must not start in here.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod +x "$root/usr/sbin/policy-rc.d"
    cp -L /etc/resolv.conf "$root/etc/resolv.conf"
}

inside() {
    env -i HOME=/srv PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
        "${handed_down[@]}" chroot "$root" "$@"
}
handed_down=(TERM=dumb)

start_screen() {
    mkdir -p /tmp/.X11-unix
    Xvfb -displayfd 6 -screen 0 1440x900x24 -nolisten tcp -noreset \
        6>"$work/display" >/dev/null 2>&1 &
    jobs_of_ours+=($!)
    wait_for "a screen" test -s "$work/display"
    DISPLAY=:$(cat "$work/display")
    export DISPLAY
    openbox --sm-disable >/dev/null 2>&1 &
    jobs_of_ours+=($!)
}

wait_for() {
    local name=$1 tries=0
    shift
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt "${PATIENCE:-600}" ] || fail "there is no $name"
        sleep 0.2
    done
}

window() { xdotool search --onlyvisible --class interleave; }
has_answer() { grep -qa "thank you for asking" "$root"/srv/chat/interleave.db*; }

# Chats with the demo in the window that the given command opens, then quits by the keyboard.
chat() {
    inside env DISPLAY="$DISPLAY" NO_AT_BRIDGE=1 "$@" >"$work/said" 2>&1 &
    local program=$!
    jobs_of_ours+=("$program")
    wait_for "window" window
    xdotool search --sync --onlyvisible --class interleave windowactivate --sync >/dev/null 2>&1 || true
    # The message box has the keyboard from the start.
    wait_for "answer of the demo" ask_and_look
    [ -z "${PICTURE:-}" ] || import -window root "$PICTURE"
    xdotool key --clearmodifiers ctrl+q
    wait "$program" || { cat "$work/said" >&2 && fail "the program ended with an error"; }
}

ask_and_look() {
    has_answer && return 0
    if [ ! -e "$work/asked" ]; then
        sleep 2
        xdotool type --delay 20 "Hello"
        xdotool key Return
        touch "$work/asked"
    fi
    return 1
}

test_deb() {
    cp "$1" "$root/srv/package.deb"
    inside apt-get -qq update
    say "installing $(basename "$1")"
    inside apt-get -qq install --yes --no-install-recommends /srv/package.deb >"$work/apt" 2>&1 ||
        { cat "$work/apt" >&2 && fail "apt could not install it"; }
    inside interleave --version
    inside interleave --self-check
    start_screen
    say "chatting in its window"
    chat interleave --demo --data-dir /srv/chat
    say "removing it"
    inside apt-get -qq purge --yes interleave >/dev/null 2>&1
    local left
    left=$(find "$root" -xdev -iname '*interleave*' -not -path "$root/srv/*" -not -path "$root/proc/*" \
        -not -path "$root/var/lib/dpkg/*" -not -path "$root/var/cache/*" -not -path "$root/var/log/*")
    [ -z "$left" ] || fail "removing left behind: $left"
    say "the package installs, chats and goes again on a bare Debian ($suite)"
}

test_fresh() {
    inside apt-get -qq update
    inside apt-get -qq install --yes --no-install-recommends python3 git make ca-certificates \
        >"$work/apt" 2>&1 || { cat "$work/apt" >&2 && fail "apt could not install python3, git, make"; }
    # How this machine reaches its package index is no matter of the project.
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
    [ ! -e /etc/pip.conf ] || cp /etc/pip.conf "$root/etc/pip.conf"
    while IFS= read -r variable; do handed_down+=("$variable"); done < <(env | grep -E '^(PIP|UV)_[A-Z_]+=' || true)
    git -C "$project" -c safe.directory="$project" bundle create "$root/srv/source.bundle" HEAD 2>/dev/null
    inside git -c advice.detachedHead=false -c init.defaultBranch=main clone -q /srv/source.bundle /srv/interleave
    say "make test $*"
    inside make -C /srv/interleave test ARGS="$*"
    start_screen
    say "make run"
    chat make -C /srv/interleave run ARGS="--demo --data-dir /srv/chat"
    say "both commands of the README work on a bare Debian ($suite)"
}

make_root
shift
"test_$what" "$@"
