"""The simulator behind a real socket: cheroot, threads, HTTP/1.1 with keep-alive."""

from cheroot.wsgi import Server

from qbo_simulator.application import WSGIApplication

# A ConnectionDroppedError is a ConnectionResetError to cheroot: when it leaves the application, the socket is closed
# without a word.
THREADS = 40
# Room for the largest attachment (100 MB) and what surrounds it; more is refused with 413 before it is read.
LARGEST_BODY = 110 * 2**20
LARGEST_HEAD = 2**20


def make_server(app: WSGIApplication, host: str, port: int) -> Server:
    """A server bound to its address.  port 0 takes a free one.  Raises OSError where the address is not free."""
    server = Server((host, port), app, numthreads=THREADS, request_queue_size=128, timeout=120, shutdown_timeout=1)
    server.max_request_body_size = LARGEST_BODY
    server.max_request_header_size = LARGEST_HEAD
    server.prepare()
    return server
