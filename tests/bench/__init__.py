"""Measurements of this machine's portal against the targets it was built for: `python -m tests.bench`."""
