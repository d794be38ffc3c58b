#!/bin/bash
# test.sh: all tests, on a fresh machine too: unit tests, tests with a real broker, a real Flink cluster and real
# guests, the scenarios of `lull demo`, and a check that nothing is left behind, also after Ctrl-C.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

# Every process started from here carries this mark in its environment, so that what is left can be told from others.
export LULL_RUN=test-$$-$RANDOM
WORK=$(mktemp -d)
NAMESPACES_BEFORE=$(ip netns list 2>/dev/null | awk '{ print $1 }' || true)
shared_memory() { find /dev/shm -maxdepth 1 -name 'lull-*' -printf '%f\n'; }
SHM_BEFORE=$(shared_memory)
SECONDS=0

say() { printf '\n=== %s (after %d s)\n' "$*" "$SECONDS"; }

marked() { # pids of processes with our mark; this script's own shells are not leftovers
  local environ pid
  for environ in /proc/[0-9]*/environ; do
    pid=${environ#/proc/}
    pid=${pid%/environ}
    if tr '\0' '\n' <"$environ" | grep -qx "LULL_RUN=$LULL_RUN" &&
      ! tr '\0' ' ' <"/proc/$pid/cmdline" | grep -q 'deploy/test\.sh'; then
      echo "$pid"
    fi
  done
} 2>/dev/null # processes come and go while this looks

new_namespaces() {
  ip netns list 2>/dev/null | awk '{ print $1 }' | grep '^lull-' | grep -vxF "$NAMESPACES_BEFORE" || true
}

new_shared_memory() { shared_memory | grep -vxF "$SHM_BEFORE" || true; }

leftovers() { # one line for each thing that our tests left
  local pid
  for pid in $(marked); do
    echo "process $pid: $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | cut -c1-120)"
  done
  new_namespaces | sed 's/^/namespace /'
  new_shared_memory | sed 's|^|shared memory /dev/shm/|'
}

sweep() { # ends and removes whatever leftovers says
  local pid namespace image
  for pid in $(marked); do kill -TERM "$pid" 2>/dev/null || true; done
  for _ in 1 2 3 4 5 6 7 8 9 10; do [ -n "$(marked)" ] || break; sleep 0.5; done
  for pid in $(marked); do kill -KILL "$pid" 2>/dev/null || true; done
  for namespace in $(new_namespaces); do deploy/net/net.sh down "${namespace#lull-}" || true; done
  for image in $(new_shared_memory); do rm -rf "/dev/shm/$image"; done
  rm -rf "$WORK"
}

finish() {
  local status=$?
  trap - EXIT INT TERM
  sweep
  exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

run() { # run WHAT COMMAND...: in the background, so that a signal is acted on at once
  say "$1"
  shift
  "$@" </dev/null &
  wait $!
}

# A scenario judges ratios and times on a shared machine: one that does not hold is run once more, and both are shown.
scenario() {
  local attempt=(deploy/lull demo --scenario "$1" --name "t$$" --report "$ROOT/.lull/report-$1.json")
  run "scenario $1" "${attempt[@]}" || run "scenario $1 DID NOT HOLD; once more" "${attempt[@]}"
}

run "what is missing" deploy/setup.sh
run "the guest image" deploy/guest/build.sh
# The standalone cluster's tests take minutes of their own, beyond what one run of this may: mvn -P cluster -pl deploy/cluster
# -am verify (deploy/cluster/README.md).
PROFILES=guest
echo "NOTE: the standalone cluster's tests run apart: mvn -P cluster -pl deploy/cluster -am verify"
if [ -d ../shared/traces ]; then
  PROFILES=$PROFILES,traces
else
  echo "NOTE: ../shared/traces is not here, so the page pipeline is not tested on recorded pages"
fi
run "unit, broker, Flink and guest tests" \
  mvn -B -ntp -P "$PROFILES" "-Dlull.tmp=$WORK" -Dstyle.color=never verify
run "the guest image's own test" deploy/guest/test.sh
scenario failover
scenario scheduling
scenario outage
say "what is left behind"
LEFT=$(leftovers)
if [ -n "$LEFT" ]; then
  printf 'left behind:\n%s\n' "$LEFT" >&2
  exit 1
fi
echo "nothing"
say "all passed"
