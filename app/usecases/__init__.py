"""What can be done with the portal: one file, one verb phrase each; they do not call each other."""
