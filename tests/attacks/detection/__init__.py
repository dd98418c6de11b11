"""What is done to a log, on whichever of its parts, and who notices: the cells of docs/detection.md, run for real."""
