"""Filters that somebody applied are still there when they come back to a listing, until they clear them.

They are kept in the session. What a link from another page brings along is not: it answers a question of its own.
"""

from django.http import HttpRequest, QueryDict

APPLY, CLEAR = "apply", "clear"  # GET parameters of the filter form's button, and of the link beside it
SESSION_KEY = "listing_filters"
NOT_REMEMBERED = ("page", "paging", APPLY, CLEAR)


def where_to(request: HttpRequest, key: str) -> str | None:
    """The address to go on to, where filters are applied, cleared, or remembered from before; None to stay.

    Args:
        key: the listing's name.
    """
    if CLEAR in request.GET:
        remember(request, key, "")
        return request.path
    if APPLY in request.GET:
        remember(request, key, _worth_keeping(request.GET))
        shown = _without(request.GET, ("page", APPLY))
        return f"{request.path}?{shown}" if shown else request.path
    query = remembered(request, key)
    return f"{request.path}?{query}" if query and not request.GET else None


def remembered(request: HttpRequest, key: str) -> str:
    """The query string that this person applied last to the listing, "" for none."""
    return request.session.get(SESSION_KEY, {}).get(key, "")


def is_as_remembered(request: HttpRequest, key: str) -> bool:
    """Whether the listing is shown by the filters that are remembered."""
    query = remembered(request, key)
    return bool(query) and _worth_keeping(request.GET) == query


def remember(request: HttpRequest, key: str, query: str) -> None:
    """Remember a query string; "" forgets."""
    known = {name: kept for name, kept in request.session.get(SESSION_KEY, {}).items() if name != key}
    request.session[SESSION_KEY] = {**known, key: query} if query else known


def _worth_keeping(data: QueryDict) -> str:
    return _without(data, NOT_REMEMBERED)


def _without(data: QueryDict, names: tuple[str, ...]) -> str:
    """The query string without these, and without what was left empty."""
    kept = data.copy()
    for name in [name for name in kept if name in names or not any(kept.getlist(name))]:
        del kept[name]
    return kept.urlencode()
