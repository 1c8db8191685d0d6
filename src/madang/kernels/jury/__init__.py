"""A jury: who reads which entry (`assignment`), and what their scores say once severity is taken out (`severity`)."""
