"""How long examples are sought that break something: a short while in the suite, as long as `make fuzz` says."""

from __future__ import annotations

import itertools
import os
import time
from collections.abc import Callable

from hypothesis import HealthCheck, seed, settings

from memory import held_to

SECONDS = float(os.environ.get("FUZZ_SECONDS", "0"))
TESTS = 6  # that share them


def quietly(examples: int) -> settings:
    """Settings under which no example is kept, and none is too slow."""
    slow = [
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.large_base_example,
    ]
    return settings(max_examples=examples, deadline=None, database=None, suppress_health_check=slow)


MEGABYTES = 600


def tried(property_: Callable[[], None]) -> None:
    """Tries a property on the same examples every time, and then, in a long run, on others until its time is up.

    This process may not come to need much more memory meanwhile; the workers have a limit of their own.
    """
    end = time.monotonic() + SECONDS / TESTS
    with held_to(MEGABYTES):
        for number in itertools.count():
            seed(number)(property_)()
            if time.monotonic() >= end:
                return
