"""The office's copies of evidence: what must not come along, and what must not happen while they are made."""
