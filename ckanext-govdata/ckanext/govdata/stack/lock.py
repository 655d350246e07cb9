"""One command at a time in one stack: who comes second waits, and says for whom."""
from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(path: Path, tell: Callable[[str], None]) -> Iterator[None]:
    """Hold the lock at ``path`` while the block runs; it ends with the process, however that ends.

    ``tell`` is told who has it, where somebody has. The file itself stays: to delete it would let
    two hold two files of one name.
    """
    with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = file.read().strip() or "another process"
            tell(f"  Another command is at work in this stack ({other}); waiting until it is done.")
            fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        file.truncate()
        file.write(f"process {os.getpid()}")
        file.flush()
        yield
