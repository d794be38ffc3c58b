#!/bin/bash
# check.sh: has Prometheus's promtool judge rules.yaml: that it is well-formed, and that each alert fires and is silent as
# rules_test.yaml says. Where there is no promtool, it is taken out of Debian's package, which is not installed: that would
# start a server.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE=$HERE/../../.lull/promtool
. "$HERE/../debian.sh"
fail() { printf 'FAILED: the alert rules: %s\n' "$*" >&2; exit 1; }

take() { # takes promtool out of the package
  mkdir -p "$CACHE"
  debian_apt "$CACHE/apt" || fail "promtool is not here, and no packages can be had (see above)"
  (cd "$CACHE" && "${APT[@]}" download prometheus) >"$CACHE/log" 2>&1 || fail "can't download Debian's package prometheus: $(cat "$CACHE/log")"
  dpkg-deb --fsys-tarfile "$CACHE"/prometheus_*.deb | tar -xf - -C "$CACHE" --strip-components=3 ./usr/bin/promtool
  rm -r "$CACHE"/prometheus_*.deb "$CACHE/apt"
}

if ! PROMTOOL=$(command -v promtool); then
  PROMTOOL=$CACHE/promtool
  [ -x "$PROMTOOL" ] || take
fi

"$PROMTOOL" check rules "$HERE/rules.yaml"
"$PROMTOOL" test rules "$HERE/rules_test.yaml"
# An alert on a metric that nobody serves is always silent.
for metric in $(grep -oh '\blull_[a-z_]*' "$HERE/rules.yaml" | sort -u); do
  grep -q "^| \`$metric\` " "$HERE/../../worker/docs/monitoring.md" || fail "lull exporter serves no $metric"
done
# Each alert has a line among those that must fire.
for alert in $(sed -n 's/.*- alert: //p' "$HERE/rules.yaml"); do
  grep -q "ALERTS{alertname=\"$alert\", alertstate=\"firing\".*value: 1" "$HERE/rules_test.yaml" || fail "rules_test.yaml never has $alert fire"
done
