"""Processes that sign at once, some of them killed (SIGKILL) and started again."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

SIGNER = Path(__file__).resolve().parent / "signer.py"
Attempts = list[tuple[int, int]]


@dataclass
class Told:
    """What came back from all processes. `busy`: attempts that had to be made again because the site was busy for too long."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    kills: int = 0
    busy: int = 0
    seconds: float = 0.0


class Signer:
    """One process with its share of the attempts; started again it begins anew: who has signed already signs once."""

    def __init__(self, attempts: Attempts, facts: dict[str, str], words: list[str]) -> None:
        self.attempts, self.facts, self.words = attempts, facts, words
        self.printed: list[str] = []
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-W", "ignore", str(SIGNER), *self.words]
        self.process = subprocess.Popen(command, env=self.facts, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.say(json.dumps(self.attempts))
        self.ready = threading.Event()
        self.reader = threading.Thread(target=self.read, args=(self.process,), daemon=True)
        self.reader.start()

    def say(self, words: str) -> None:
        if self.process.stdin is not None:
            self.process.stdin.write(words + "\n")
            self.process.stdin.flush()

    def read(self, process: subprocess.Popen[str]) -> None:
        for line in process.stdout or ():
            if line == "ready\n":
                self.ready.set()
            else:
                self.printed.append(line)
        self.ready.set()

    def kill(self) -> bool:
        """False where it has finished already. The next one starts at once."""
        if self.process.poll() is not None:
            return False
        self.process.send_signal(signal.SIGKILL)
        self.end()
        self.printed.clear()  # it tells all of it again
        self.start()
        self.ready.wait(1200)
        self.say("go")
        return True

    def end(self) -> None:
        self.process.wait(1200)
        self.reader.join(1200)
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()


def run(attempts: Attempts, facts: dict[str, str], words: list[str], *, processes: int, kills: int, seed: int = 1) -> Told:
    """Dealt out one by one, so that attempts at the same title are made at the same time."""
    told, dice = Told(), random.Random(seed)
    signers = [Signer(attempts[n::processes], facts, words) for n in range(processes)]
    for one in signers:
        one.ready.wait(1200)
    begun = time.monotonic()
    for one in signers:
        one.say("go")
    while told.kills < kills and any(one.process.poll() is None for one in signers):
        time.sleep(dice.uniform(0.02, 0.4))
        told.kills += dice.choice(signers).kill()
    for one in signers:
        one.say("end")  # before its last attempt each waits for this, so that there is somebody to kill
    for one in signers:
        one.end()
    told.seconds = time.monotonic() - begun
    for one in signers:
        told.faults += [] if one.process.returncode == 0 else [f"a process ended with {one.process.returncode}"]
        for line in one.printed:
            outcome, _, again = line.split(" ", 2)[2].strip().partition(" ")
            if outcome in ("signed", "waits", "refused"):
                told.outcomes[outcome] += 1
                told.busy += int(again)
            else:
                told.faults.append(line.strip())
    if told.outcomes.total() != len(attempts):
        told.faults.append(f"{told.outcomes.total()} of {len(attempts)} attempts were answered")
    return told
