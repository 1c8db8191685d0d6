"""Runs make targets one after the other and sums up: python3 tools/stages.py [--all] TARGET...

It stops at the first that fails; with --all it goes on, so that every fault is seen at once.
"""

from __future__ import annotations

import subprocess
import sys
import time


def main(targets: list[str]) -> int:
    """Run each target; 0 when all passed."""
    go_on = "--all" in targets
    targets = [target for target in targets if target != "--all"]
    lines, failed = [], False
    for target in targets:
        print(f"\n=== {target} ===", flush=True)
        begun = time.monotonic()
        code = subprocess.run(["make", "--no-print-directory", target], check=False).returncode
        lines.append(f"{target:<20} {'passed' if code == 0 else 'FAILED':<8} {time.monotonic() - begun:7.1f} s")
        failed = failed or code != 0
        if failed and not go_on:
            break
    lines += [f"{target:<20} not run" for target in targets[len(lines) :]]
    print("\n" + "\n".join(lines), flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
