#!/bin/bash
# check.sh: unpacks the distribution that `mvn package` made and calls it as a host would. Nothing is installed.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT
fail() { printf 'FAILED: the distribution: %s\n' "$*" >&2; exit 1; }

ARCHIVES=("$HERE"/target/lull-*.tar.gz)
[ -f "${ARCHIVES[0]}" ] && [ ${#ARCHIVES[@]} = 1 ] || fail "there must be one target/lull-*.tar.gz; run: mvn -q -DskipTests package"
tar -xzf "${ARCHIVES[0]}" -C "$WORK"
UNPACKED=("$WORK"/lull-*)
ln -s "${UNPACKED[0]}" "$WORK/lull"
LULL=$WORK/lull/bin/lull

[ -s "$WORK/lull/worker/docs/operating.md" ] || fail "the worker's documents are not in it"
"$LULL" --version | grep -q '^lull [0-9]' || fail "lull --version says nothing of a version"
for side in primary backup; do
  "$LULL" reference "$side" >"$WORK/$side.yaml"
  [ -s "$WORK/$side.yaml" ] || fail "lull reference $side prints nothing"
  code=0
  "$LULL" "$side" --config "$WORK/absent.yaml" 2>"$WORK/said" || code=$?
  [ "$code" = 2 ] || fail "lull $side without its file ended with $code, which the unit's RestartPreventExitStatus doesn't name"
  unit=$WORK/lull/systemd/lull-$side@.service
  grep -q "^ExecStart=/opt/lull/bin/lull $side --config /etc/lull/%i.$side.yaml\$" "$unit" || fail "$unit starts something else"
  grep -qx 'KillMode=process' "$unit" || fail "$unit would end what must outlive the worker"
done
# By a java that only says what it was called with: which flags the launcher gives a JDK 25, and a JDK 17 not.
mkdir -p "$WORK/java/bin"
cat >"$WORK/java/bin/java" <<'JAVA'
#!/bin/bash
[ "$1" != --list-modules ] || { echo jdk.incubator.vector@25; exit; }
echo "$@"
JAVA
chmod +x "$WORK/java/bin/java"
flags() { echo "JAVA_VERSION=\"$1\"" >"$WORK/java/release"; JAVA_HOME=$WORK/java "$LULL" "$2"; }
[[ $(flags 25.0.3 primary) = *--sun-misc-unsafe-memory-access=allow*--add-modules\ jdk.incubator.vector* ]] ||
  fail "on JDK 25 lull primary runs without the vector kernel"
[[ $(flags 25.0.3 status) = *--sun-misc-unsafe-memory-access=allow* && $(flags 25.0.3 status) != *vector* ]] ||
  fail "on JDK 25 lull status has the wrong flags"
[[ $(flags 17.0.15 primary) != *--add-modules* && $(flags 17.0.15 primary) != *--sun-misc* ]] ||
  fail "on JDK 17 lull primary has flags that no JDK 17 knows"
for home in /usr/lib/jvm/*-25-*; do
  [ ! -x "$home/bin/java" ] || JAVA_HOME=$home "$LULL" --version 2>&1 | cmp -s - <("$LULL" --version) ||
    fail "on the JDK in $home lull --version says something else"
done
grep -q '^ExecStart=/opt/lull/bin/lull exporter --below /run/lull$' "$WORK/lull/systemd/lull-exporter.service" ||
  fail "lull-exporter.service starts something else"
[ -s "$WORK/lull/prometheus/rules.yaml" ] || fail "the alert rules are not in it"
if command -v systemd-analyze >/dev/null; then
  for unit in "$WORK"/lull/systemd/*.service; do
    sed -i "s|/opt/lull/|$WORK/lull/|" "$unit"
    # As an instance, since a template is not a unit yet.
    instance=$WORK/$(basename "${unit/@/@vm}")
    cp "$unit" "$instance"
    systemd-analyze verify --man=no "$instance" 2>"$WORK/said" || fail "systemd refuses $(basename "$unit"): $(cat "$WORK/said")"
    ! grep -F "$(basename "$instance")" "$WORK/said" || fail "systemd finds fault with $(basename "$unit")"
  done
else
  echo "NOTE: no systemd-analyze here, the units were not held against systemd"
fi
echo "the distribution can be called: ${ARCHIVES[0]##*/}, $(find "$WORK/lull/lib" -name '*.jar' | wc -l) jars"
