#!/bin/sh
# Make .venv with the interpreter given; say in Chinese what is missing.
set -eu
python=$1
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "需要 Python 3.11 或更新的版本，现在是“$("$python" --version 2>&1 || echo 没有找到)”。请安装后重试，或用 make PYTHON=路径 指定。" >&2
    exit 1
fi
if ! "$python" -m venv .venv; then
    rm -rf .venv
    echo "没有建成虚拟环境。Debian、Ubuntu 上请先运行：apt-get install python3-venv" >&2
    exit 1
fi
