"""What people do with rights and deals."""
