#!/bin/sh
# Install Chromium and Chinese fonts for the browser tests where that is possible; tests/conftest.py says so where not.
set -eu
have_browser() { command -v chromium || command -v chromium-browser || command -v google-chrome; }
have_fonts() { command -v fc-list && fc-list :lang=zh-cn | grep -q .; }

if have_browser >/dev/null && have_fonts >/dev/null; then
    exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
    echo "没有 Chromium 或中文字体，也不能用 apt 安装（需要 root）。请自行安装 chromium 和 fonts-noto-cjk。" >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get -qq update </dev/null || true
apt-get -qq install -y --no-install-recommends chromium fonts-noto-cjk fontconfig </dev/null >/dev/null ||
    echo "Chromium 没有装成，浏览器测试将无法运行。" >&2
