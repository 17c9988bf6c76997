"""`python -m eigendeck` is the command `eigendeck`."""

from eigendeck.cli import main

if __name__ == "__main__":  # a process that this one spawns imports it under another name
    main()
