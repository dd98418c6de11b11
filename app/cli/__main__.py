"""`python -m app.cli` is `resguardo`."""

from app.cli import main

main()
