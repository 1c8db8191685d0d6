"""Reads of search: what is found, what was meant, saved searches."""
