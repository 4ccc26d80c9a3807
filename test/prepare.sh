#!/bin/sh
# Installs what the tests and the demonstration need and this machine lacks: npm packages and Debian packages.
# Says what it does when it does something; the tools' own output appears when they fail.
set -eu
cd "$(dirname "$0")/.."

PACKAGES='mmdebstrap debian-archive-keyring util-linux iproute2 nftables rpm binutils libxml2-utils strace procps librsvg2-bin fonts-dejavu-core haproxy keepalived ldirectord qemu-system-x86 e2fsprogs'

fail() {
  echo "prepare: $*" >&2
  exit 1
}

quietly() {
  output=$("$@" 2>&1) || fail "$* fails:
$output"
}

npm_packages() {
  if [ -x node_modules/.bin/node ] && [ ! package-lock.json -nt node_modules/.package-lock.json ]; then return; fi
  echo 'installing npm packages'
  quietly npm ci
}

debian_packages() {
  missing=
  for package in $PACKAGES; do
    # shellcheck disable=SC2016 # dpkg-query's variable, not the shell's
    case $(dpkg-query --show --showformat '${Status}' "$package" 2>/dev/null) in
    *' installed') ;;
    *) missing="$missing $package" ;;
    esac
  done
  [ "$missing" ] || return 0
  echo "installing$missing"
  quietly apt-get update
  # shellcheck disable=SC2086 # a list
  quietly env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $missing
}

[ "$(id -u)" = 0 ] || fail 'needs root, to install packages and to run clusters in namespaces: run it as root'
command -v npm >/dev/null || fail 'npm is missing: apt-get install npm'
command -v dpkg-query >/dev/null || fail 'needs Debian 12 or later'
npm_packages
debian_packages
