"""`madang demo`."""
def add_commands(commands): pass
