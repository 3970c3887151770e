"""Addresses of files that work without a token, for a while, for whoever was given them."""

import hmac
import mimetypes
import secrets
from urllib.parse import quote, urlencode

from werkzeug.exceptions import Forbidden, NotFound
from werkzeug.wrappers import Request, Response

from qbo_simulator.clock import Clock
from qbo_simulator.engine.books import Books, Record
from qbo_simulator.store.database import Database

GOOD_FOR = 15 * 60
KEY = secrets.token_bytes(32)  # an address dies with the process that gave it


def signature(realm: str, id: int | str, expires: int) -> str:
    return hmac.new(KEY, f"{realm}/{id}/{expires}".encode(), "sha256").hexdigest()


def temporary(books: Books, record: Record) -> str:
    """The address of an attachment's file on the host that the request reached, good for 15 minutes."""
    expires = int(books.clock.seconds()) + GOOD_FOR
    signed = urlencode({"Expires": expires, "Signature": signature(books.realm, record["Id"], expires)})
    return f"{books.origin}/attachments/{books.realm}/{record['Id']}/{quote(record['FileName'], safe='')}?{signed}"


class Downloads:
    """What such an address answers."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self.database = database
        self.clock = clock

    def __call__(self, request: Request, realm: str, id: int, filename: str) -> Response:
        """The file under its name.  403 where the address was altered or is too old, 404 where the file is gone."""
        expires = request.args.get("Expires", 0, type=int)
        given = request.args.get("Signature", "")
        if not hmac.compare_digest(given, signature(realm, id, expires)) or expires < self.clock.seconds():
            return Forbidden("The address has expired or was altered.").get_response()
        with self.database.lock:
            row = self.database.one(
                "SELECT content FROM attached_file JOIN record USING (realm, id) "
                "WHERE realm = ? AND entity = 'Attachable' AND id = ?", realm, id,
            )  # fmt: skip
        if row is None:
            return NotFound().get_response()
        response = Response(row[0], mimetype=mimetypes.guess_type(filename)[0] or "application/octet-stream")
        response.headers.set("Content-Disposition", "attachment", filename=filename)
        return response
