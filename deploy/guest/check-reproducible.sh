#!/bin/bash
# check-reproducible.sh: checks that the test guest is the same, bit for bit, when it is built elsewhere.
#
# Compares .lull/guest (brought up to date first) with a second build from the same packages: in another
# folder, from unpacking on, with another umask and time zone and, when run as root, by user nobody.
# Prints the digests; exits 1 when any differs.
set -euo pipefail

HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
LULL=$HERE/../../.lull
NOBODY=65534

[ $# = 0 ] || { echo "usage: check-reproducible.sh" >&2; exit 2; }
WORK=$(mktemp -d)
trap 'rm -rf "$WORK"' EXIT

"$HERE/build.sh"
# The sources are copied too, because an ordinary user may be unable to enter this folder.
mkdir -p "$WORK/source/deploy" "$WORK/cache"
cp -a "$HERE" "$WORK/source/deploy/guest"
cp -a "$HERE/../debian.sh" "$WORK/source/deploy/"
cp -a "$LULL/cache/guest/debs" "$WORK/cache/debs"
AS=()
if [ "$(id -u)" = 0 ]; then
  chown -R "$NOBODY:$NOBODY" "$WORK"
  AS=(setpriv "--reuid=$NOBODY" "--regid=$NOBODY" --clear-groups)
fi
(
  umask 077
  "${AS[@]}" env HOME=/nonexistent TZ=Asia/Tokyo "$WORK/source/deploy/guest/build.sh" -c "$WORK/cache" -o "$WORK/out"
)

# The files themselves are hashed here, not taken from the lists that the builds wrote.
first=$(cd "$LULL/guest" && sha256sum vmlinux initrd.gz data.ext4 condfix.so nettools.gz)
second=$(cd "$WORK/out" && sha256sum vmlinux initrd.gz data.ext4 condfix.so nettools.gz)
echo "$first"
if [ "$first" != "$second" ]; then
  echo "not reproducible; the second build:"
  echo "$second"
  exit 1
fi
echo "reproducible: both builds are equal"
