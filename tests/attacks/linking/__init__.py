"""Who reads the public log and nothing else, and wants to know which entries belong to one case."""
