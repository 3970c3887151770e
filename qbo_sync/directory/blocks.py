"""Match keys: two records are compared at all where they share one of them.

Each key is what an index finds: all words of a name, one word with the first or the last letter of another (so that a
slip in either is forgiven), the beginnings, the consonants, and what reaches somebody: e-mail, phone, house and street.
"""

from collections.abc import Iterable
from itertools import permutations

from qbo_sync.directory import contacts
from qbo_sync.directory.keys import COMPANY_FORMS, words
from qbo_sync.models import NameRecord

LENGTH = 80
MOST_WORDS = 4
TITLES = frozenset("mr mrs ms miss dr rev prof the and of".split())  # noqa: SIM905
SILENT = str.maketrans("", "", "aeiouyhw")


def keys_of_record(record: NameRecord) -> set[str]:
    """The keys of a record of QuickBooks' lists."""
    names = (record.display_name, f"{record.given_name} {record.family_name}".strip(), record.company_name)
    return {
        *(key for name in names for key in name_keys(telling_words(name))),
        *contact_keys(record.email, (record.phone, record.mobile), (record.address,)),
    }


def telling_words(name: str) -> list[str]:
    """The words of a name without titles and company forms; all of them where nothing else is left."""
    all_words = words(name)
    return [word for word in all_words if word not in TITLES and word not in COMPANY_FORMS] or all_words


def name_keys(name: list[str]) -> set[str]:
    """The keys of a name.  name: its telling words."""
    if not name:
        return set()
    keys = {f"n:{' '.join(sorted(name))}", f"k:{' '.join(sorted(map(consonants, name)))}"}
    if len(name) == 1:
        keys |= {f"1:{name[0][:5]}", f"9:{name[0][-5:]}"}
    used = name if len(name) <= MOST_WORDS else [*name[: MOST_WORDS - 1], name[-1]]
    if len(name) > 1:
        keys.add(f"b:{name[0][:2]}|{name[-1][:2]}")
    for whole, other in permutations(used, 2):
        keys |= {f"f:{whole}|{other[0]}", f"l:{whole}|{other[-1]}"}
    return {key[:LENGTH] for key in keys}


def consonants(word: str) -> str:
    """The first letter and the consonants after it, doubled ones once: Smith and Smyth are both smt."""
    rest = word[1:].translate(SILENT)
    return word[0] + "".join(char for before, char in zip(word[0] + rest, rest, strict=False) if char != before)


def contact_keys(email: str, phones: Iterable[str], addresses: Iterable[str]) -> set[str]:
    """The keys of what reaches somebody."""
    keys = {f"e:{each}" for each in contacts.emails(email)}
    keys |= {f"p:{digits}" for number in phones if (digits := contacts.phone(number))}
    keys |= {f"a:{place}" for text in addresses if (place := contacts.place(text))}
    return {key[:LENGTH] for key in keys}
