"""Who may change something: a page of the simulator's own by its forms, and programs by the control plane.

The simulator listens on loopback and its pages know no sign-in, so any site that a browser on this machine shows could
post to it.  Browsers say in `Origin` where a form stood; and since a foreign name can be made to point at this machine,
the name the simulator is called by must be one that nobody can point elsewhere: localhost or an address.
"""

import ipaddress
from urllib.parse import urlsplit

from werkzeug.wrappers import Request

READING = ("GET", "HEAD", "OPTIONS")


class ForeignError(Exception):
    """The form did not stand on the simulator's own page; the text says so."""


def check(request: Request) -> None:
    """Raises ForeignError where a POST does not come from a page of this very simulator."""
    if not is_plain_name(request.host):
        raise ForeignError("Open the simulator as localhost or by its address, then press the button there.")
    if not is_own(request):
        raise ForeignError("This did not come from a page of the simulator. Open the page here and press its button.")


def check_program(request: Request) -> None:
    """Raises ForeignError where a change asked of the control plane comes from a browser that shows another's page.

    Programs send no Origin and may call the simulator by any name (a container's, say); a browser sends the Origin of
    the page with everything that is no GET, and `Sec-Fetch-Site` besides.
    """
    if request.method in READING:
        return
    site = request.headers.get("Sec-Fetch-Site", "none")
    if site not in ("same-origin", "none") or ("Origin" in request.headers and not is_own(request)):
        raise ForeignError("This came from a page that is not the simulator's, so nothing was done.")
    if "Origin" in request.headers and not is_plain_name(request.host):
        raise ForeignError("Open the simulator as localhost or by its address, then ask again.")


def is_own(request: Request) -> bool:
    """Whether a browser says that the page which asks is this simulator's."""
    return request.headers.get("Origin") == request.host_url.rstrip("/")


def is_plain_name(host: str) -> bool:
    """Whether a host is localhost or an IP address."""
    name = urlsplit(f"//{host}").hostname or ""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return name == "localhost"
    return True
