#!/bin/bash
# check-reproducible.sh [-c CACHE]: builds the test guest twice from the packages in the cache and compares.
#
# Each build starts from the packages alone (no stage folder of an earlier one), in a folder of its own,
# with its own umask, time zone and, when run as root, user: the second build is nobody's. Prints the
# digests of both; exits 1 when any differs. Fills the cache first when it is empty.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
CACHE=$HERE/../../.lull/cache/guest
NOBODY=65534

case ${1-} in
  '') ;;
  -c) CACHE=${2:?-c needs a folder} ;;
  *) echo "usage: check-reproducible.sh [-c CACHE]" >&2; exit 2 ;;
esac

WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

prepare() { # prepare FOLDER: a cache that holds the packages and nothing else, next to a copy of the sources
  mkdir -p "$1/cache" "$1/source/deploy"
  cp -a "$HERE" "$1/source/deploy/guest"
  cp -a "$CACHE/debs" "$1/cache/debs"
}

# The sources are copied because an ordinary user may be unable to enter this folder.
build() { # build FOLDER PREFIX...: PREFIX runs the build as another user or in another environment
  local folder=$1
  shift
  "$@" "$folder/source/deploy/guest/build.sh" -c "$folder/cache" -o "$folder/out" >"$folder.log" ||
    { cat "$folder.log" >&2; return 1; }
}

[ -d "$CACHE/debs" ] || "$HERE/build.sh" -c "$CACHE"
chmod 755 "$WORK"
prepare "$WORK/first"
prepare "$WORK/a-second-folder"
(umask 022 && TZ=UTC build "$WORK/first" env)
if [ "$(id -u)" = 0 ]; then
  chown -R "$NOBODY:$NOBODY" "$WORK/a-second-folder"
  other=(setpriv "--reuid=$NOBODY" "--regid=$NOBODY" --clear-groups env HOME=/nonexistent)
else
  other=(env)
fi
(umask 077 && TZ=Asia/Tokyo build "$WORK/a-second-folder" "${other[@]}")

cat "$WORK/first/out/SHA256SUMS"
if cmp -s "$WORK/first/out/SHA256SUMS" "$WORK/a-second-folder/out/SHA256SUMS"; then
  echo "reproducible: both builds are equal"
else
  echo "not reproducible; the other build:"
  cat "$WORK/a-second-folder/out/SHA256SUMS"
  exit 1
fi
