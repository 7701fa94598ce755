#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# A real Apache Flink for tests: session cluster (job manager, task manager) and SQL Gateway, three JVMs on 127.0.0.1,
# with the Kafka, filesystem, JSON and CSV connectors, from Maven Central artifacts.
# Needs: bash, a JDK 17, curl, python3 (verb sql), mvn (first time per version only).
set -euo pipefail

usage() {
  cat <<'USAGE'
flink.sh start [--version 1.20.3|2.1.1] [--rest-port N] [--gateway-port N] [--slots N] [--dir DIR]
               [--config KEY=VALUE]...
    Starts Flink, waits until it runs jobs, prints gateway=URL, rest=URL and dir=DIR.
    A DIR that was stopped is started again as it was, ports kept, without its jobs.
flink.sh stop --dir DIR         Stops it (SIGTERM, then SIGKILL after 20 s).
flink.sh kill --dir DIR         kill -9, for fault tests.
flink.sh sql --dir DIR FILE.sql [--limit N] [--timeout SECONDS]
    Runs the statements of FILE.sql in one session; ${dir} in it becomes the absolute folder of FILE.sql.
    Rows of queries go to stdout as JSON lines, job ids of INSERTs and errors to stderr. A query ends with its input,
    after N printed rows (updates count: a -U and its +U are two) or after SECONDS, whichever is first.
    A row that is no insert starts with "$op": UPDATE_BEFORE, UPDATE_AFTER or DELETE. Values: integers, FLOAT and
    DOUBLE as number (NaN, Infinity, -Infinity as string), DECIMAL as string with its full scale, TIMESTAMP(p) as
    2024-03-01 12:00:00.000 with p digits after the dot (p = 0: no dot), TIMESTAMP_LTZ(p) the same in UTC with a Z,
    DATE as 2024-03-01, TIME as 12:00:05, BYTES as Base64, INTERVAL as months or milliseconds, ARRAY as array, ROW
    and MAP as object, MULTISET as object of element and count. Map keys and multiset elements must be strings.
flink.sh resolve [--version V]  Only fetches the jars; prints their folder.

In DIR: conf/config.yaml, version, gateway, rest, jobmanager.log, taskmanager.log, gateway.log, *.pid, tmp/.
Defaults: parallelism 1, time zone UTC. Environment: WEIR_SERVERS_CACHE (jars), JAVA.
USAGE
}

server=flink server_name=Flink latest=1.20.3
. "$(dirname "${BASH_SOURCE[0]}")/servers.sh"

kafka_connector_of() { # FLINK_VERSION
  case $1 in
    1.20.*) echo 3.4.0-1.20 ;;
    2.*) echo 4.0.1-2.0 ;;
    *) fail "no Kafka connector is known for Flink $1" ;;
  esac
}

knows() { kafka_connector_of "$1" >/dev/null; }

dependency() { # GROUP ARTIFACT VERSION
  echo "<dependency><groupId>$1</groupId><artifactId>$2</artifactId><version>$3</version></dependency>"
}

# The thin jars, not the uber jars of the distribution: those need not be there.
pom() { # VERSION
  local artifact connector
  connector=$(kafka_connector_of "$1")
  echo '<project><modelVersion>4.0.0</modelVersion>'
  echo '<groupId>weir</groupId><artifactId>flink-lib</artifactId><version>1</version><packaging>pom</packaging>'
  echo '<dependencies>'
  for artifact in flink-clients flink-runtime-web flink-table-api-java-bridge flink-table-planner-loader \
    flink-table-runtime flink-sql-gateway flink-connector-files flink-json flink-csv; do
    dependency org.apache.flink "$artifact" "$1"
  done
  dependency org.apache.flink flink-connector-kafka "$connector"
  dependency org.slf4j slf4j-simple 1.7.36
  echo '</dependencies></project>'
}

run_java() { # DIR HEAP CLASS ARGS...
  local dir=$1 heap=$2 opens=() package
  shift 2
  for package in java.lang java.lang.reflect java.text java.time java.util java.util.concurrent \
    java.util.concurrent.atomic java.util.concurrent.locks java.net java.io java.nio sun.nio.ch; do
    opens+=("--add-opens=java.base/$package=ALL-UNNAMED")
  done
  FLINK_CONF_DIR="$dir/conf" exec "$java" "$heap" -Dweir.flink="$dir" -Djava.io.tmpdir="$dir/tmp" \
    -Duser.timezone=UTC -Djava.awt.headless=true -Dorg.slf4j.simpleLogger.defaultLogLevel=info \
    -Dorg.slf4j.simpleLogger.showDateTime=true -Dorg.slf4j.simpleLogger.dateTimeFormat='yyyy-MM-dd HH:mm:ss.SSS' \
    "${opens[@]}" --add-exports=java.base/sun.net.util=ALL-UNNAMED --add-exports=java.rmi/sun.rmi.registry=ALL-UNNAMED \
    --add-exports=java.security.jgss/sun.security.krb5=ALL-UNNAMED \
    -cp "$(lib_of "$(<"$dir/version")")/*" "$@"
}

