"""A process that bears Celery workers: each a process of its own, with a group of its own, in a blink.

A worker that is killed must be replaced at once, a hundred times, and starting Python and Django takes longer than a
copy. So they are loaded once here, before there is any thread or connection, and each worker is a fork of that.

Usage: python -m tests.faults.chaos.nursery LOG; a line on standard input starts a worker, whose process id is the
answer. At the end of the input all of them are killed.
"""

import os
import signal
import sys
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import django

# What is 60 s in earnest and no setting: an hour of it would be waited away. As short as the settings are.
SHORT_PAUSE = 0.3  # seconds after a 429 that does not say how long
SHORT_CLAIM = timedelta(seconds=2)  # of somebody who was killed while refreshing the tokens
SMALL_PAGE = 15  # rows of an import's page, so that a small company has many
WORKER = ("--pool=threads", "--concurrency=4", "--without-mingle", "--without-gossip", "--without-heartbeat")


def loaded() -> object:
    """Celery's application with everything that a worker needs; times and pages that are no settings are shortened."""
    django.setup()
    from qbo_sync import serve
    from qbo_sync.api import answer, oauth
    from qbo_sync.connection import tokens
    from qbo_sync.pull.importing import run_import
    from smmware.celery import app

    answer.PAUSE_AFTER_429 = oauth.PAUSE_AFTER_429 = SHORT_PAUSE
    tokens.CLAIM_LIFETIME = SHORT_CLAIM
    serve.run_import = partial(run_import, page_size=SMALL_PAGE)
    app.loader.import_default_modules()
    app.finalize()
    return app


def born(app: object, log: Path, name: str) -> int:
    """The process id of a new worker."""
    pid = os.fork()
    if pid == 0:
        try:
            _live(app, log, name)
        finally:
            os._exit(1)
    return pid


def _live(app: object, log: Path, name: str) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    app.worker_main(["--quiet", "worker", f"--hostname={name}@chaos", *WORKER])  # type: ignore[attr-defined]


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever is killed is gone, and not a zombie
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the end of the input says that it is over
    app, log, pids = loaded(), Path(sys.argv[1]), []
    for number, _ in enumerate(sys.stdin, 1):
        pids.append(born(app, log, f"worker{number}"))
        sys.stdout.write(f"{pids[-1]}\n")
        sys.stdout.flush()
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


if __name__ == "__main__":
    main()
