"""What a journey waits for after it pressed "Publish": the worker writes the version."""

from __future__ import annotations

import time

from madang.meetings.models import Timetable, TimetableState

PATIENCE = 300
"""Seconds."""


def wait_for_publication(edition):
    """The published timetable of the edition."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if published := Timetable.objects.filter(edition=edition, state=TimetableState.PUBLISHED).first():
            return published
        time.sleep(0.2)
    raise AssertionError("nothing was published")