await_free() { # PORT: a Flink that was killed just now may hold it for a moment
  for _ in {1..50}; do
    taken "$1" || return 0
    sleep 0.1
  done
  fail "port $1 is taken"
}

alive() { # DIR ROLE: the pid file names a running process that was started for DIR
  local pid
  [[ -f $1/$2.pid ]] && pid=$(<"$1/$2.pid") && [[ -r /proc/$pid/cmdline ]] &&
    tr '\0' '\n' <"/proc/$pid/cmdline" | grep -qxF -- "-Dweir.flink=$1"
}

config() { # DIR RPC_PORT REST_PORT GATEWAY_PORT SLOTS
  cat <<YAML
jobmanager.rpc.address: 127.0.0.1
jobmanager.rpc.port: $2
jobmanager.bind-host: 127.0.0.1
taskmanager.host: 127.0.0.1
taskmanager.bind-host: 127.0.0.1
taskmanager.numberOfTaskSlots: $5
# Without the start scripts the task manager does not derive these by itself.
taskmanager.cpu.cores: 2
taskmanager.memory.framework.heap.size: 64m
taskmanager.memory.framework.off-heap.size: 64m
taskmanager.memory.task.heap.size: 700m
taskmanager.memory.task.off-heap.size: 0m
taskmanager.memory.managed.size: 256m
taskmanager.memory.network.min: 128m
taskmanager.memory.network.max: 128m
taskmanager.memory.jvm-metaspace.size: 256m
taskmanager.memory.jvm-overhead.min: 64m
taskmanager.memory.jvm-overhead.max: 64m
rest.address: 127.0.0.1
rest.bind-address: 127.0.0.1
rest.port: $3
rest.bind-port: $3
sql-gateway.endpoint.rest.address: 127.0.0.1
sql-gateway.endpoint.rest.bind-address: 127.0.0.1
sql-gateway.endpoint.rest.port: $4
# Else the gateway binds rest.bind-port, the job manager's.
sql-gateway.endpoint.rest.bind-port: $4
execution.target: remote
parallelism.default: 1
restart-strategy.type: none
table.local-time-zone: UTC
io.tmp.dirs: $1/tmp
YAML
}

spawn() { # DIR ROLE HEAP CLASS ARGS...
  local dir=$1 role=$2
  shift 2
  (trap '' HUP && run_java "$dir" "$@") >>"$dir/$role.log" 2>&1 </dev/null &
  echo $! >"$dir/$role.pid"
}

ready() { # DIR: jobs can be run and the gateway answers
  curl -sf "$(<"$1/rest")/overview" 2>/dev/null | grep -q '"taskmanagers":[1-9]' &&
    curl -sf "$(<"$1/gateway")/v2/info" >/dev/null 2>&1
}

launch() { # DIR
  local dir=$1 role heap url
  heap=$(sed -n 's/^taskmanager.memory.task.heap.size: \([0-9]*\)m$/\1/p' "$dir/conf/config.yaml")
  [[ -n $heap ]] || fail "taskmanager.memory.task.heap.size must be in megabytes, as 700m"
  for url in "$(<"$dir/rest")" "$(<"$dir/gateway")"; do await_free "${url##*:}"; done
  spawn "$dir" jobmanager -Xmx512m org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint \
    --configDir "$dir/conf" --executionMode cluster
  spawn "$dir" taskmanager "-Xmx$((heap + 64))m" org.apache.flink.runtime.taskexecutor.TaskManagerRunner \
    --configDir "$dir/conf"
  spawn "$dir" gateway -Xmx512m org.apache.flink.table.gateway.SqlGateway
  for _ in {1..1200}; do
    if ready "$dir"; then return; fi
    for role in jobmanager taskmanager gateway; do
      alive "$dir" "$role" || kill -0 "$(<"$dir/$role.pid")" 2>/dev/null || break 2
    done
    sleep 0.1
  done
  for role in jobmanager taskmanager gateway; do
    alive "$dir" "$role" || tail -n 20 "$dir/$role.log" >&2
  done
  end KILL --dir "$dir"
  fail "Flink did not start, see $dir/*.log"
}

