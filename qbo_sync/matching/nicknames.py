"""Short forms of given names, from the list that the package `nicknames` keeps."""

from functools import cache

from nicknames import NickNamer


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
    names = _names()
    whole = names.canonicals_of(name)
    of_whole = {short for each in whole for short in names.nicknames_of(each)}
    return frozenset({*names.nicknames_of(name), *whole, *of_whole} - {name})


@cache
def is_given_name(word: str) -> bool:
    """Whether the list knows the word as a given name or a short form of one."""
    return bool(other_forms(word))


@cache
def is_short_for(short: str, name: str) -> bool:
    """Whether `short` is a short form of `name`, and not only of the same name."""
    return short in _names().nicknames_of(name)
