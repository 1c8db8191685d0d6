"""Reads of the doors: the copy that phones carry, counts, conflicts, queues, attendance, votes."""