start() {
  local version=$latest rest='' gateway='' slots=8 dir='' rpc role configs=()
  while (($#)); do
    [[ $1 =~ ^--(version|rest-port|gateway-port|slots|dir|config)$ ]] || misuse "unknown option $1"
    (($# > 1)) || misuse "$1 needs a value"
    case $1 in
      --version) version=$2 ;;
      --rest-port) rest=$2 ;;
      --gateway-port) gateway=$2 ;;
      --slots) slots=$2 ;;
      --dir) dir=$2 ;;
      --config) configs+=("${2/=/: }") ;;
    esac
    shift 2
  done
  [[ -n $dir && -f $dir/rest ]] && version=$(<"$dir/version")
  resolve "$version"
  dir=${dir:-$(mktemp -d "${TMPDIR:-/tmp}/weir-flink.XXXXXX")}
  mkdir -p "$dir/conf" "$dir/tmp"
  dir=$(realpath "$dir")
  for role in jobmanager taskmanager gateway; do
    alive "$dir" "$role" && fail "a $role is already running in $dir"
  done

  if [[ ! -f $dir/rest ]]; then
    rest=${rest:-$(free_port "$gateway")}
    gateway=${gateway:-$(free_port "$rest")}
    rpc=$(free_port "$rest" "$gateway")
    echo "$version" >"$dir/version"
    { config "$dir" "$rpc" "$rest" "$gateway" "$slots"; printf '%s\n' ${configs[@]+"${configs[@]}"}; } |
      tac | awk -F': ' 'NF && !seen[$1]++' | tac >"$dir/conf/config.yaml" # the last line of a key wins
    echo "http://127.0.0.1:$gateway" >"$dir/gateway"
    echo "http://127.0.0.1:$rest" >"$dir/rest" # last: marks DIR as complete
  fi
  launch "$dir"
  echo "gateway=$(<"$dir/gateway")"
  echo "rest=$(<"$dir/rest")"
  echo "dir=$dir"
}

end() { # SIGNAL --dir DIR
  local signal=$1 dir role pids=()
  [[ ${2:-} == --dir && -n ${3:-} ]] || misuse "needs --dir DIR"
  dir=$(realpath -m "$3")
  for role in gateway taskmanager jobmanager; do
    alive "$dir" "$role" || continue
    pids+=("$(<"$dir/$role.pid")")
    kill "-$signal" "${pids[-1]}"
  done
  for _ in {1..200}; do
    alive "$dir" gateway || alive "$dir" taskmanager || alive "$dir" jobmanager || break
    sleep 0.1
  done
  for role in gateway taskmanager jobmanager; do
    if alive "$dir" "$role"; then kill -KILL "$(<"$dir/$role.pid")"; fi
    rm -f "$dir/$role.pid"
  done
}

