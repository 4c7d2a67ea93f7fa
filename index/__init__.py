"""Offline: document in, searchable clauses out."""

import os

# One thread for numpy's matrix products, set before numpy is first imported: they are small here, and a second thread
# waiting in a spin makes a question four times slower when the other core is busy (65 ms against 14 ms, measured).
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
