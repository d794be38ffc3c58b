#!/bin/bash
# test.sh: all tests but those of the standalone cluster and the fault campaign, on a fresh machine too: unit tests, tests
# with a real broker, a real Flink cluster and real guests, the scenarios of `lull demo`, one of them ended by Ctrl-C, and a
# check that neither leaves a process, namespace, memory or folder behind. Nothing is tried again but a scenario that
# was only slow.
set -euo pipefail
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

# What is made here bears this name, or begins with it and a dash, so that it can be told from what others run beside: the
# VMs and with them namespaces, folders and memory; and every process started from here has it in its environment.
NAME=t$$
export LULL_RUN=$NAME
RUNS=$ROOT/.lull/run
AIM_SECONDS=$((20 * 60))
ONLY_TIMING=3 # exit code of lull demo, see lull help demo
TRIES=3 # of a scenario that missed nothing but rates or times
PROTECT_SECONDS=240
INTERRUPT_SECONDS=15
SLOWEST=20 # test classes that are named at the end of theirs
WORK=$(mktemp -d)
SECONDS=0

say() { printf '\n=== %s (after %d s)\n' "$*" "$SECONDS"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }

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

ours() { # ours FOLDER PREFIX: names in it that are ours behind the prefix
  [ ! -d "$1" ] || find "$1" -maxdepth 1 \( -name "$2$NAME" -o -name "$2$NAME-*" \) -printf '%f\n'
}

namespaces() { ip netns list 2>/dev/null | awk '{ print $1 }' | grep -E "^lull-$NAME(-|\$)" || true; }

