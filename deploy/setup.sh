#!/bin/bash
# setup.sh [--check]: installs, from Debian packages, what Lull needs and this machine lacks.
#
# A tool counts as present when it can be found, wherever it came from; only what is missing is
# installed. A second run changes nothing and takes a fraction of a second.
#   --check   install nothing; list what is missing and exit 1, or exit 0 when nothing is.
# Without root it installs nothing, prints the one line to run, and exits 1.
set -euo pipefail

PATH=$PATH:/usr/sbin:/sbin
JAVA_MINIMUM=17

# Each line: Debian package, probe, what it is for. A probe is a command, "jdk", or a file.
NEEDED="\
qemu-system-x86|qemu-system-x86_64|runs the protected VM and its standby
openjdk-17-jdk-headless|jdk|builds and runs Lull
maven|mvn|builds Lull
redis-tools|redis-benchmark|drives load into the test guest
curl|curl|fetches from the test guest's web server
iproute2|ip|network namespace, bridge and TAP devices of the test network
gcc|gcc|builds the guest's workload and the TCG preload
libc6-dev|/usr/include/stdio.h|headers and static C library for the same
dpkg|dpkg-deb|unpacks the test guest's packages
cpio|cpio|packs the test guest's root file system
e2fsprogs|mke2fs|makes the test guest's data disk
gzip|gzip|packs the test guest's root file system
procps|ps|looks after the processes that the scripts start
util-linux|setpriv|builds the test guest as an ordinary user"

say() { printf 'setup: %s\n' "$*"; }

# jdk_present: a Java compiler of at least JAVA_MINIMUM is on the path. Reads the JDK's release
# file, because starting a JVM to ask it would take longer than all other checks together.
jdk_present() {
  local compiler release version
  compiler=$(command -v javac) || return 1
  release=$(dirname "$(dirname "$(readlink -f "$compiler")")")/release
  if [ -r "$release" ]; then
    version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$release")
  else
    version=$(javac -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p')
  fi
  [ "${version:-0}" -ge "$JAVA_MINIMUM" ]
}

present() { # present PROBE
  case $1 in
    jdk) jdk_present ;;
    /*) [ -e "$1" ] ;;
    *) command -v "$1" >/dev/null ;;
  esac
}

# missing_packages: one "package|purpose" line for each probe that fails.
missing_packages() {
  local package probe purpose
  while IFS='|' read -r package probe purpose; do
    present "$probe" || printf '%s|%s\n' "$package" "$purpose"
  done <<<"$NEEDED"
}

apt_install() { # apt_install PACKAGE...
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"
}

have_lists() { compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; }

refresh_lists() {
  say "refreshing the package lists (apt-get update)"
  # A third-party source of this machine that can't be reached must not stop us: what we need comes
  # from Debian, and the installation below fails loudly when it isn't there.
  apt-get update -qq || say "apt-get update reported errors; trying with the lists that there are"
}

install_missing() { # install_missing PACKAGE...
  local log refreshed=no
  log=$(mktemp)
  # shellcheck disable=SC2064 # the name is fixed now, the file goes when the script ends
  trap "rm -f '$log'" EXIT
  have_lists || { refresh_lists; refreshed=yes; }
  say "installing: $*"
  apt_install "$@" >"$log" 2>&1 && return 0
  if [ "$refreshed" = no ]; then
    # Old lists name packages that the mirrors no longer hold.
    refresh_lists
    say "installing again: $*"
    apt_install "$@" >"$log" 2>&1 && return 0
  fi
  tail -n 20 "$log" >&2
  say "installation failed (above: the end of apt-get's output); check the network and the apt sources, then run setup.sh again" >&2
  return 1
}

main() {
  local check=no missing line packages=()
  case ${1-} in
    '') ;;
    --check) check=yes ;;
    *) echo "usage: setup.sh [--check]" >&2; exit 2 ;;
  esac
  missing=$(missing_packages)
  if [ -z "$missing" ]; then say "nothing is missing"; exit 0; fi
  while IFS= read -r line; do
    say "missing: ${line%%|*} (${line#*|})"
    packages+=("${line%%|*}")
  done <<<"$missing"
  [ "$check" = no ] || exit 1
  if [ "$(id -u)" != 0 ]; then
    say "root is needed to install; run this line, then go on:"
    printf "sudo sh -c 'apt-get update && apt-get install -y --no-install-recommends %s'\n" "${packages[*]}"
    exit 1
  fi
  install_missing "${packages[@]}"
  missing=$(missing_packages)
  if [ -n "$missing" ]; then
    say "installed, yet still not found: ${missing//$'\n'/; }; look for an older version in front of it on the PATH" >&2
    exit 1
  fi
  say "done: everything is there"
}

main "$@"
