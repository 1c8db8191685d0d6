"""Runs make targets one after the other, stops at the first that fails, and sums up: python3 tools/stages.py TARGET..."""

from __future__ import annotations

import subprocess
import sys
import time


def main(targets: list[str]) -> int:
    """Run each target; 0 when all passed."""
    lines, code = [], 0
    for target in targets:
        print(f"\n=== {target} ===", flush=True)
        begun = time.monotonic()
        code = subprocess.run(["make", "--no-print-directory", target], check=False).returncode
        lines.append(f"{target:<20} {'passed' if code == 0 else 'FAILED':<8} {time.monotonic() - begun:7.1f} s")
        if code:
            break
    lines += [f"{target:<20} not run" for target in targets[len(lines) :]]
    print("\n" + "\n".join(lines), flush=True)
    return 1 if code else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
