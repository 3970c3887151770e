"""python -m qbo_simulator: run the simulator."""

import argparse
import ipaddress
import signal
import sqlite3
import sys
import threading
from types import FrameType

from cheroot.wsgi import Server

from qbo_simulator.application import create_app
from qbo_simulator.books.load import KINDS
from qbo_simulator.control.behaviour import MisunderstoodError
from qbo_simulator.control.commands import COMMANDS, complain, pair
from qbo_simulator.facts import report
from qbo_simulator.server import make_server


def arguments(given: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m qbo_simulator", description="A stand-in for QuickBooks Online.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine alone)")
    parser.add_argument("--port", type=int, default=8001, help="port to listen on; 0 takes a free one")
    parser.add_argument("--data", required=True, help="the file all data is kept in; made where it is missing")
    parser.add_argument("--company", choices=KINDS, default="sandbox", help="what the books of a new file start with")
    parser.add_argument(
        "--redirect-uri", action="append", default=[], help="a redirect URI to register, besides loopback"
    )
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        type=pair,
        metavar="NAME=VALUE",
        help="how it is to behave from the start; `python -m qbo_simulator controls` lists the names, and "
        "`python -m qbo_simulator set` changes one that runs",
    )
    return parser.parse_args(given)


def serve(server: Server) -> None:
    """Say where, and serve until SIGINT or SIGTERM.

    The server is stopped from another thread: an exception raised by a signal handler may come while the server hands a
    connection to a worker, whose thread then waits for ever.
    """
    stopper = threading.Thread(target=server.stop)

    def stop(signum: int, frame: FrameType | None) -> None:
        for signal_number in (signal.SIGINT, signal.SIGTERM):  # once is enough
            signal.signal(signal_number, signal.SIG_IGN)
        stopper.start()

    for signal_number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_number, stop)
    host, port = server.bind_addr[:2]
    print(f"QuickBooks simulator on http://{host}:{port}", flush=True)
    if not is_loopback(str(host)):
        print("Everybody who can reach this address can read and change these books: they have no lock.", flush=True)
    server.serve()
    stopper.join()


def main(given: list[str]) -> int:
    """Run until told to stop.  Returns the exit status; what is in the way is said in a sentence."""
    if given and given[0] in COMMANDS:
        return COMMANDS[given[0]](given[1:])
    if given[:1] == ["facts"]:
        return report.main(given[1:])
    options = arguments(given)
    try:
        app = create_app(options.data, options.company, redirect_uris=options.redirect_uri)
    except sqlite3.Error as error:
        return complain(f"The data file {options.data} cannot be used: {error}.")
    try:
        app.behaviour.change_text(dict(options.set))
    except MisunderstoodError as error:
        app.close()
        return complain(str(error))
    try:
        server = make_server(app, options.host, options.port)
    except (OSError, OverflowError) as error:
        app.close()
        return complain(f"Cannot listen on {options.host}:{options.port}: {error}. Choose another with --port.")
    serve(server)
    app.close()
    return 0


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
