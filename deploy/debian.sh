# debian.sh: to be sourced. Packages of this machine's Debian, downloaded without root and without being installed.

# debian_apt STATE: an apt state of our own in that folder, so that no root is needed, with fresh lists of the machine's Debian
# sources only: its third-party sources are of no use here and may be out of reach. Sets APT, the command to download with; fails
# with a line that says why.
debian_apt() {
  local state=$1 source=/etc/apt/sources.list.d/debian.sources
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/parts"
  [ -f "$source" ] || source=/etc/apt/sources.list
  if [ ! -f "$source" ]; then
    echo "no Debian package source: neither $source nor debian.sources exists in /etc/apt" >&2
    return 1
  fi
  grep -v '^deb cdrom:' "$source" >"$state/parts/${source##*/}"
  APT=(apt-get -qq -o "Dir::State::Lists=$state/lists" -o "Dir::Cache=$state/cache"
    -o Dir::State::Status=/var/lib/dpkg/status -o Dir::Etc::SourceList=/dev/null
    -o "Dir::Etc::SourceParts=$state/parts" -o APT::Sandbox::User= -o Acquire::Languages=none)
  if ! "${APT[@]}" update >"$state/log" 2>&1; then
    cat "$state/log" >&2
    echo "apt-get update failed; check the network and /etc/apt" >&2
    return 1
  fi
}
