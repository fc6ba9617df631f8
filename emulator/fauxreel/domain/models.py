"""What each model can do and what it would cost: one table a model.

The built-in tables are those of the model and pricing pages of September 2026 (evidence:
documented, openai). Users add their own with `--models FILE`.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

_720P = ("720x1280", "1280x720")
_PRO_TALL = ("1024x1792", "1792x1024")
_1080P = ("1080x1920", "1920x1080")

# The schema's lists, which the validator prints. They never grew with the models: 16 and 20
# seconds came in March 2026, yet live errors named 4, 8 and 12 until July (evidence: verbatim,
# openai); no size beyond these four was ever listed either.
LISTED_SIZES = (*_720P, *_PRO_TALL)
LISTED_SECONDS = (4, 8, 12)
_ACCEPTED_SECONDS = (*LISTED_SECONDS, 16, 20)

DEFAULT_MODEL = "sora-2"
DEFAULT_SIZE = "720x1280"
DEFAULT_SECONDS = 4


class Model(Struct, frozen=True):
    """A model's name, and the sizes and lengths it makes.

    Args:
        created: Seconds since 1970, as listed by `/v1/models`.
        prices: US dollars for a second of video, by size.
        listed_sizes: The sizes that an error about a size nobody knows prints.
        listed_seconds: The lengths that an error about a length prints.
    """

    name: str
    created: int
    owned_by: str
    seconds: tuple[int, ...]
    prices: Mapping[str, Decimal]
    listed_sizes: tuple[str, ...]
    listed_seconds: tuple[int, ...]

    def __hash__(self) -> int:
        return hash((self.name, self.seconds))  # prices have none

    @property
    def sizes(self) -> tuple[str, ...]:
        return tuple(self.prices)

    @property
    def default_size(self) -> str:
        return DEFAULT_SIZE if DEFAULT_SIZE in self.prices else self.sizes[0]

    @property
    def default_seconds(self) -> int:
        return DEFAULT_SECONDS if DEFAULT_SECONDS in self.seconds else self.seconds[0]

    def price(self, size: str, seconds: int) -> Decimal:
        """What a video of this size (WxH) and length (seconds) would have cost, in US dollars."""
        return self.prices[size] * seconds


def _sora(name: str, created: int, *prices: tuple[tuple[str, ...], str]) -> Model:
    by_size = {size: Decimal(price) for sizes, price in prices for size in sizes}
    return Model(name, created, "system", _ACCEPTED_SECONDS, by_size, LISTED_SIZES, LISTED_SECONDS)


def _sora_2(name: str, created: int) -> Model:
    return _sora(name, created, (_720P, "0.10"))


def _sora_2_pro(name: str, created: int) -> Model:
    return _sora(name, created, (_720P, "0.30"), (_PRO_TALL, "0.50"), (_1080P, "0.70"))


# In the order in which the rejection of an unknown model named them (evidence: verbatim, openai,
# 2026-09). `created` of the two aliases: verbatim, openai, 2025; of the snapshots: the midnight
# of their date, inferred.
BUILT_IN = (
    _sora_2("sora-2", 1759708615),
    _sora_2_pro("sora-2-pro", 1759708663),
    _sora_2("sora-2-2025-10-06", 1759708800),
    _sora_2_pro("sora-2-pro-2025-10-06", 1759708800),
    _sora_2("sora-2-2025-12-08", 1765152000),
)


# For a second of a video that has no price of its own.
_PRICE = BUILT_IN[0].prices[DEFAULT_SIZE]


class Models:
    """The models an emulator serves, by name, in the order in which they are listed."""

    def __init__(self, own: Iterable[Model] = (), built_in: Iterable[Model] = BUILT_IN) -> None:
        self._by_name = {model.name: model for model in (*built_in, *own)}
        self.names = tuple(self._by_name)

    def __iter__(self) -> Iterator[Model]:
        return iter(self._by_name.values())

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def __getitem__(self, name: str) -> Model:
        return self._by_name[name]

    def price(self, name: str, size: str, seconds: int) -> Decimal:
        """What a video would have cost, in US dollars.

        A model or size with no price of its own counts as sora-2 at 720p, which is what Azure
        sold under any deployment's name.
        """
        model = self._by_name.get(name)
        price = None if model is None else model.prices.get(size)
        return (_PRICE if price is None else price) * seconds
