#!/usr/bin/env bash
# Records testdata/recordings: access logs of real gateways under real traffic.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: bash test/record/record.sh [--help] [--no-install] [--keep] [--only GATEWAY]

Installs the gateways and tools from Debian, builds the shop and the traffic
programs, and records about ten minutes of traffic into testdata/recordings.
It needs root, for network namespaces, on Debian or a relative of it. All
traffic stays inside namespaces that have no way out, between documentation
addresses. The recordings are replaced only if every check passes.

  --no-install    the tools are there already, leave the packages alone
  --keep          leave the folder of the run in /tmp, to look into
  --only GATEWAY  a trial with one gateway (nginx, apache, haproxy, caddy,
                  front) that leaves the recordings as they are
TEXT
}

install=yes
keep=
only=
while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h) usage; exit 0 ;;
    --no-install) install=no ;;
    --keep) keep=yes ;;
    --only) only="${2:?--only needs the name of a gateway}"; shift ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done

cd "$(dirname "$0")/../.."
[ "$(id -u)" -eq 0 ] || { echo "record: network namespaces need root" >&2; exit 1; }

if [ "$install" = yes ]; then
  echo "record: installing gateways and tools"
  export DEBIAN_FRONTEND=noninteractive
  # The packages would start their services on port 80; ours run in a namespace.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  nice apt-get update -qq
  nice apt-get install -y -qq --no-install-recommends \
    nginx apache2 haproxy caddy chromium ffuf gobuster dirb wfuzz sqlmap hydra nmap wrk curl iproute2 >/dev/null
fi

run=$(mktemp -d /tmp/gatewatch-record.XXXXXX)
chmod 755 "$run" # the gateways' workers write here too
echo "record: building into $run/bin"
mkdir "$run/bin" "$run/logs"
nice go build -o "$run/bin/" ./test/record/site ./test/record/traffic ./test/record/syslogd ./test/record/recorder

nice -n 10 "$run/bin/recorder" -source test/record -bin "$run/bin" -dir "$run/logs" -only "$only"
[ -n "$only$keep" ] || rm -rf "$run"
