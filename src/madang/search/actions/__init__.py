"""Every write of search: the index, saved searches, what they tell."""
