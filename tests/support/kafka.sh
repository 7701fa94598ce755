#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A real Apache Kafka broker for tests: one KRaft node (broker and controller in one JVM) on 127.0.0.1,
# from Maven Central artifacts. Needs: bash, a JDK 17, mvn (first time per version only).
set -euo pipefail

usage() {
  cat <<'USAGE'
kafka.sh start [--version 3.9.1|4.1.1] [--port N] [--controller-port N] [--dir DIR] [--config KEY=VALUE]...
    Starts a broker, waits until it serves, prints bootstrap=127.0.0.1:PORT and dir=DIR.
    A DIR that already holds a broker is started again as it was, data and ports kept.
kafka.sh stop --dir DIR         Stops it (SIGTERM, then SIGKILL after 30 s); data stay.
kafka.sh kill --dir DIR         kill -9, for fault tests.
kafka.sh tool DIR|VERSION CLASS [ARGS...]     Runs a Kafka tool class, e.g. org.apache.kafka.tools.TopicCommand.
kafka.sh resolve [--version V]  Only fetches the jars; prints their folder.

In DIR: server.properties, version, bootstrap, pid, broker.log, data/.
Environment: WEIR_SERVERS_CACHE (jars), KAFKA_HEAP_OPTS (default -Xmx512m), JAVA.
USAGE
}

server=kafka server_name=Kafka latest=4.1.1
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"

knows() { :; } # its artifacts go by its version alone

# Left out: connect-runtime (Jetty, Jersey: a third of the jars), which serves one tool that no test needs, and 3.9's
# own logging backend, which would win over slf4j-simple and then stay silent for want of a configuration.
pom() {
  local version=$1 artifact
  cat <<POM
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>weir</groupId><artifactId>kafka-lib</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
POM
  for artifact in kafka_2.13 kafka-tools; do
    cat <<POM
    <dependency>
      <groupId>org.apache.kafka</groupId><artifactId>$artifact</artifactId><version>$version</version>
      <exclusions>
        <exclusion><groupId>org.apache.kafka</groupId><artifactId>connect-runtime</artifactId></exclusion>
        <exclusion><groupId>org.slf4j</groupId><artifactId>slf4j-reload4j</artifactId></exclusion>
      </exclusions>
    </dependency>
POM
  done
  printf '  </dependencies>\n</project>\n'
}

run_java() { # VERSION LOGLEVEL HEAP CLASS ARGS...
  local version=$1 level=$2 heap=$3
  shift 3
  exec "$java" "$heap" -Djava.awt.headless=true -Dorg.slf4j.simpleLogger.defaultLogLevel="$level" \
    -Dorg.slf4j.simpleLogger.showDateTime=true -Dorg.slf4j.simpleLogger.dateTimeFormat='yyyy-MM-dd HH:mm:ss.SSS' \
    -cp "$(lib_of "$version")/*" "$@"
}

alive() { # DIR: the pid file names a running process that was started for DIR
  local pid
  [[ -f $1/pid ]] && pid=$(<"$1/pid") && [[ -r /proc/$pid/cmdline ]] &&
    tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qxF "$1/server.properties"
}

server_properties() { # DIR PORT CONTROLLER_PORT
  local dir=$1 port=$2 controller=$3
  cat <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$controller
listeners=CLIENT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$controller
advertised.listeners=CLIENT://127.0.0.1:$port
listener.security.protocol.map=CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=CLIENT
log.dirs=$dir/data
auto.create.topics.enable=false
num.partitions=1
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
# A killed broker may register again only when its old session has run out (9 s by default).
broker.heartbeat.interval.ms=500
broker.session.timeout.ms=3000
# Retention and compaction act within seconds, so that tests can watch them.
log.segment.bytes=67108864
log.initial.task.delay.ms=1000
log.retention.check.interval.ms=1000
log.segment.delete.delay.ms=1000
log.cleaner.backoff.ms=500
log.cleaner.dedupe.buffer.size=16777216
PROPERTIES
}

format() { # DIR VERSION
  local dir=$1 version=$2 id
  id=$(head -c 16 /dev/urandom | base64 | tr '+/' 'AB' | tr -d '=')
  (run_java "$version" warn -Xmx128m kafka.tools.StorageTool format -t "$id" -c "$dir/server.properties") \
    >"$dir/format.log" 2>&1 || fail "format failed, see $dir/format.log"
}

