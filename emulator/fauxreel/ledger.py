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

    def book(self, booking: Booking) -> None:
        """Adds one accepted job."""
        name = (booking.surface, booking.model, booking.key)
        self._add(name, 1, booking.seconds, booking.dollars)

    def add(self, more: Account) -> None:
        """Adds what another account says, as one that was kept."""
        self._add((more.surface, more.model, more.key), more.jobs, more.seconds, more.dollars)

    def _add(self, name: tuple[str, str, str], jobs: int, seconds: int, dollars: Decimal) -> None:
        account = self._accounts.get(name)
        if account is None:
            if len(self._accounts) >= _MOST_ACCOUNTS:
                name = _OTHERS
            account = self._accounts.setdefault(name, Account(*name))
        account.jobs += jobs
        account.seconds += seconds
        account.dollars += dollars
        self.total += dollars

    def accounts(self) -> list[Account]:
        """All accounts, the most expensive first."""
        return sorted(
            self._accounts.values(), key=lambda one: (-one.dollars, one.surface, one.model)
        )

    def clear(self) -> None:
        """Forgets everything."""
        self._accounts.clear()
        self.total = Decimal(0)
