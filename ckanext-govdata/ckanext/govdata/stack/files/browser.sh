#!/bin/sh
# Chromium and Chinese letters for the browser tests: installed where that is allowed, else named.
set -eu
wanted=""
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || wanted="chromium"
fc-list :lang=zh 2>/dev/null | grep -q . || wanted="$wanted fonts-noto-cjk fontconfig"
[ -n "$wanted" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "  Installing $wanted"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $wanted; } >/dev/null 2>&1 && exit 0
fi
echo "Missing for the browser tests, which will be skipped: $wanted" >&2
