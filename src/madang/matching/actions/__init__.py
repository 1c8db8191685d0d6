"""What people and the organiser do about matches."""
