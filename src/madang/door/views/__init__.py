"""The pages of the doors: on the phones, on the desk, and for those who were let in."""
