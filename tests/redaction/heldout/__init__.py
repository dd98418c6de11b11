"""Texts written from the description of the task alone, before their writer had read the engine: for measuring."""
