#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Runs the README's commands on a clean Debian, as a newcomer's machine would: makes a root with debootstrap, clones the
# last commit into it, and runs installers/run.sh there; with --tests, tests/run.sh as well.
#   tests/fresh_machine.sh bookworm|trixie [--tests] [--keep]
# Needs root and debootstrap. The root lies under ${TMPDIR:-/tmp} and is removed at the end unless --keep is given.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. installers/packages.sh

usage() { die 'usage: tests/fresh_machine.sh bookworm|trixie [--tests] [--keep]'; }

suite=${1:-}
[[ $suite == bookworm || $suite == trixie ]] || usage
shift
tests=0 keep=0
while (($#)); do
  case $1 in
    --tests) tests=1 ;;
    --keep) keep=1 ;;
    *) usage ;;
  esac
  shift
done
[[ $(id -u) == 0 ]] || die 'A clean root can only be made by root.'
command -v debootstrap >/dev/null || need_packages debootstrap git

root=$(mktemp -d "${TMPDIR:-/tmp}/weir-$suite.XXXXXX")

# A crashed test may leave a server behind: whatever has this root as its own ends with it.
end_processes() {
  local link
  for link in /proc/[0-9]*/root; do
    [[ $link -ef $root ]] || continue # the same folder, whatever way leads there
    link=${link#/proc/}
    kill -KILL "${link%/root}" 2>/dev/null || true
  done
  sleep 0.2
}

leave() {
  local place
  end_processes
  for place in dev/pts dev proc; do
    if mountpoint -q "$root/$place"; then umount "$root/$place" || true; fi
  done
  ((keep)) && say "Kept: $root" && return
  # Nothing of the host may be left mounted when the root goes.
  if ! grep -q " $root/" /proc/mounts; then rm -rf --one-file-system "$root"; fi
}
trap leave EXIT

make_root() {
  say "Making a clean Debian ($suite) in $root …"
  if ! debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" >"$root.log" 2>&1; then
    tail -n 20 "$root.log" >&2
    die "debootstrap failed; the log is $root.log"
  fi
  rm -f "$root.log"
  mount -t proc proc "$root/proc"
  mount --bind /dev "$root/dev"
  mount --bind /dev/pts "$root/dev/pts"
  # The machine's own way to its package mirror: apt settings and local certificates.
  cp -a /etc/apt/apt.conf.d/. "$root/etc/apt/apt.conf.d/"
  rm -f "$root"/etc/apt/apt.conf.d/docker-*
  mkdir -p "$root/usr/local/share/ca-certificates"
  cp -a /usr/local/share/ca-certificates/. "$root/usr/local/share/ca-certificates/"
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  inside update-ca-certificates >/dev/null 2>&1
}

inside() {
  env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM="${TERM:-dumb}" LANG=C.UTF-8 \
    ${WEIR_REQUIRE_SERVERS:+WEIR_REQUIRE_SERVERS="$WEIR_REQUIRE_SERVERS"} chroot "$root" "$@"
}

timed() { # WHAT COMMAND...
  local what=$1 start=$SECONDS
  shift
  "$@"
  say "$suite: $what took $((SECONDS - start)) s"
}

make_root
git clone -q --no-hardlinks . "$root/root/weir"
timed 'installers/run.sh, first time' inside bash -c 'cd /root/weir && bash installers/run.sh'
[[ -s $root/root/weir/weir-demo.png ]] || die "$suite: weir-demo.png was not drawn"
cp "$root/root/weir/weir-demo.png" "${TMPDIR:-/tmp}/weir-demo-$suite.png"
timed 'installers/run.sh, second time' inside bash -c 'cd /root/weir && bash installers/run.sh'
if ((tests)); then
  timed 'tests/run.sh' inside bash -c 'cd /root/weir && bash tests/run.sh'
fi
say "$suite: all of it worked; the demo window is ${TMPDIR:-/tmp}/weir-demo-$suite.png"
