#!/bin/bash
# cluster.sh: a Kafka broker and a Flink cluster with high availability, each process its own, on this machine's
# loopback, from ordinary artifacts. `mvn -q -DskipTests package` comes first. README.md says how to use it.
#
#   start [N]               all processes, with N TaskManagers (2), and Lull's topics
#   start NAME              one of kafka, zookeeper, jobmanager, taskmanager-1, taskmanager-2, ...
#   stop [NAME]             all, or one
#   status                  what runs
#   submit [--jar FILE] [--from PATH] [--parallelism N] [JOB OPTIONS]
#                           starts the job, from a savepoint or a Flink checkpoint if given; prints its id
#   jobs                    ids and states of the jobs
#   savepoint JOB           prints the savepoint's path; the job runs on
#   stop-job JOB            the same, and the job ends
#   rescale JOB N           changes the parallelism of a running job
#   latest JOB              path of its newest Flink checkpoint that is retained
#
# LULL_CLUSTER: folder of data, logs and process ids (.lull/cluster); LULL_PORTS: first of 16 ports (19600); LULL_JVM:
# further options of every JVM.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(cd "$HERE/../.." && pwd)
RUN=$(realpath -m "${LULL_CLUSTER:-$ROOT/.lull/cluster}")
PORTS=${LULL_PORTS:-19600}
KAFKA=127.0.0.1:$PORTS
REST=http://127.0.0.1:$((PORTS + 5))
JAVA=${JAVA_HOME:+$JAVA_HOME/bin/}java
JOB_CLASS=io.lull.job.CheckpointSchedulingJob
START_SECONDS=90
STOP_SECONDS=10
TOPICS_TRIES=4
SAVEPOINT_SECONDS=60

die() { printf 'cluster.sh: %s\n' "$*" >&2; exit 1; }

# ---- processes

pid_of() { cat "$RUN/pid/$1" 2>/dev/null || true; }

runs() { # runs NAME: a process with the id that was noted is alive, and is ours
  local pid
  pid=$(pid_of "$1")
  [ -n "$pid" ] && tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$RUN/"
}

launch() { # launch NAME COMMAND...
  local name=$1
  shift
  runs "$name" && die "$name runs already, process $(pid_of "$name")"
  mkdir -p "$RUN/log" "$RUN/pid"
  setsid "$@" >>"$RUN/log/$name.log" 2>&1 </dev/null &
  echo $! >"$RUN/pid/$name"
}

end() { # end NAME: SIGTERM, then SIGKILL
  local pid i
  runs "$1" || { rm -f "$RUN/pid/$1"; return 0; }
  pid=$(pid_of "$1")
  kill -TERM "$pid" 2>/dev/null || true
  for ((i = 0; i < STOP_SECONDS * 10; i++)); do
    runs "$1" || break
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  rm -f "$RUN/pid/$1"
}

names() { # of what was started, in the order in which it is stopped
  local file
  for file in "$RUN"/pid/taskmanager-*; do [ -e "$file" ] && basename "$file"; done
  printf '%s\n' jobmanager zookeeper kafka
}

