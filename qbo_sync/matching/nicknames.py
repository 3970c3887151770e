"""Short forms and other spellings of given names: those that the package `nicknames` keeps, and what it lacks."""

from functools import cache

from nicknames import NickNamer

from qbo_sync.matching.given_names import SHORT_FORMS, SPELLINGS


@cache
def spellings(name: str) -> frozenset[str]:
    """How else this given name is written: Catherine, Katherine and Kathryn for each other."""
    return frozenset().union(*(group for group in SPELLINGS if name in group)) - {name}


@cache
def _names() -> NickNamer:
    return NickNamer()


@cache
def other_forms(name: str) -> frozenset[str]:
    """What somebody of this given name is called as well: Bob for Robert, Robert and Rob for Bob.

    Args:
        name: one word in small letters.
    """
    if not name.isalpha():
        return frozenset()
    written = {name, *spellings(name)}
    whole = {each for way in written for each in _whole(way)}
    whole |= {way for each in whole for way in spellings(each)}
    shorts = {short for each in written | whole for short in _short(each)}
    return frozenset((written | whole | shorts) - {name})


@cache
def is_given_name(word: str) -> bool:
    """Whether the list knows the word as a given name or a short form of one."""
    return bool(other_forms(word))


@cache
def is_short_for(short: str, name: str) -> bool:
    """Whether `short` is a short form of `name`, and not only of the same name."""
    return short in _short(name)


def _short(name: str) -> frozenset[str]:
    return frozenset(_names().nicknames_of(name)) | SHORT_FORMS.get(name, frozenset())


def _whole(short: str) -> frozenset[str]:
    ours = {name for name, shorts in SHORT_FORMS.items() if short in shorts}
    return frozenset(_names().canonicals_of(short)) | ours
