"""Match keys: two records are compared at all where they share one of them.

Each key is what an index finds: all words of a name, one word with the first or the last letter of another (so that a
slip in either is forgiven), the beginnings, the consonants, and what reaches somebody: e-mail, phone, house and street.
"""

from collections.abc import Iterable
from itertools import groupby, permutations

from qbo_sync.directory import contacts
from qbo_sync.directory.keys import COMPANY_FORMS, words
from qbo_sync.models import NameRecord

LENGTH = 80
MOST_WORDS = 4
TITLES = frozenset("mr mrs ms miss dr md phd esq rev hon prof father sister rabbi pastor the and of".split())  # noqa: SIM905
SILENT = str.maketrans("", "", "aeiouyhw")
TELLING = 4  # consonants that a name needs to be found by them alone
WRITTEN_OUT = {
    "saint": "st", "mount": "mt", "fort": "ft", "assoc": "associates", "assn": "associates",
    "association": "associates", "svc": "service", "svcs": "service", "services": "service", "bros": "brothers",
    "ctr": "center", "centre": "center", "mgmt": "management", "mgt": "management", "dept": "department",
    "intl": "international", "natl": "national", "mfg": "manufacturing", "grp": "group", "bldg": "building",
    "bldrs": "builders", "whse": "warehouse", "apts": "apartments", "govt": "government", "mkt": "market",
    "mktg": "marketing", "rlty": "realty",
}  # fmt: skip


def keys_of_record(record: NameRecord) -> set[str]:
    """The keys of a record of QuickBooks' lists."""
    names = (record.display_name, f"{record.given_name} {record.family_name}".strip(), record.company_name)
    return {
        *(key for name in dict.fromkeys(names) for key in name_keys(telling_words(name))),
        *contact_keys(record.email, (record.phone, record.mobile), (record.address,)),
    }


def telling_words(name: str) -> list[str]:
    """The words of a name without titles and company forms; all of them where nothing else is left."""
    all_words = words(name)
    return [word for word in all_words if word not in TITLES and word not in COMPANY_FORMS] or list(all_words)


def name_keys(name: list[str]) -> set[str]:
    """The keys of a name.  name: its telling words."""
    if not name:
        return set()
    keys = {f"n:{' '.join(sorted(name))}", f"k:{consonants(name)}"}
    if len(name) == 1:
        keys |= {f"1:{name[0][:5]}", f"9:{name[0][-5:]}"}
    used = name if len(name) <= MOST_WORDS else [*name[: MOST_WORDS - 1], name[-1]]
    if len(name) > 1:
        keys.add(f"b:{name[0][:2]}|{name[-1][:2]}")
    for whole, other in permutations(used, 2):
        keys |= {f"f:{whole}|{other[0]}", f"l:{whole}|{other[-1]}"}
    return {key[:LENGTH] for key in keys}


def consonants(name: list[str]) -> str:
    """The consonants of a name in alphabetical order, doubled ones once; all letters of a name with few consonants.

    Smith and Smyth have the same ones, as have St. Clair, Saint Clair and StClair: words may be joined or not.
    """
    whole = "".join(WRITTEN_OUT.get(word, word) for word in name)
    spoken = "".join(char for char, _ in groupby(whole.translate(SILENT)))
    return "".join(sorted(spoken if len(spoken) >= TELLING else whole))


def contact_keys(email: str, phones: Iterable[str], addresses: Iterable[str]) -> set[str]:
    """The keys of what reaches somebody."""
    keys = {f"e:{each}" for each in contacts.emails(email)}
    keys |= {f"p:{digits}" for number in phones if (digits := contacts.phone(number))}
    keys |= {f"a:{place}" for text in addresses if (place := contacts.place(text))}
    return {key[:LENGTH] for key in keys}
