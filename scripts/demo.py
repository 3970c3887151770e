"""`make demo`: prepare a fictitious company once, then run web, worker and simulator side by side until Ctrl-C.

Everything it keeps lies in var/demo (SMMWARE_DEMO_DIR). PORT and SIMULATOR_PORT choose the ports.
`demo.py reset` deletes what it keeps, after asking.
"""

import fcntl
import hashlib
import multiprocessing
import os
import secrets
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO
from urllib.parse import quote

from honcho.manager import Manager
from honcho.printer import Printer

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
READY_SECONDS = 60


class DemoError(Exception):
    """Why the demo cannot start, in a sentence for the person who started it."""


class Demo:
    """One demo: where it keeps its state and which ports it answers on."""

    def __init__(self, folder: Path, port: int, simulator_port: int) -> None:
        self.folder = folder
        self.port = port
        self.simulator_port = simulator_port
        self.url = f"http://{HOST}:{port}"
        self.simulator_url = f"http://{HOST}:{simulator_port}"
        self.database = folder / "smmware.sqlite3"

    @classmethod
    def from_environment(cls) -> "Demo":
        """The demo that PORT, SIMULATOR_PORT and SMMWARE_DEMO_DIR name. Raises DemoError for a port that is none."""
        port, simulator_port = read_port("PORT", 8000), read_port("SIMULATOR_PORT", 8001)
        if port == simulator_port:
            raise DemoError(
                f"PORT and SIMULATOR_PORT are both {port}. Choose two: make demo PORT=8000 SIMULATOR_PORT=8001"
            )
        return cls(Path(os.environ.get("SMMWARE_DEMO_DIR", ROOT / "var" / "demo")).absolute(), port, simulator_port)

    # Start

    def lock(self) -> TextIO:
        """Hold the folder: two demos on one database would disturb each other. Raises DemoError while one runs."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle = (self.folder / "running.lock").open("w")
        try:
            # The system lets go of it when this process ends, however it ends.
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DemoError("A demo is already running from this folder. Stop it there with Ctrl-C first.") from error
        return handle

    def check_ports(self) -> None:
        """Raise DemoError, naming the port and the way out, where one is taken."""
        needed = (("PORT", self.port, "SMMware"), ("SIMULATOR_PORT", self.simulator_port, "the simulator"))
        for name, port, what in needed:
            if port_is_taken(port):
                raise DemoError(
                    f"Port {port}, where {what} should answer, is taken by another program. "
                    f"Choose another: make demo {name}={port + 10}"
                )

    def key(self, name: str) -> str:
        """A secret of this demo alone, made on the first start."""
        path = self.folder / "keys" / name
        if not path.exists():
            path.parent.mkdir(mode=0o700, exist_ok=True)
            path.touch(mode=0o600)
            path.write_text(secrets.token_urlsafe(50))
        return path.read_text()

    def environment(self) -> dict[str, str]:
        """The settings of the demo. They replace the shell's: a DATABASE_URL there must never be filled by a demo."""
        return os.environ | {
            "PYTHONUNBUFFERED": "1",
            "SMMWARE_VAR_DIR": str(self.folder),
            "SECRET_KEY": self.key("secret_key"),
            "SECRET_KEY_FALLBACKS": "",
            "TOKEN_ENCRYPTION_KEYS": self.key("token_encryption_key"),
            "DEBUG": "off",
            "STATIC_MANIFEST": "on",
            "HTTPS": "off",  # there is no certificate for this machine; nothing listens beyond it
            "BEHIND_PROXY": "off",
            "ALLOWED_HOSTS": f"{HOST},localhost",
            "CSRF_TRUSTED_ORIGINS": "",
            "SITE_URL": self.url,
            "DATABASE_URL": f"sqlite:///{quote(str(self.database))}",
            "CACHE_URL": "locmemcache://",
            "CELERY_BROKER_URL": "filesystem://localhost//",
            "EMAIL_URL": "consolemail://",
            "QBO_ENVIRONMENT": "simulator",
            "QBO_SIMULATOR_URL": self.simulator_url,
            "QBO_CLIENT_ID": "simulator-client",
            "QBO_CLIENT_SECRET": "simulator-secret",
            "QBO_REDIRECT_URI": f"{self.url}/quickbooks/connect/callback/",
            "QBO_THROTTLE_STORAGE": "memory://",
            # Intuit may work on a request for 120 s, so recovery waits as long. The simulator answers or dies at once.
            "QBO_SETTLE_SECONDS": "15",
        }

    def prepare(self) -> None:
        """Bring database, static files and company up to date; what has not changed is not done again."""
        if not self.database.exists():
            shutil.rmtree(self.folder / "stamps", ignore_errors=True)
        packages = ROOT / "requirements.txt"
        migrations = [*ROOT.glob("*/migrations/*.py"), *ROOT.glob("*/*/migrations/*.py")]
        self.once_per_change("database", [packages, *migrations], "migrate")
        static = [*(ROOT / "static").rglob("*"), *(ROOT / "docs" / "pictures").iterdir()]
        self.once_per_change("static", [packages, *static], "collectstatic", "--noinput")
        self.once_per_change("company", [], "load_demo", "--if-empty")

    def once_per_change(self, what: str, inputs: Iterable[Path], *command: str) -> None:
        """Run a management command unless it has been run on inputs of the same contents."""
        stamp = self.folder / "stamps" / what
        digest = fingerprint(inputs)
        if stamp.exists() and stamp.read_text() == digest:
            return
        print(f"Preparing: {what} …", flush=True)
        manage = [sys.executable, "manage.py", *command, "--verbosity", "0"]
        if subprocess.run(manage, cwd=ROOT, env=self.environment(), check=False).returncode:
            raise DemoError(
                f"The demo could not prepare its {what}; the reason stands above. `make demo-reset` starts afresh."
            )
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(digest)

    # Run

    def commands(self) -> dict[str, list[str]]:
        """The three processes, by name."""
        simulator_data = str(self.folder / "simulator.sqlite3")
        return {
            "web": [
                "gunicorn",
                "smmware.wsgi",
                "--bind",
                f"{HOST}:{self.port}",
                "--threads",
                "8",
                "--log-level",
                "warning",
            ],
            "worker": ["celery", "--quiet", "-A", "smmware", "worker", "--pool=threads", "--concurrency=4"],
            "simulator": [
                *("qbo_simulator", "--host", HOST, "--port", str(self.simulator_port)),
                *("--data", simulator_data, "--company", "sandbox"),
            ],
        }

    def run(self) -> None:
        """Run the three processes until Ctrl-C, a SIGTERM, or the terminal's end."""
        manager = Manager(Printer(sys.stdout, time_format="%H:%M:%S"))
        keeper = [sys.executable, str(ROOT / "scripts" / "keep_running.py"), str(os.getpid())]
        for name, command in self.commands().items():
            environment = self.environment() | {"KEPT_COMMAND": shlex.join([sys.executable, "-m", *command])}
            manager.add_process(name, f"exec {shlex.join([*keeper, name])}", env=environment, cwd=str(ROOT))
        signal.signal(signal.SIGHUP, lambda signum, frame: signal.raise_signal(signal.SIGTERM))
        multiprocessing.Process(target=self.announce, daemon=True).start()
        manager.loop()
        print("The demo has stopped. Its data is kept: `make demo` goes on with it, `make demo-reset` deletes it.")

    def announce(self) -> None:
        """Wait until both addresses answer, then say where to go."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        deadline = time.monotonic() + READY_SECONDS
        while not (answers(self.url) and answers(self.simulator_url)):
            if time.monotonic() > deadline:
                print(f"\nNothing answers at {self.url} yet; the lines above say why.\n", flush=True)
                return
            time.sleep(0.2)
        print(self.welcome(), flush=True)

    def welcome(self) -> str:
        return f"""
  SMMware runs at                {self.url}
  The stand-in for QuickBooks at {self.simulator_url}

  Sign in as   owner      Company Owner    start here
               manager    Admin
               lead       Team Lead
               associate  Basic User       the password of all four: demo

  README.md walks you through it. Ctrl-C stops everything and keeps the data.
