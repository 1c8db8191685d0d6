"""Madang runs an international content market and its showcase."""
