"""Keeping a portal: backups, restoring, recovery after a loss, checks, retention. Run by its operator, never served."""
