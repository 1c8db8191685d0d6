"""Pure Python and NumPy: usable as a library on their own, with no Django installed."""
