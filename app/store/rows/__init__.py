"""Repositories: rows in and out of one connection, no decisions."""
