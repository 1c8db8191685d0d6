"""The crowd: each client is a signed-in person on a connection of her own, who books, swaps, cancels, asks and answers."""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

SECRET = "abcdefghijklmnopqrstuvwxyzABCDEF"  # a CSRF cookie that the client made up; the site compares it with itself
PROPOSAL = re.compile(r'/proposals/([0-9a-f]{16})/"')
SENT = re.compile(r'/requests/(R[0-9]+)/"')
SLOT = re.compile(r'name="slot" value="([0-9]+)"')
SWAP = re.compile(r'name="other" value="(R[0-9]+)"')
PATIENCE = 120
"""Seconds that a client waits for an answer: on a busy machine 200 of them queue for a while."""
ACTS = ["arrange"] * 5 + ["blindly"] + ["cancel"] * 2 + ["answer"] * 6 + ["ask", "accept"]


@dataclass
class Told:
    """What came back, from all clients together."""

    seconds: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, act: str, status: int, took: float) -> None:
        word = {2: "page", 3: "done", 4: "refused"}.get(status // 100, "error")
        with self.lock:
            self.seconds.append(took)
            self.outcomes[f"{act} {word}"] += 1
            if status >= 500:
                self.faults.append(f"{act}: {status}")

    def fail(self, act: str, fault: Exception) -> None:
        with self.lock:
            self.faults.append(f"{act}: {type(fault).__name__}: {fault}")


@dataclass
class Client:
    """One person; `told` is shared by all."""

    url: str
    edition: str
    facts: dict[str, Any]
    slots: list[int]
    told: Told
    dice: random.Random
    connection: http.client.HTTPConnection | None = None

    def run(self, until: float) -> None:
        """Act without a pause until the moment (of `time.monotonic`), and once at least."""
        is_first = True
        while is_first or time.monotonic() < until:
            is_first = False
            act = self.dice.choice(ACTS)
            try:
                getattr(self, f"_{act}")()
            except (OSError, http.client.HTTPException) as fault:
                self.told.fail(act, fault)
                self.connection = None

    def _ask(self) -> None:
        self._post("ask", f"requests/to/{self.dice.choice(self.facts['others'])}/", reason="Let us meet.", wish=2, act="send")

    def _accept(self) -> None:
        """Say yes to somebody who asked."""
        waiting = SENT.findall(self._get("look", "requests/?status=sent"))
        if waiting:
            self._post("accept", f"requests/{self.dice.choice(waiting)}/answer/", decision="accept", wish=2)

    def _arrange(self) -> None:
        """Look at a meeting's free times, as a person does, and choose one of them, or a swap; others are quicker sometimes."""
        code = self._mine()
        page = self._get("look", f"meetings/{code}/times/")
        slots, swaps = SLOT.findall(page), SWAP.findall(page)
        if swaps and (not slots or self.dice.random() < 0.4):
            self._post("swap", f"meetings/{code}/swap/", other=self.dice.choice(swaps))
        elif slots:
            self._post("book", f"meetings/{code}/propose/", slot=self.dice.choice(slots))

    def _blindly(self) -> None:
        """Whatever time, whatever state."""
        self._post("book blindly", f"meetings/{self._mine()}/propose/", slot=self.dice.choice(self.slots))

    def _cancel(self) -> None:
        self._post("cancel", f"meetings/{self._mine()}/cancel/", again="again", words="Something came up.")

    def _answer(self) -> None:
        """Answer what waits; yes nine times in ten."""
        for key in PROPOSAL.findall(self._get("look", "agenda/"))[:3]:
            answer = "yes" if self.dice.random() < 0.9 else "no"
            self._post("answer", f"proposals/{key}/answer/", answer=answer)

    def _mine(self) -> str:
        return str(self.dice.choice(self.facts["requests"]))

    def _get(self, act: str, path: str) -> str:
        return self._send(act, "GET", path, None)

    def _post(self, act: str, path: str, /, **facts: Any) -> str:
        return self._send(act, "POST", path, urlencode(facts))

    def _send(self, act: str, method: str, path: str, body: str | None) -> str:
        if self.connection is None:
            self.connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=PATIENCE)
        cookies = f"sessionid={self.facts['session']}; csrftoken={SECRET}"
        headers = {"Cookie": cookies, "X-CSRFToken": SECRET, "Content-Type": "application/x-www-form-urlencoded"}
        start = time.monotonic()
        self.connection.request(method, f"/e/{self.edition}/{path}", body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode(errors="replace")
        self.told.add(act, answer.status, time.monotonic() - start)
        return text


def let_loose(url: str, market: dict[str, Any], seconds: float, seed: int) -> Told:
    """All clients at once for so long; what came back."""
    told = Told()
    clients = [
        Client(url, market["edition"], facts, market["slots"], told, random.Random(seed * 1000 + number))
        for number, facts in enumerate(market["clients"])
    ]
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=one.run, args=(until,), daemon=True) for one in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(seconds + PATIENCE + 5)
    return told
