#!/usr/bin/env bash
# What `make bench` runs: gatewatch beside GoAccess on the same log, memory against the length of the log, the benchmarks of
# parsers and engine, and the services with real neighbours. Everything is measured in one run on one machine; nothing else should run on it.
#
#   RUNS=5        runs of each program     LINES=2000000  lines of the log that both read
#   CLIENTS=150000  client addresses       COUNT=3        repetitions of each Go benchmark
set -euo pipefail
cd "$(dirname "$0")/../.."

runs=${RUNS:-5} lines=${LINES:-2000000} clients=${CLIENTS:-150000} count=${COUNT:-3}
work=$(mktemp -d "${TMPDIR:-/tmp}/gatewatch-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT

need_goaccess() {
  command -v goaccess >/dev/null && return
  if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
    echo "installing goaccess"
    apt-get update -qq >/dev/null && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends goaccess >/dev/null
  fi
  command -v goaccess >/dev/null
}

rival=()
if need_goaccess; then
  rival=(-goaccess "$(command -v goaccess)")
  echo "goaccess: $(goaccess --version | head -n 1)"
else
  echo "goaccess is not here and cannot be installed (that takes root and apt-get): gatewatch is measured alone"
fi
echo "machine: $(nproc) processors, $(awk -F ': ' '/model name/ {print $2; exit}' /proc/cpuinfo), $(go version | cut -d ' ' -f 3-)"

go build -o "$work/" ./test/bench/loggen ./test/bench/versus ./test/bench/report
for n in $((lines / 2)) "$lines" $((lines * 2)); do
  "$work/loggen" -lines "$n" -clients "$clients" -o "$work/$n.log"
done

printf '\n## Speed: one combined log, every detector on\n\n'
"$work/versus" -runs "$runs" "${rival[@]}" "$work/$lines.log"

printf '\n## Memory: logs of different length from the same %d clients\n\n' "$clients"
"$work/versus" -growth -runs 1 "$work/$((lines / 2)).log" "$work/$lines.log" "$work/$((lines * 2)).log"

printf '\n## Parsers and engine: medians of %d\n\n' "$count"
go test -run '^$' -bench . -benchmem -count "$count" \
  ./internal/accesslog/... ./internal/detect ./internal/event >"$work/go.txt" || { tail -n 20 "$work/go.txt"; exit 1; }
"$work/report" <"$work/go.txt"

printf '\n## Detectors: memory of a million clients, and what the detectors of volumes cost an event beside reading it\n\n'
go test -run '^$' -bench 'Memory|Volumes' -benchtime 1x -timeout 30m ./test/bench/fold >"$work/fold.txt" 2>&1 || {
  tail -n 60 "$work/fold.txt"
  exit 1
}
awk '
  /^Benchmark/ { for (i = 3; i < NF; i += 2) if ($(i + 1) != "ns/op") printf "  %-22s %14s\n", $(i + 1), $i }
  /_test.go:[0-9]+: / { sub(/^ *[a-z_]+.go:[0-9]+: /, ""); print "  " $0 }
  /^ +[a-z_]+ +[0-9.]+$/
' "$work/fold.txt"

printf '\n## Services: the detector beside a consumer that does nothing, everything together, and the way of an alert\n\n'
printf 'Apache Kafka, NATS and ClickHouse are processes on the same machine; CPU time is that of the measured process alone.\n\n'
go test -run '^$' -bench . -benchtime 1x -timeout 30m ./test/bench/stream >"$work/stream.txt" 2>&1 || {
  grep -v ' INFO ' "$work/stream.txt" | tail -n 60
  exit 1
}
awk '
  /^Benchmark/ {
    sub(/^Benchmark/, "", $1); sub(/-[0-9]+$/, "", $1)
    print $1
    for (i = 3; i < NF; i += 2) if ($(i + 1) != "ns/op") printf "  %-22s %14s\n", $(i + 1), $i
  }
  /_test.go:[0-9]+: / { sub(/^ *[a-z_]+.go:[0-9]+: /, ""); print "  " $0 }
' "$work/stream.txt"
