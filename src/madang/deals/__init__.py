"""Rights that companies hold, and the deals they make about them: offers, memos, licences, co-productions, their values."""
