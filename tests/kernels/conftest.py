"""One thread for each process's small tables: OpenBLAS's threads wait for each other, twenty times as long on a busy machine."""

from __future__ import annotations

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before anything imports NumPy
