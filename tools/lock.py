"""Pins the dependencies anew, newest versions that fit, with hashes and without any index address: python3 tools/lock.py"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLAIN = ["--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-options", "--no-emit-find-links"]
COMPILE = ["--quiet", "--upgrade", "--generate-hashes", "--allow-unsafe", "--strip-extras", *PLAIN]
RUN = ["--build-deps-for", "editable", "-o", "requirements.lock", "pyproject.toml"]
TEST = ["--extra", "test", "-c", "requirements.lock", "-o", "requirements-test.lock", "pyproject.toml"]
BOTH = ["-c", "requirements.lock", "-c", "requirements-test.lock"]
KERNELS = [*BOTH, "-o", "requirements-kernels.lock", "requirements-kernels.in"]
BENCH = ["-c", "requirements-kernels.lock", "-o", "requirements-bench.lock", "requirements-bench.in"]


def main() -> None:
    """Write the four lock files, each with the versions of the one before it."""
    with tempfile.TemporaryDirectory(prefix="madang-lock-") as folder:
        python = Path(folder) / "bin" / "python"
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "-qq", "pip-tools"], check=True)
        for words in (RUN, TEST, KERNELS, BENCH):
            print("Pinning", words[words.index("-o") + 1], flush=True)
            shown = {"CUSTOM_COMPILE_COMMAND": "make lock", **os.environ}
            subprocess.run([python, "-m", "piptools", "compile", *COMPILE, *words], check=True, cwd=ROOT, env=shown)


if __name__ == "__main__":
    main()
