"""Primary keys that come in from outside: out of an address, or out of what a form sent."""

LONGEST = 18  # figures: with one more, a database may refuse to compare
NOBODYS = 0  # the databases count from 1


def primary_key(text: str) -> int:
    """The primary key that a text stands for; 0, which is nobody's, where it can be none."""
    return int(text) if text.isdecimal() and len(text) <= LONGEST else NOBODYS