configure() { # fills in the configuration
  local file
  [ -s "$HERE/flink/target/classpath" ] && [ -s "$HERE/kafka/target/classpath" ] && [ -d "$HERE/target/classes" ] ||
    die "not built yet; run: mvn -q -DskipTests package"
  mkdir -p "$RUN/conf" "$RUN/tmp"
  for file in "$HERE"/conf/*; do
    sed -e "s|@RUN@|$RUN|g" -e "s|@PORT_KAFKA@|$PORTS|g" -e "s|@PORT_CONTROLLER@|$((PORTS + 1))|g" \
      -e "s|@PORT_ZOOKEEPER@|$((PORTS + 2))|g" -e "s|@PORT_JOBMANAGER@|$((PORTS + 3))|g" \
      -e "s|@PORT_BLOB@|$((PORTS + 4))|g" -e "s|@PORT_REST@|$((PORTS + 5))|g" \
      -e "s|@PORT_METRICS@|$((PORTS + 6))-$((PORTS + 15))|g" "$file" >"$RUN/conf/$(basename "$file")"
  done
}

start_one() {
  local kafka flink more logging=-Dlog4j2.configurationFile=$RUN/conf/log4j2.properties
  local lean=(-XX:+UseSerialGC -XX:-UsePerfData "-Djava.io.tmpdir=$RUN/tmp")
  read -ra more <<<"${LULL_JVM:-}"
  lean+=("${more[@]}")
  configure
  kafka=$(cat "$HERE/kafka/target/classpath")
  flink=$HERE/target/classes:$(cat "$HERE/flink/target/classpath")
  case $1 in
    kafka)
      [ -e "$RUN/kafka/meta.properties" ] ||
        "$JAVA" "${lean[@]}" "$logging" -cp "$kafka" kafka.tools.StorageTool format \
          -t "$(head -c 16 /dev/urandom | base64 | tr '+/' 'AB' | cut -c1-22)" -c "$RUN/conf/server.properties" >/dev/null
      launch kafka "$JAVA" -Xmx320m "${lean[@]}" "$logging" -cp "$kafka" kafka.Kafka "$RUN/conf/server.properties"
      ;;
    zookeeper)
      launch zookeeper "$JAVA" -Xmx64m "${lean[@]}" "$logging" -cp "$flink" \
        org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.ZooKeeperServerMain "$RUN/conf/zoo.cfg"
      ;;
    jobmanager)
      launch jobmanager "$JAVA" -Xmx448m "${lean[@]}" "@$RUN/conf/flink.opens" "$logging" -cp "$flink" \
        org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint --configDir "$RUN/conf"
      ;;
    taskmanager-*)
      launch "$1" "$JAVA" -Xmx320m -XX:MaxDirectMemorySize=144m -XX:MaxMetaspaceSize=192m "${lean[@]}" \
        "@$RUN/conf/flink.opens" "$logging" -cp "$flink" \
        org.apache.flink.runtime.taskexecutor.TaskManagerRunner --configDir "$RUN/conf" -D taskmanager.resource-id="$1"
      ;;
    *) die "no process is called $1; there are kafka, zookeeper, jobmanager and taskmanager-N" ;;
  esac
}

start_all() {
  local count=$1 i name
  for name in zookeeper kafka jobmanager; do start_one "$name"; done
  for ((i = 1; i <= count; i++)); do start_one "taskmanager-$i"; done
  for ((i = 0; ; i++)); do # a broker on a busy machine is late
    "$ROOT/deploy/lull" topics --create --bootstrap-servers "$KAFKA" 2>"$RUN/log/topics.log" && break
    [ "$i" -lt "$TOPICS_TRIES" ] || die "no topics: $(tail -n 1 "$RUN/log/topics.log")"
  done
  for ((i = 0; i < START_SECONDS * 10; i++)); do
    [ "$(curl -s "$REST/overview" | field taskmanagers)" = "$count" ] && return 0
    sleep 0.1
  done
  die "not $count TaskManagers within $START_SECONDS s; see $RUN/log"
}

# ---- Flink's REST interface

field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; } # the value of a key that occurs once

rest() { # rest METHOD PATH [JSON]: prints the answer; an error is one line
  local answer
  answer=$(curl -sS -X "$1" -H 'Content-Type: application/json' ${3+-d "$3"} "$REST$2") ||
    die "Flink doesn't answer at $REST; is the cluster started?"
  case $answer in *'"errors":'*) die "Flink refuses $1 $2: $(printf '%s' "$answer" | head -c 2000)" ;; esac
  printf '%s\n' "$answer"
}

submit() {
  local jar='' from='' parallelism=1 arguments argument id
  while [ $# -gt 0 ]; do
    case $1 in
      --jar) jar=$2 ;;
      --from) from=$2 ;;
      --parallelism) parallelism=$2 ;;
      *) break ;;
    esac
    shift 2
  done
  [ -n "$jar" ] || jar=$(ls "$ROOT"/job/target/lull-job-*-cluster.jar)
  arguments="\"--config\",\"$RUN/conf/lull.properties\",\"--lull.bootstrap-servers\",\"$KAFKA\""
  for argument in "$@"; do
    argument=${argument//\\/\\\\}
    arguments+=",\"${argument//\"/\\\"}\""
  done
  id=$(curl -sS -X POST -H 'Expect:' -F "jarfile=@$jar" "$REST/jars/upload" | field filename)
  [ -n "$id" ] || die "Flink doesn't take $jar; is the cluster started?"
  rest POST "/jars/$(basename "$id")/run" "{\"entryClass\":\"$JOB_CLASS\",\"parallelism\":$parallelism,\
${from:+\"savepointPath\":\"$from\",}\"programArgsList\":[$arguments]}" | field jobid
}

savepoint() { # savepoint JOB PATH JSON: asks, waits, prints where it is
  local request answer i
  request=$(rest POST "/jobs/$1/$2" "$3" | field request-id)
  for ((i = 0; i < SAVEPOINT_SECONDS * 10; i++)); do
    answer=$(rest GET "/jobs/$1/savepoints/$request")
    case $answer in
      *failure-cause*) die "no savepoint: $(printf '%s' "$answer" | head -c 2000)" ;;
      *'"COMPLETED"'*) printf '%s\n' "$answer" | field location; return 0 ;;
    esac
    sleep 0.1
  done
  die "no savepoint within $SAVEPOINT_SECONDS s"
}

latest() {
  local newest
  newest=$(find "$RUN/checkpoints/$1" -path '*/chk-*/_metadata' 2>/dev/null | sort -V | tail -n 1)
  [ -n "$newest" ] || die "job $1 has no Flink checkpoint in $RUN/checkpoints"
  printf 'file://%s\n' "$(dirname "$newest")"
}

rescale() { # the requirements of all vertices, with another upper bound
  local wanted
  wanted=$(rest GET "/jobs/$1/resource-requirements" | sed "s/\"upperBound\":-\{0,1\}[0-9]*/\"upperBound\":$2/g")
  rest PUT "/jobs/$1/resource-requirements" "$wanted" >/dev/null
}

case ${1-} in
  start)
    case ${2-2} in
      [0-9]*) start_all "${2-2}" ;;
      *) start_one "$2" ;;
    esac
    ;;
  stop) for name in ${2-$(names)}; do end "$name"; done ;;
  status)
    for name in $(names); do
      if runs "$name"; then echo "$name runs, process $(pid_of "$name")"; else echo "$name does not run"; fi
    done
    ;;
  submit) shift; submit "$@" ;;
  jobs) rest GET /jobs ;;
  savepoint) savepoint "$2" savepoints "{\"target-directory\":\"file://$RUN/savepoints\"}" ;;
  stop-job) savepoint "$2" stop "{\"targetDirectory\":\"file://$RUN/savepoints\",\"drain\":false}" ;;
  rescale) rescale "$2" "$3" ;;
  latest) latest "$2" ;;
  *) sed -n '2,/^# further/s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
