"""A circuit breaker: an endpoint that is dead is not asked again for a while."""

import threading
import time

FAILURES = 3  # in a row, after which the endpoint rests: one may be chance, and each costs the users a wait
REST = 30.0  # seconds until one call may try again; a restart of a model server takes about as long


class Breaker:
    """Count failures in a row; while open, let one call through each `rest` seconds."""

    def __init__(self, failures: int = FAILURES, rest: float = REST) -> None:
        self._most = failures
        self._rest = rest
        self._lock = threading.Lock()
        self._failures = 0
        self._next_try = 0.0  # time.monotonic() from which the next call is let through while open

    def admits(self) -> bool:
        """Tell whether a call may go out; while open, the one that may is the trial."""
        with self._lock:
            if self._failures < self._most:
                return True
            now = time.monotonic()
            if now < self._next_try:
                return False
            self._next_try = now + self._rest  # the others wait for what this one finds
            return True

    def succeeded(self) -> None:
        """Close."""
        with self._lock:
            self._failures = 0

    def failed(self, *, surely: bool = False) -> None:
        """Count a failure; `surely` opens at once, for what no repetition mends."""
        with self._lock:
            self._failures = self._most if surely else self._failures + 1
            self._next_try = time.monotonic() + self._rest
