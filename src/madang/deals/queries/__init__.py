"""What pages of deals read."""
