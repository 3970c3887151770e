"""What a company's client is given in these tests instead of stored tokens and a counting throttle."""

from qbo_sync.api.throttle import Kind

REALM = "9130347596842384"
TID = "1-5ebad954-0aafe28f6e2fe1dd3ce1e8ab"
COMPANY = f"https://sandbox-quickbooks.api.intuit.com/v3/company/{REALM}"


class Tokens:
    """A token source that hands out its tokens one after the other, each time one is rejected."""

    def __init__(self, *tokens: str) -> None:
        self.tokens = list(tokens)
        self.rejected: list[str] = []
        self.given_up: list[str | None] = []

    def __call__(self, rejected: str | None = None, *, again: bool = False) -> str:
        if again:
            self.given_up.append(rejected)
        elif rejected is not None:
            self.rejected.append(rejected)
            if len(self.tokens) > 1:
                self.tokens.pop(0)
        return self.tokens[0]


class RecordingThrottle:
    """Has a slot for everybody as long as it is `free`, and keeps a record of who asked."""

    def __init__(self) -> None:
        self.free = True
        self.asked: list[tuple[Kind, float | None]] = []
        self.pauses: list[float] = []

    def acquire(self, kind: Kind, timeout: float | None = None) -> bool:
        self.asked.append((kind, timeout))
        return self.free

    def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
