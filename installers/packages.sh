# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash disable=SC2034
# What Weir needs from Debian 12 or 13, and how to get it. Sourced by installers/run.sh and tests/run.sh.

build_packages=(
  build-essential cmake ninja-build pkg-config
  qt6-base-dev qt6-svg-dev libqcustomplot-dev libqscintilla2-qt6-dev
  librdkafka-dev nlohmann-json3-dev libsimdjson-dev libcli11-dev libspdlog-dev libre2-dev libssl-dev
  libzstd-dev liblz4-dev libsnappy-dev zlib1g-dev libsqlite3-dev
)
# libqt6svg6 brings the icons' plug-in; the fonts are those of the pictures; tzdata has the time zones of queries.
run_packages=(libqt6svg6 qt6-qpa-plugins fonts-noto-core fonts-noto-mono fontconfig tzdata)
# Debian 13 keeps the plug-ins that draw SVG icons in a package of their own.
if [[ $(. /etc/os-release 2>/dev/null && echo "${ID:-}${VERSION_ID:-}") == debian13 ]]; then
  run_packages+=(qt6-svg-plugins)
fi
test_packages=(libbenchmark-dev kcat xvfb python3 git procps iproute2)
java_packages=(default-jdk-headless)
maven_packages=(maven)

say() { printf '%s\n' "$*" >&2; }

die() {
  say "$*"
  exit 1
}

as_root() {
  if [[ $(id -u) == 0 ]]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    die "Packages are missing and there is no sudo. As root: apt-get install ${missing[*]}"
  fi
}

check_debian() {
  local id='' version=''
  if [[ -r /etc/os-release ]]; then
    id=$(. /etc/os-release && echo "$ID")
    version=$(. /etc/os-release && echo "${VERSION_ID:-}")
  fi
  [[ $id == debian && ($version == 12 || $version == 13) ]] && return
  say "This is ${id:-an unknown system} ${version}, not Debian 12 or 13: going on, but packages may differ."
}

is_installed() { [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }

# need_packages NAME...: installs those that are not there; says so only when there is something to do.
need_packages() {
  local name log
  missing=()
  for name in "$@"; do is_installed "$name" || missing+=("$name"); done
  ((${#missing[@]} == 0)) && return
  say "Installing ${#missing[@]} packages and what they need (once; takes a few minutes) …"
  log=$(mktemp)
  # A command of its own, not a pipe: apt's answer is this function's answer.
  if ! { as_root apt-get update -qq && as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >"$log" 2>&1 </dev/null; then
    tail -n 20 "$log" >&2
    die "Installing packages failed; the whole log is $log"
  fi
  rm -f "$log"
}

# progress COMMAND...: runs a ninja build and shows how far it is: one line that moves on a terminal, else every tenth.
progress() {
  local log status=0
  log=$(mktemp)
  "$@" 2>&1 </dev/null | tee "$log" | show_progress || status=$? # pipefail: the build's answer
  if ((status != 0)); then
    grep -vE '^\[[0-9]+/[0-9]+\]' "$log" | tail -n 60 >&2
    die "Failed: $*"
  fi
  rm -f "$log"
}

show_progress() {
  local terminal=0
  [[ -t 2 ]] && terminal=1
  awk -v terminal="$terminal" '
    match($0, /^\[[0-9]+\/[0-9]+\]/) {
      split(substr($0, 2, RLENGTH - 2), part, "/")
      if (part[2] < 3) next
      percent = int(100 * part[1] / part[2])
      if (terminal) printf "\rBuilding: %d of %d steps, %d %%  ", part[1], part[2], percent > "/dev/stderr"
      else if (percent >= due) {
        printf "Building: %d %%\n", percent > "/dev/stderr"
        due = percent - percent % 20 + 20
      }
      shown = 1
      fflush("/dev/stderr")
    }
    END { if (terminal && shown) print "" > "/dev/stderr" }'
}

# configure PRESET ARGS...: quiet unless it fails.
configure() {
  local log
  log=$(mktemp)
  if ! cmake --preset "$@" >"$log" 2>&1 </dev/null; then
    tail -n 40 "$log" >&2
    die "Configuring failed: cmake --preset $*"
  fi
  rm -f "$log"
}
