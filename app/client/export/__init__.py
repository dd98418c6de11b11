"""The export for the official intake: one document that people read, one file that machines verify."""
