"""Errors of the token endpoint (qbo-api.md §1.5)."""

from dataclasses import dataclass


@dataclass
class RefusedError(Exception):
    """An error of the token endpoint: `error` and, where Intuit gives one, `error_description`."""

    error: str
    description: str | None = None
    status: int = 400


INVALID_CLIENT = RefusedError("invalid_client", None, 401)
BY_NAME = {
    "invalid_grant": RefusedError("invalid_grant", "Incorrect or invalid refresh token"),
    "invalid_client": INVALID_CLIENT,
    "invalid_request": RefusedError("invalid_request"),
    "unsupported_grant_type": RefusedError("unsupported_grant_type"),
}
