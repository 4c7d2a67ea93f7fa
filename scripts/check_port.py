"""Tell whether a port is free before anything is started on it."""

import socket
import sys


def main(host: str, port: str) -> int:
    """Return 0 where the port can be taken; say in Chinese what to do where it cannot."""
    if not port.isdigit() or not 0 < int(port) < 65536:
        print(f"PORT 须是 1 到 65535 之间的数，现在是“{port}”。例如：make run PORT=8600", file=sys.stderr)
        return 1
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port just given back counts as free
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            print(f"{host} 的端口 {port} 用不了（{error.strerror}）。"
                  f"请先停掉占用它的程序，或换一个端口：make run PORT={int(port) % 65535 + 1}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
