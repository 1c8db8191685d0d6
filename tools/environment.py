"""Makes and updates the project's virtual environments from the lock files: python3 tools/environment.py run|test|kernels|bench

`run` is what the site needs, `test` adds what tests and checks need (both in .venv), `kernels` is the kernels without
Django (.venv-kernels), `bench` the same with what the kernels are measured beside (.venv-bench). Nothing is done when the
environment already stands as the lock files say.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {
    "run": (".venv", ["requirements.lock"]),
    "test": (".venv", ["requirements.lock", "requirements-test.lock"]),
    "kernels": (".venv-kernels", ["requirements-kernels.lock"]),
    "bench": (".venv-bench", ["requirements-kernels.lock", "requirements-bench.lock"]),
}


def main(kind: str) -> int:
    """Bring the environment of `kind` up to date; 0 when it stands."""
    if sys.version_info < (3, 11):  # noqa: UP036 - older Pythons run this file so far as to read the sentence
        return fail(f"Madang needs Python 3.11 or later, not {sys.version.split()[0]}; name another: make PYTHON=python3.12 ...")
    folder, locks = LOCKS[kind]
    venv, stamp = ROOT / folder, ROOT / folder / f"stamp-{kind}"
    if stamp.exists() and stamp.read_text() == digest(locks) and runs(venv):
        return 0
    if not runs(venv) and not create(venv):
        return fail(f"{sys.executable} cannot make a virtual environment; on Debian: apt-get install python3-venv")
    install(venv, locks)
    for old in venv.glob("stamp-*"):  # another kind may now have other versions than its lock says
        old.unlink()
    stamp.write_text(digest(locks))
    if kind == "test":
        (venv / "stamp-run").write_text(digest(LOCKS["run"][1]))
    return 0


def digest(locks: list[str]) -> str:
    """What the environment depends on, as one word."""
    import tomllib  # here, because older Pythons must get as far as the sentence in main

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]  # our entry points are written at installation
    parts = [*((ROOT / name).read_text() for name in locks), repr(project), sys.version, str(ROOT)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def runs(venv: Path) -> bool:
    """True when the environment's own Python starts and is the one we run under."""
    python = venv / "bin" / "python"
    if not python.exists():
        return False
    asked = subprocess.run([python, "-c", "import sys; print(sys.version)"], capture_output=True, text=True, check=False)
    return asked.returncode == 0 and asked.stdout.strip() == sys.version


def create(venv: Path) -> bool:
    print(f"Making {venv.name} with Python {sys.version.split()[0]}", flush=True)
    shutil.rmtree(venv, ignore_errors=True)
    return subprocess.run([sys.executable, "-m", "venv", venv], check=False).returncode == 0


def install(venv: Path, locks: list[str]) -> None:
    """Install what the lock files pin, by hash; then the project itself, as a link to this folder."""
    print(f"Installing into {venv.name}: {', '.join(locks)} (a minute or two the first time)", flush=True)
    pip = [venv / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    listed = [word for name in locks for word in ("-r", str(ROOT / name))]
    subprocess.run([*pip, "--require-hashes", "--no-deps", *listed], check=True, cwd=ROOT)
    if venv.name == ".venv":
        subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", "."], check=True, cwd=ROOT)
        print("Compiling the timetable's search (a minute or two), so that the first timetable starts at once", flush=True)
        subprocess.run([pip[0], "-c", "from madang.kernels.timetable import prepare; prepare()"], check=True, cwd=ROOT)


def fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit(__doc__)
    try:
        sys.exit(main(sys.argv[1]))
    except subprocess.CalledProcessError as error:
        sys.exit(f"Stopped: {' '.join(map(str, error.cmd[:6]))} ... ended with {error.returncode}; its words are above.")
