"""The simulator behind a real socket: cheroot, threads, HTTP/1.1 with keep-alive."""

from cheroot.wsgi import Server

from qbo_simulator.application import WSGIApplication

# A ConnectionDroppedError is a ConnectionResetError to cheroot: when it leaves the application, the socket is closed
# without a word.
THREADS = 40


def make_server(app: WSGIApplication, host: str, port: int) -> Server:
    """A server bound to its address.  port 0 takes a free one.  Raises OSError where the address is not free."""
    server = Server((host, port), app, numthreads=THREADS, request_queue_size=128, timeout=120, shutdown_timeout=1)
    server.prepare()
    return server
