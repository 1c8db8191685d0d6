"""Pages of rights and deals."""
