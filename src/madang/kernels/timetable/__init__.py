"""Who meets whom, when, and at which table."""
