"""The report of an audit: a folder that another auditor makes again, byte for byte, from any copy of the same log."""
