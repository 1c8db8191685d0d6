"""The crowd: each client is a visitor on a connection of her own, who opens the page, holds places, books them, and leaves.

All wait for one moment and then begin at once. Who finds nothing left goes into the waiting list.
"""

from __future__ import annotations

import http.client
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

SECRET = "abcdefghijklmnopqrstuvwxyzABCDEF"  # a CSRF cookie that the client made up; the site compares it with itself
HELD = re.compile(r"/seats/([\w-]{20,})/$")
PATIENCE = 120
AGAIN = 6
"""So often somebody tries again after "very many people are booking"."""
RELOADS = 8
"""So often somebody whose connection was cut begins anew."""


@dataclass
class Told:
    """What came back, from all clients together. `booked`: key -> (address, count) as the site said it to the client."""

    waits: list[float] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    booked: dict[str, tuple[str, int]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    last: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass
class Client:
    """One visitor after another on one connection: `people` of them."""

    address: str
    path: str
    number: int
    people: int
    told: Told
    dice: random.Random
    connection: http.client.HTTPConnection | None = None

    def run(self, gate: threading.Barrier) -> None:
        gate.wait()
        for person in range(self.people):
            email, count = f"c{self.number}-{person}@example.org", self.dice.choice([1, 1, 2, 2, 2, 3, 4])
            for _again in range(RELOADS):
                try:
                    self._book(email, count)
                    break
                except (OSError, http.client.HTTPException) as fault:
                    with self.told.lock:
                        self.told.outcomes[f"connection {type(fault).__name__}"] += 1
                    self.connection = None
                    time.sleep(self.dice.uniform(1, 4))

    def _book(self, email: str, count: int) -> None:
        """From pressing "hold" to reading "booked"."""
        facts = {"allotment": "public", "count": str(count), "email": email, "name": "Visitor", "act": "hold"}
        begun = time.monotonic()
        status, where, page = self._ask(self.path, facts)
        key = HELD.search(where)
        if status == 302 and key:
            confirmed, _where, _page = self._ask(where + "book/", {})
            self._note("booked" if confirmed == 302 else f"not booked {confirmed}", begun)
            if confirmed == 302:
                with self.told.lock:
                    self.told.booked[key[1]] = (email, count)
        elif status == 422 and "not that many places" in page:
            waits, _where, _page = self._ask(self.path, facts | {"act": "wait"})
            self._note("waits" if waits == 302 else f"not waiting {waits}", begun)
        else:
            self._note(f"hold {status}", begun)

    def _note(self, word: str, begun: float) -> None:
        now = time.monotonic()
        with self.told.lock:
            self.told.outcomes[word] += 1
            self.told.waits.append(now - begun)
            if word == "booked":
                self.told.last = max(self.told.last, now)
            if any(digit in word for digit in ("500", "502", "404", "403")):
                self.told.faults.append(word)

    def _ask(self, path: str, facts: dict[str, str]) -> tuple[int, str, str]:
        """As `_post`, and again where the site says that very many people are here."""
        for _again in range(AGAIN):
            answer = self._post(path, facts)
            if answer[0] not in (422, 503) or "Very many people" not in answer[2]:
                break
            time.sleep(self.dice.uniform(0.1, 0.5))
        return answer

    def _post(self, path: str, facts: dict[str, str]) -> tuple[int, str, str]:
        if self.connection is None:
            parts = urlsplit(self.address)
            self.connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE)
        body = urlencode(facts | {"csrfmiddlewaretoken": SECRET})
        head = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"csrftoken={SECRET}", "Accept-Language": "en"}
        self.connection.request("POST", path, body, head | {"Referer": self.address + path})
        answer = self.connection.getresponse()
        page = answer.read().decode(errors="replace")
        return answer.status, answer.getheader("Location") or "", page


def let_loose(address: str, path: str, clients: int, people: int, seed: int) -> tuple[Told, float]:
    """All begin at once; what they were told, and when they began."""
    told, gate = Told(), threading.Barrier(clients + 1)
    crowd = [Client(address, path, n, people, told, random.Random(seed * 10_000 + n)) for n in range(clients)]
    threads = [threading.Thread(target=one.run, args=[gate], daemon=True) for one in crowd]
    threading.stack_size(256 * 1024)
    for thread in threads:
        thread.start()
    gate.wait()
    begun = time.monotonic()
    for thread in threads:
        thread.join(600)
    return told, begun
