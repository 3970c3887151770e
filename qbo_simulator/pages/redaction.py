"""What is taken out before a body is shown: tokens, secrets, passwords and tax numbers."""

import json
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

SECRETS = frozenset({
    "access_token", "refresh_token", "id_token", "token", "code", "client_secret", "password", "verifier_token",
    "ssn", "taxidentifier", "primarytaxidentifier", "secondarytaxidentifier",
})  # fmt: skip
HIDDEN = "(not shown)"
MOST_SHOWN = 200_000


def without_secrets(value: Any) -> Any:
    """JSON with the values of secret properties taken out, however deep they stand."""
    if isinstance(value, dict):
        return {name: hidden(name, each) for name, each in value.items()}
    if isinstance(value, list):
        return [without_secrets(each) for each in value]
    return value


def hidden(name: str, value: Any) -> Any:
    is_secret = name.lower() in SECRETS and isinstance(value, (str, int, float))
    return HIDDEN if is_secret and value != "" else without_secrets(value)


def query_without_secrets(query: str) -> str:
    """A query string or form with the values of secret fields taken out."""
    pairs = [(name, str(hidden(name, value))) for name, value in parse_qsl(query, keep_blank_values=True)]
    return urlencode(pairs, safe="() ,:/'=", quote_via=quote)


def parsed(body: bytes) -> Any:
    """The JSON of a body, None where it is none."""
    try:
        return json.loads(body)
    except ValueError:
        return None


def shown(body: bytes) -> str:
    """A body as people may see it; what is no text is told by its size."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return f"{len(body):,} bytes that are no text."
    found = parsed(body)
    if found is None:
        return cut(plain(text))
    return cut(json.dumps(without_secrets(found), indent=2, ensure_ascii=False))


def plain(text: str) -> str:
    """Text that is no JSON: a page is only named, and a form has its secrets taken out."""
    if text[:20].lstrip().lower().startswith("<!doctype html"):
        return f"An HTML page of {len(text):,} characters."
    names = {name.lower() for name, _ in parse_qsl(text)}
    return query_without_secrets(text) if names & SECRETS else text


def cut(text: str) -> str:
    if len(text) <= MOST_SHOWN:
        return text
    return f"{text[:MOST_SHOWN]}\n… and {len(text) - MOST_SHOWN:,} more characters."
