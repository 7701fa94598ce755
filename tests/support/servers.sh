# SPDX-License-Identifier: GPL-3.0-or-later
# What the scripts that start real servers share; sourced by them. Each sets `server` (kafka, flink), `server_name` and
# `latest` before, and has pom VERSION, which prints the project whose jars are fetched, and knows VERSION, which fails
# for a version that it cannot fetch.

fail() { echo "$server.sh: $*" >&2; exit 1; }

misuse() { echo "$server.sh: $*; see $server.sh help" >&2; exit 2; }

java=${JAVA:-java}
cache=${WEIR_SERVERS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-servers}

is_version() { [[ $1 =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; }

lib_of() { echo "$cache/$server-$1"; }

# The jars of one version, copied once; safe when several tests start at the same time.
resolve() {
  local version=$1 lib work reason
  is_version "$version" || misuse "$version is no version such as $latest"
  lib=$(lib_of "$version")
  [[ -d $lib ]] && return
  knows "$version"
  command -v mvn >/dev/null || fail "mvn not found; it is needed once to fetch $server_name $version"
  mkdir -p "$cache"
  exec 9>"$cache/$server-$version.lock"
  flock 9
  if [[ ! -d $lib ]]; then
    rm -rf "$cache/.$server-$version."* # left by a fetch that was killed: the lock says that none is under way
    work=$(mktemp -d "$cache/.$server-$version.XXXXXX")
    pom "$version" >"$work/pom.xml"
    if ! mvn -q -B -f "$work/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
      -DoutputDirectory="$work/lib" >"$work/mvn.log" 2>&1; then
      reason=$(why "$work/mvn.log")
      rm -r "$work"
      fail "cannot fetch $server_name $version: $reason"
    fi
    mv "$work/lib" "$lib"
    rm -r "$work"
  fi
  exec 9>&-
}

why() { # LOG: in one line, what mvn could not find, else its first complaint
  sed -nE '/.*Could not find artifact ([^ ]+).*/{s//Maven cannot find \1/p;q}
    /.* ([^ ]+) was not found in .*/{s//Maven cannot find \1/p;q}
    /.*\[ERROR\] +(.+)/{s//\1/p;q}
    $p' "$1"
}

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; } # PORT

free_port() { # NOT...: a port that is none of those, below the range that outgoing connections take theirs from
  local port
  for _ in {1..200}; do
    port=$((20000 + RANDOM % 10000))
    [[ " $* " == *" $port "* ]] && continue
    taken "$port" || { echo "$port"; return; }
  done
  fail "no free port found"
}
