#!/bin/sh
# Debian's own nginx, unpacked and not installed, for the tests of the installation page: fetched
# where apt is there, else named.
set -eu
target=.govdata/debian-nginx
[ ! -x "$target/usr/sbin/nginx" ] || exit 0
if command -v apt-get >/dev/null && command -v dpkg >/dev/null; then
    mkdir -p .govdata
    new=$(mktemp -d .govdata/nginx.XXXXXX)
    trap 'rm -rf "$new"' EXIT
    fetch() { (cd "$new" && apt-get download -qq nginx nginx-common) >/dev/null 2>&1; }
    fetch || { apt-get update -qq >/dev/null 2>&1 || true; fetch || true; }
    for package in "$new"/*.deb; do
        [ ! -f "$package" ] || dpkg -x "$package" "$new/root"
    done
    if [ -x "$new/root/usr/sbin/nginx" ]; then
        rm -rf "$target"
        mv "$new/root" "$target"
        exit 0
    fi
fi
echo "Missing for the test of the installation page, which will be skipped: Debian's nginx" >&2