leftovers() { # one line for each thing that our tests left
  local pid command
  for pid in $(marked); do
    command=$({ tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null) || continue # it has ended meanwhile
    echo "process $pid: ${command:0:120}"
  done
  namespaces | sed 's/^/namespace /'
  ours /dev/shm lull- | sed 's|^|memory /dev/shm/|'
  ours "$RUNS" '' | sed "s|^|folder $RUNS/|"
}

sweep() { # ends and removes whatever leftovers says, but for the folders of runs that failed
  local pid namespace image
  for pid in $(marked); do kill -TERM "$pid" 2>/dev/null || true; done
  for _ in 1 2 3 4 5 6 7 8 9 10; do [ -n "$(marked)" ] || break; sleep 0.5; done
  for pid in $(marked); do kill -KILL "$pid" 2>/dev/null || true; done
  for namespace in $(namespaces); do deploy/net/net.sh down "${namespace#lull-}" || true; done
  for image in $(ours /dev/shm lull-); do rm -rf "/dev/shm/$image"; done
  rm -rf "$WORK"
  for image in $(ours "$RUNS" ''); do echo "logs of a run that did not pass: $RUNS/$image"; done
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

slowest() { # the test classes of this run that took most seconds: where time is to be looked for
  find . -path '*/target/surefire-reports/TEST-*.xml' -newer "$WORK/begun" -exec \
    sed -n 's/^<testsuite .* name="\([^"]*\)" time="\([^"]*\)".*/\2 \1/p' {} + | tr -d , | sort -rn | sed -n "1,${SLOWEST}p"
}

scenario() { # scenario NAME [SUFFIX of its VM and its report [OPTION...]]
  run "scenario $1" \
    deploy/lull demo --scenario "$1" --name "$NAME${2:-}" --report "$ROOT/.lull/report-$1${2:-}.json" "${@:3}"
}

# Rates and times are judged too, on two cores that others may use. A run that missed nothing else is done again, a few
# times at most, until each rate was reached in one of the runs; all reports stay. What must hold however busy the machine
# is must hold in each run, here as everywhere.
timed() { # timed NAME [OPTION...]: a scenario that is judged by the clock too
  local try status earlier=()
  rm -f "$ROOT/.lull/report-$1"-[0-9]*.json
  for ((try = 1; ; try++)); do
    status=0
    scenario "$1" "-$try" "${@:2}" "${earlier[@]}" || status=$?
    if [ "$status" != "$ONLY_TIMING" ] || [ "$try" = "$TRIES" ]; then break; fi
    say "ONLY RATES OR TIMES WERE MISSED (report: .lull/report-$1-$try.json); once more"
    earlier+=(--earlier "$ROOT/.lull/report-$1-$try.json")
  done
  [ "$status" != 0 ] || rm -rf "${RUNS:?}/$NAME"-[0-9]*
  return "$status"
}

# As at a terminal: one SIGINT for the command and all that it has started.
interrupted() {
  local log=$WORK/interrupted.log group end status=0
  say "Ctrl-C while a VM is protected"
  : >"$log"
  set -m # a process group of its own
  # Whoever started us in the background may have had SIGINT ignored, which is handed down.
  env --default-signal=INT deploy/lull demo --name "$NAME-c" --report "$WORK/interrupted.json" </dev/null >"$log" 2>&1 &
  group=$!
  set +m
  end=$((SECONDS + PROTECT_SECONDS))
  until grep -q '^the VM is protected' "$log"; do
    [ "$SECONDS" -lt "$end" ] && kill -0 "$group" 2>/dev/null || { cat "$log" >&2; fail "no VM was protected"; }
    sleep 0.2
  done
  sleep 2 # into the load
  kill -INT -- "-$group"
  end=$((SECONDS + INTERRUPT_SECONDS))
  while [ -n "$(leftovers)" ]; do
    [ "$SECONDS" -lt "$end" ] || { cat "$log" >&2; fail "$INTERRUPT_SECONDS s after Ctrl-C there was: $(leftovers)"; }
    sleep 0.2
  done
  wait "$group" || status=$?
  [ "$status" = 130 ] || { cat "$log" >&2; fail "after Ctrl-C lull demo ended with exit code $status, not 130"; }
  echo "nothing was left $((SECONDS + INTERRUPT_SECONDS - end)) s later"
}

run "what is missing" deploy/setup.sh
run "the guest image" deploy/guest/build.sh
# The standalone cluster's tests take minutes of their own, beyond what one run of this may: mvn -P cluster -pl deploy/cluster
# -am verify (deploy/cluster/README.md).
PROFILES=guest
echo "NOTE: the standalone cluster's tests run apart: mvn -P cluster -pl deploy/cluster -am verify"
echo "NOTE: the fault campaign runs apart: mvn -P faults -pl deploy/bench/faults -am verify, or deploy/bench/faults/faults.sh"
if [ -d ../shared/traces ]; then
  PROFILES=$PROFILES,traces
else
  echo "NOTE: ../shared/traces is not here, so the page pipeline is not tested on recorded pages"
fi
# The vector kernel is for a JDK 25: where one lies beside, it is built, and tested on that JVM.
if [ -z "${LULL_JDK25:-}" ]; then
  for home in /usr/lib/jvm/*-25-*; do [ ! -x "$home/bin/javac" ] || LULL_JDK25=$home; done
fi
if [ -n "${LULL_JDK25:-}" ]; then
  export LULL_JDK25
else
  echo "NOTE: no JDK 25 is here (LULL_JDK25), so the vector kernel is neither built nor tested"
fi
# Fewer rounds of the same than these take by themselves, for the time that it takes; README.md names the whole.
ORACLE_EPOCHS=250
CONTINUITY_KILLS=3
SCHEDULING_TURNS=1
STREAMS=400
echo "NOTE: OracleIT compares $ORACLE_EPOCHS epochs of each guest here and 1,000 by itself, ContinuityIT kills" \
  "$CONTINUITY_KILLS times and 10 by itself: mvn -pl deploy/local -am test -Dtest=OracleIT,ContinuityIT; the scenario" \
  "scheduling gives each schedule $SCHEDULING_TURNS turn here and three by itself: deploy/run.sh --scenario scheduling;" \
  "windows are held against brute force on $STREAMS streams here and on 1,000 by themselves: mvn -pl job -am test" \
  "-Dtest=WindowsEqualBruteForceTest"
touch "$WORK/begun"
run "unit, broker, Flink and guest tests" \
  mvn -B -ntp -P "$PROFILES" "-Dlull.tmp=$WORK" "-Dlull.oracle.epochs=$ORACLE_EPOCHS" \
  "-Dlull.continuity.kills=$CONTINUITY_KILLS" "-Dlull.streams=$STREAMS" -Dstyle.color=never verify
say "the $SLOWEST test classes that took longest, in seconds"
slowest
run "what is installed on a host" deploy/dist/check.sh
run "the alert rules" deploy/prometheus/check.sh
run "the guest image's own test" deploy/guest/test.sh
interrupted
scenario failover
timed scheduling --turns "$SCHEDULING_TURNS"
timed outage
say "what is left behind"
LEFT=$(leftovers)
[ -z "$LEFT" ] || fail "left behind: $LEFT"
echo "nothing"
# A machine that others use is no fault of what is tested, so this does not fail.
[ "$SECONDS" -le "$AIM_SECONDS" ] ||
  echo "WARNING: this took $((SECONDS / 60)) minutes; on two cores of its own it should take $((AIM_SECONDS / 60))"
say "all passed"
