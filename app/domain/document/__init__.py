"""Records as documents for people: what stands in them, and the tagged PDF that is made of it."""
