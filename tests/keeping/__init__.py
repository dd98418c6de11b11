"""Tests of keeping a portal: backup, restore, recovery, checks, retention."""
