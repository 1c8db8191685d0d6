"""What a report is made of: how figures follow from rows, the lines that its digest is taken over, and its files."""