"""

    def reset(self) -> None:
        """Delete the demo's data, after asking (FORCE=1 answers yes). Raises DemoError while it runs."""
        if not self.folder.exists():
            print("There is no demo data to delete.")
            return
        with self.lock():
            if not os.environ.get("FORCE") and not confirmed(f"Delete the demo's data in {self.folder}? [y/N] "):
                print("Nothing was deleted.")
                return
            shutil.rmtree(self.folder)
        print("The demo's data is deleted. `make demo` begins anew.")


def read_port(name: str, default: int) -> int:
    """The port that the environment gives under `name`. Raises DemoError where it is none."""
    value = os.environ.get(name) or str(default)
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise DemoError(f"{name}={value} is not a port. Choose a number up to 65535: make demo {name}={default}")
    return int(value)


def port_is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # as the servers do: a port just left is free
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def answers(url: str) -> bool:
    """Whether something speaks HTTP there, whatever it says."""
    try:
        urllib.request.urlopen(url, timeout=5).close()  # noqa: S310 – our own address
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def fingerprint(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in files if path.is_file()):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def confirmed(question: str) -> bool:
    try:
        return input(question).strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def main(arguments: list[str]) -> None:
    try:
        demo = Demo.from_environment()
        if arguments == ["reset"]:
            demo.reset()
            return
        with demo.lock():
            demo.check_ports()
            demo.prepare()
            demo.run()
    except DemoError as error:
        sys.exit(f"\n{error}")
    except KeyboardInterrupt:
        sys.exit("\nStopped while preparing; `make demo` goes on from there.")


if __name__ == "__main__":
    main(sys.argv[1:])
