"""What the jobs would have cost on the real services, by surface, model and hashed key."""

from decimal import Decimal

from msgspec import Struct

# Beyond this many combinations, new ones are added up under one name.
_MOST_ACCOUNTS = 10_000
_OTHERS = ("other", "other", "other")


class Account(Struct):
    """Jobs of one surface, model and key: how many, how long together, for how much."""

    surface: str
    model: str
    key: str
    jobs: int = 0
    seconds: int = 0
    dollars: Decimal = Decimal(0)


class Booking(Struct, frozen=True, gc=False):
    """What one accepted job adds to its account; the seconds are those of all its videos."""

    surface: str
    model: str
    key: str
    seconds: int
    dollars: Decimal


class Ledger:
    """The accounts of one space."""

    def __init__(self) -> None:
        self._accounts: dict[tuple[str, str, str], Account] = {}
        self.total = Decimal(0)  # all of it, in US dollars

    def book(self, more: Booking | Account, jobs: int = 1) -> None:
        """Adds an accepted job, or so many of an account that was kept."""
        name = more.surface, more.model, more.key
        account = self._accounts.get(name) or self._account(name)
        account.jobs += jobs
        account.seconds += more.seconds
        account.dollars += more.dollars
        self.total += more.dollars

    def _account(self, name: tuple[str, str, str]) -> Account:
        if len(self._accounts) >= _MOST_ACCOUNTS:
            name = _OTHERS
        return self._accounts.setdefault(name, Account(*name))

    def accounts(self) -> list[Account]:
        """All accounts, the most expensive first."""
        return sorted(
            self._accounts.values(), key=lambda one: (-one.dollars, one.surface, one.model)
        )

    def clear(self) -> None:
        """Forgets everything."""
        self._accounts.clear()
        self.total = Decimal(0)
