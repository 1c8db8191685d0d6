"""A progress bar for the terminal; in a pipe or a log it becomes a line now and then."""

from __future__ import annotations

import sys
import time

WIDTH = 32
QUIET = 5.0
"""Seconds between two lines where nobody watches a terminal."""


class Bar:
    """`bar.show(done, total)` while working, `bar.end("12 companies")` when done."""

    def __init__(self, label: str, *, aside: bool = False) -> None:
        """`aside`: on the error output, for a command whose output is read by a program."""
        self.label = label
        self.stream = sys.stderr if aside else sys.stdout
        self.began = time.monotonic()
        self.last = 0.0
        self.live = self.stream.isatty()

    def show(self, done: float, total: float, words: str = "") -> None:
        """Draw the state; cheap to call often."""
        now = time.monotonic()
        if now - self.last < (0.1 if self.live else QUIET):
            return
        self.last = now
        share = min(1.0, done / total) if total else 0.0
        drawn = "█" * round(share * WIDTH) + "·" * (WIDTH - round(share * WIDTH))
        self._print(f"{self.label:<12} {drawn} {share:4.0%}  {now - self.began:3.0f} s  {words}", final=not self.live)

    def end(self, words: str = "") -> None:
        """The last line, which stays."""
        self._print(f"{self.label:<12} {words}  ({time.monotonic() - self.began:.1f} s)", final=True)

    def _print(self, text: str, *, final: bool) -> None:
        begin, clear = ("\r", "\x1b[K") if self.live else ("", "")
        self.stream.write(begin + text + clear + ("\n" if final else ""))
        self.stream.flush()
