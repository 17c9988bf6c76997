"""`python -m eigendeck` is the command `eigendeck`."""

from eigendeck.cli import main

main()