sql() {
  local dir='' file='' limit=0 timeout=0
  while (($#)); do
    case $1 in
      --dir | --limit | --timeout)
        (($# > 1)) || misuse "$1 needs a value"
        printf -v "${1#--}" %s "$2"
        shift 2
        ;;
      -*) misuse "unknown option $1" ;;
      *)
        [[ -z $file ]] || misuse "sql takes one FILE.sql"
        file=$1
        shift
        ;;
    esac
  done
  [[ -n $dir && -n $file ]] || misuse "sql needs --dir DIR and FILE.sql"
  [[ $limit =~ ^[0-9]+$ ]] || misuse "--limit takes a whole number"
  [[ $timeout =~ ^[0-9]+(\.[0-9]+)?$ ]] || misuse "--timeout takes seconds"
  [[ -f $file ]] || fail "there is no file $file"
  alive "$(realpath -m "$dir")" gateway || fail "no Flink is running in $dir"
  python3 -c "$client" "$(<"$dir/gateway")" "$(realpath "$file")" "$limit" "$timeout"
}

client=$(cat <<'PYTHON'
import decimal, json, math, os, re, sys, time, urllib.error, urllib.request

base, path, limit, timeout = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
ZONE = "table.local-time-zone"
UNDER_WAY = ("INITIALIZED", "PENDING", "RUNNING")

def call(method, url, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(request) as reply:
            return json.load(reply, parse_float=decimal.Decimal)
    except urllib.error.HTTPError as error:
        lines = [l for e in json.load(error).get("errors", []) for l in e.splitlines()]
        causes = [l.removeprefix("Caused by: ") for l in lines if l.startswith("Caused by: ")]
        reason = (causes or lines or [str(error)])[-1]
        if "Could not map response to JSON" in reason:
            reason += " (no VARIANT, no MAP or MULTISET whose keys are not strings: CAST it)"
        sys.exit("flink.sh: " + reason)
    except urllib.error.URLError as error:
        sys.exit(f"flink.sh: {base} does not answer: {error.reason}")

def statements(script):
    token = re.compile(r"--[^\n]*|/\*.*?\*/|'(?:[^']|'')*'|`[^`]*`|;|.", re.S)
    current = ""
    for part in token.findall(script) + [";"]:
        if part == ";":
            if current.strip():
                yield current.strip()
            current = ""
        elif part.startswith("/*+") or not part.startswith(("--", "/*")):  # a hint is no comment
            current += part

def clock(text, precision):  # the gateway drops trailing zeros, and the dot with them
    seconds, _, fraction = text.partition(".")
    return seconds + (f".{fraction[:precision]:0<{precision}}" if precision else "")

def value(v, column):
    kind = column["type"]
    if v is None:
        return None
    if kind == "ARRAY":
        return [value(e, column["elementType"]) for e in v]
    if kind == "MAP":
        return {k: value(e, column["valueType"]) for k, e in v.items()}
    if kind == "ROW":
        return {f["name"]: value(v[f["name"]], f["fieldType"]) for f in column["fields"]}
    if kind == "DECIMAL":  # the gateway drops trailing zeros
        scale = decimal.Decimal(1).scaleb(-column["scale"])
        return format(decimal.Context(prec=80).quantize(decimal.Decimal(v), scale), "f")
    if kind.startswith("TIMESTAMP"):
        day, _, rest = v.removesuffix("Z").partition("T")
        return f"{day} {clock(rest, column['precision'])}" + ("Z" if v.endswith("Z") else "")
    if kind.startswith("TIME"):
        return clock(v, column["precision"])
    return float(v) if isinstance(v, decimal.Decimal) else v

def set_zone(session, zone):
    call("POST", f"/v2/sessions/{session}/configure-session", {"statement": f"SET '{ZONE}' = '{zone}'"})

def fetch(operation, deadline):
    url, rows, wait = f"{operation}/result/0?rowFormat=JSON", 0, 0.02
    while url and time.time() < deadline:
        page = call("GET", url)
        url = page.get("nextResultUri")
        if page["resultType"] == "NOT_READY" or not page["results"]["data"]:
            time.sleep(wait)
            wait = min(wait * 1.5, 0.2)
            continue
        wait = 0.02
        if page["resultKind"] != "SUCCESS_WITH_CONTENT":
            continue
        if page.get("jobID") and not page["isQueryResult"]:
            print("job_id=" + page["jobID"], file=sys.stderr)
            continue
        for row in page["results"]["data"]:
            line = {} if row["kind"] == "INSERT" else {"$op": row["kind"]}
            for column, field in zip(page["results"]["columns"], row["fields"]):
                line[column["name"]] = value(field, column["logicalType"])
            print(json.dumps(line, ensure_ascii=False, separators=(",", ":")), flush=True)
            rows += 1
            if rows == limit:
                return

def run(session, statement):
    deadline = time.time() + timeout if timeout else math.inf
    handle = call("POST", f"/v2/sessions/{session}/statements", {"statement": statement})["operationHandle"]
    operation = f"/v2/sessions/{session}/operations/{handle}"
    while call("GET", f"{operation}/status")["status"] in UNDER_WAY and time.time() < deadline:
        time.sleep(0.02)
    # The job has its plan now, made in the zone that the script chose. Rows are shown in the zone that the session has
    # while they are fetched, TIMESTAMP_LTZ with a Z whatever zone that is: only UTC makes it true.
    zone = call("GET", f"/v2/sessions/{session}")["properties"].get(ZONE, "UTC")
    set_zone(session, "UTC")
    fetch(operation, deadline)
    set_zone(session, zone)
    call("DELETE", f"{operation}/close")

sys.stdout.reconfigure(encoding="utf-8")
session = call("POST", "/v2/sessions", {"properties": {}})["sessionHandle"]
try:
    for statement in statements(open(path, encoding="utf-8").read().replace("${dir}", os.path.dirname(path))):
        run(session, statement)
finally:
    call("DELETE", f"/v2/sessions/{session}")
PYTHON
)

verb=${1:-}
[[ -n $verb ]] && shift
case $verb in
  start) start "$@" ;;
  stop) end TERM "$@" ;;
  kill) end KILL "$@" ;;
  sql) sql "$@" ;;
  resolve)
    [[ $# -eq 0 || ($# -eq 2 && $1 == --version) ]] || misuse "resolve takes --version V only"
    resolve "${2:-$latest}"
    lib_of "${2:-$latest}"
    ;;
  -h | --help | help) usage ;;
  *) usage >&2; exit 2 ;;
esac
