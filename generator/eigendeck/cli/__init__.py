"""The command line: the only place that reads options, writes files, and prints.

Imports that take time wait until they are needed: `--help` answers at once.
"""

import gc
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from eigendeck.cli.at_once import said_at_once
from eigendeck.cli.terminal import AT_FAULT, BUG, DONE, INTERRUPTED, MISSING, USAGE, say, say_faults, take_any_letter
from eigendeck.errors import DeckError, MissingPart, counted


def main() -> NoReturn:
    """Run the command line; the process ends with the exit code of the design."""
    take_any_letter()
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # it would look through all packages for some
    sys.exit(run())


def run(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code of a command line; of this process's own where no arguments are given."""
    gc.set_threshold(50_000, 20, 20)  # what a deck becomes is many objects, and few of them cycles
    try:
        if said_at_once(sys.argv[1:] if arguments is None else arguments):
            return DONE
        from eigendeck.cli.commands import command  # imported here: it takes long enough to be interrupted

        code = command(arguments, standalone_mode=False)
        if code == INTERRUPTED:  # typer's own answer to Ctrl-C
            raise KeyboardInterrupt
        return code if isinstance(code, int) else DONE
    except DeckError as error:
        errors = sum(not fault.warning for fault in error.faults)
        say_faults(error.faults)
        say(f"{counted(errors, 'fault')}; nothing was written.")
        return AT_FAULT
    except MissingPart as error:
        say(str(error))
        return MISSING
    except KeyboardInterrupt:
        return _interrupted()
    except Exception as error:
        if _of_ctrl_c(error):
            return _interrupted()
        if hasattr(error, "exit_code") and hasattr(error, "show"):  # click's usage errors
            error.show()
            return USAGE
        import traceback

        traceback.print_exc()
        say("This is a bug in eigendeck; please report it with the lines above.")
        return BUG


def _interrupted() -> int:
    say("interrupted; nothing was written.")
    return INTERRUPTED


def _of_ctrl_c(error: BaseException | None) -> bool:
    """Whether an error came of Ctrl-C: some libraries make another of it where it meets them as they are imported."""
    met: set[int] = set()  # causes can go round
    while error is not None and id(error) not in met:
        if isinstance(error, KeyboardInterrupt):
            return True
        met.add(id(error))
        error = error.__cause__ or error.__context__
    return False