launch() { # DIR: starts the broker of DIR and waits until it serves
  local dir=$1 version from=1
  version=$(<"$dir/version")
  [[ -f $dir/broker.log ]] && from=$(($(wc -l <"$dir/broker.log") + 1))
  (trap '' HUP && run_java "$version" info "${KAFKA_HEAP_OPTS:--Xmx512m}" kafka.Kafka "$dir/server.properties") \
    >>"$dir/broker.log" 2>&1 </dev/null &
  echo $! >"$dir/pid"
  for _ in {1..600}; do # printed once the broker is unfenced and its client listener answers
    if tail -n "+$from" "$dir/broker.log" | grep -q 'Kafka Server started'; then return; fi
    kill -0 "$(<"$dir/pid")" 2>/dev/null || break
    sleep 0.1
  done
  tail -n 20 "$dir/broker.log" >&2
  end KILL --dir "$dir"
  fail "the broker did not start, see $dir/broker.log"
}

start() {
  local version=$latest port='' controller='' dir='' configs=()
  while (($#)); do
    [[ $1 =~ ^--(version|port|controller-port|dir|config)$ ]] || misuse "unknown option $1"
    (($# > 1)) || misuse "$1 needs a value"
    case $1 in
      --version) version=$2 ;;
      --port) port=$2 ;;
      --controller-port) controller=$2 ;;
      --dir) dir=$2 ;;
      --config) configs+=("$2") ;;
    esac
    shift 2
  done
  [[ -n $dir && -f $dir/bootstrap ]] && version=$(<"$dir/version")
  resolve "$version"
  dir=${dir:-$(mktemp -d "${TMPDIR:-/tmp}/weir-kafka.XXXXXX")}
  mkdir -p "$dir"
  dir=$(realpath "$dir")
  alive "$dir" && fail "a broker is already running in $dir"

  if [[ -f $dir/bootstrap ]]; then
    launch "$dir"
  else
    [[ ! -f $dir/server.properties ]] || rm -rf "$dir/data" # a first start failed here: it may be formatted already
    port=${port:-$(free_port "$controller")}
    controller=${controller:-$(free_port "$port")}
    echo "$version" >"$dir/version"
    server_properties "$dir" "$port" "$controller" >"$dir/server.properties"
    ((${#configs[@]} == 0)) || printf '%s\n' "${configs[@]}" >>"$dir/server.properties" # the last line of a key wins
    format "$dir" "$version"
    launch "$dir"
    echo "127.0.0.1:$port" >"$dir/bootstrap" # last: marks DIR as complete
  fi
  echo "bootstrap=$(<"$dir/bootstrap")"
  echo "dir=$dir"
}

end() { # SIGNAL --dir DIR
  local signal=$1 dir pid
  [[ ${2:-} == --dir && -n ${3:-} ]] || misuse "needs --dir DIR"
  dir=$(realpath -m "$3")
  if alive "$dir"; then
    pid=$(<"$dir/pid")
    kill "-$signal" "$pid"
    for _ in {1..300}; do
      alive "$dir" || break
      sleep 0.1
    done
    if alive "$dir"; then kill -KILL "$pid"; fi
  fi
  rm -f "$dir/pid"
}

tool() { # DIR|VERSION CLASS ARGS...
  local version=${1:-}
  (($# > 1)) || misuse "tool needs DIR|VERSION and a class"
  [[ -f $1/version ]] && version=$(<"$1/version")
  is_version "$version" || misuse "$1 is neither the DIR of a broker nor a version such as $latest"
  resolve "$version"
  shift
  run_java "$version" warn -Xmx512m "$@" # replaces this shell, so that a signal reaches the tool
}

verb=${1:-}
[[ -n $verb ]] && shift
case $verb in
  start) start "$@" ;;
  stop) end TERM "$@" ;;
  kill) end KILL "$@" ;;
  tool) tool "$@" ;;
  resolve)
    [[ $# -eq 0 || ($# -eq 2 && $1 == --version) ]] || misuse "resolve takes --version V only"
    resolve "${2:-$latest}"
    lib_of "${2:-$latest}"
    ;;
  -h | --help | help) usage ;;
  *) usage >&2; exit 2 ;;
esac
