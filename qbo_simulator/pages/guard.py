"""Who may post a form: only a page of the simulator's own.

The simulator listens on loopback and its pages know no sign-in, so any site that a browser on this machine shows could
post to it.  Browsers say in `Origin` where a form stood; and since a foreign name can be made to point at this machine,
the name the simulator is called by must be one that nobody can point elsewhere: localhost or an address.
"""

import ipaddress
from urllib.parse import urlsplit

from werkzeug.wrappers import Request


class ForeignError(Exception):
    """The form did not stand on the simulator's own page; the text says so."""


def check(request: Request) -> None:
    """Raises ForeignError where a POST does not come from a page of this very simulator."""
    if not is_plain_name(request.host):
        raise ForeignError("Open the simulator as localhost or by its address, then press the button there.")
    if request.headers.get("Origin") != request.host_url.rstrip("/"):
        raise ForeignError("This did not come from a page of the simulator. Open the page here and press its button.")


def is_plain_name(host: str) -> bool:
    """Whether a host is localhost or an IP address."""
    name = urlsplit(f"//{host}").hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost"
    return True
