"""Making a hundred thousand objects that are all needed, without the garbage collector.

It would look again and again, for a third of the time, at what is there to stay, while somebody waits for a page.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """The block, or the function that this decorates, without the garbage collector."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
