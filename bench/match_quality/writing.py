"""How people write the same thing differently: slips of the keyboard, short forms, phone numbers, addresses."""

from dataclasses import replace
from random import Random

from bench.match_quality.people import Life

# Written for this set alone, from what the movers' own lists are full of; the matcher has its names from elsewhere.
SHORT_FORMS = {
    "Robert": ("Bob", "Rob", "Bobby"), "William": ("Bill", "Will", "Billy"), "Margaret": ("Peggy", "Meg", "Maggie"),
    "Elizabeth": ("Betty", "Liz", "Beth", "Libby"), "Richard": ("Dick", "Rick"), "James": ("Jim", "Jimmy"),
    "Dorothy": ("Dot", "Dottie"), "Katherine": ("Kathy", "Kate", "Kay"), "Edward": ("Ed", "Ted", "Ned"),
    "Theodore": ("Ted", "Theo"), "Charles": ("Chuck", "Charlie"), "Henry": ("Hank", "Harry"),
    "John": ("Jack", "Johnny"), "Patricia": ("Pat", "Patty", "Trish"), "Susan": ("Sue", "Susie"),
    "Barbara": ("Barb", "Babs"), "Eleanor": ("Ellie", "Nell", "Nora"), "Harold": ("Hal", "Harry"),
    "Lawrence": ("Larry",), "Gerald": ("Jerry",), "Eugene": ("Gene",), "Virginia": ("Ginny",),
    "Florence": ("Flo", "Flossie"), "Mildred": ("Millie",), "Beatrice": ("Bea", "Trixie"), "Frances": ("Fran",),
    "Deborah": ("Deb", "Debbie"), "Judith": ("Judy",), "Thomas": ("Tom",), "Michael": ("Mike",), "Joseph": ("Joe",),
    "Ronald": ("Ron",), "Donald": ("Don",), "Kenneth": ("Ken",), "Raymond": ("Ray",), "Anthony": ("Tony",),
    "Alexander": ("Sandy", "Alex"), "Christine": ("Chris", "Tina"), "Rebecca": ("Becky",), "Pamela": ("Pam",),
    "Sarah": ("Sally",), "Mary": ("Molly", "Polly"), "Ann": ("Nancy", "Annie"), "Helen": ("Nell", "Lena"),
    "Walter": ("Walt", "Wally"), "Leonard": ("Len", "Lenny"), "Francis": ("Frank",), "Gertrude": ("Trudy", "Gertie"),
    # Rarer ones, some of which no list has:
    "Wilhelmina": ("Mina", "Billie"), "Hildegard": ("Hilde", "Hildy"), "Guadalupe": ("Lupe",), "Ignacio": ("Nacho",),
    "Francisco": ("Paco", "Pancho"), "Dolores": ("Lola",), "Aleksandra": ("Ola",), "Giuseppe": ("Beppe",),
    "Lieselotte": ("Lilo",), "Cornelius": ("Cor", "Neil"), "Bartholomew": ("Bart",), "Rosalind": ("Roz",),
    "Marcella": ("Marcy",), "Rudolph": ("Rudy",), "Verlyn": ("Verl",), "Adelbert": ("Del",),
}  # fmt: skip
NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
STREETS = {"Street": "St", "Avenue": "Ave", "Road": "Rd", "Drive": "Dr", "Lane": "Ln", "Court": "Ct", "Suite": "Ste."}


def slip(word: str, random: Random) -> str:
    """One slip of the keyboard: two letters swapped, one left out, doubled, or its neighbour struck."""
    at = random.randrange(0 if random.random() < 0.1 else 1, max(len(word), 2))
    at = min(at, len(word) - 1)
    kind = random.choice(("swap", "drop", "double", "neighbour"))
    if kind == "swap" and at > 0 and word[at] != word[at - 1]:
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    if kind == "drop" and len(word) > 3:
        return word[:at] + word[at + 1 :]
    if kind == "neighbour" and word[at].lower() in NEIGHBOURS:
        return word[:at] + random.choice(NEIGHBOURS[word[at].lower()]) + word[at + 1 :]
    return word[:at] + word[at] + word[at:]


def slip_in(name: str, random: Random) -> str:
    """One slip, in a word of the name that is long enough for it to be one."""
    words = name.split()
    long = [number for number, word in enumerate(words) if len(word) > 3] or [0]
    at = random.choice(long)
    words[at] = slip(words[at], random)
    return " ".join(words)


def phone(digits: str, random: Random) -> str:
    """The number as one of many people writes it."""
    if not digits:
        return ""
    area, first, last = digits[:3], digits[3:6], digits[6:]
    forms = (
        f"({area}) {first}-{last}",
        f"{area}-{first}-{last}",
        f"{area}.{first}.{last}",
        digits,
        f"1 {area} {first} {last}",
    )
    return random.choice((*forms, f"+1{digits}", f"{area}-{first}-{last} cell"))


def address(text: str, random: Random) -> str:
    """The address as one of many people writes it: streets cut short, the state's name or none, other case."""
    for long, short in STREETS.items() if random.random() < 0.5 else ():
        text = text.replace(long, short)
    if random.random() < 0.15:
        text = text.upper()
    return text.replace("WI,", "WI") if random.random() < 0.3 else text


def some_contacts(life: Life, random: Random, *, least: int = 0) -> Life:
    """The same life, of which this office wrote down only some.  least: how many of the three are kept at least."""
    names = ["email", "phone", "address"]
    kept = random.sample(names, random.choice([each for each in (0, 1, 1, 2, 2, 3) if each >= least]))
    return replace(life, **{name: "" for name in names if name not in kept})
