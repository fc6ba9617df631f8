"""The user's own models, read from the TOML file that `--models` names.

[models.my-video-1]
seconds = [5, 10]
sizes = { "640x360" = 0.05, "1280x720" = 0.10 }   # US dollars a second
"""

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, cast

from fauxreel.clock import EPOCH
from fauxreel.domain.models import Model, Models
from fauxreel.domain.size import LONGEST_SECONDS, SIZE_RULE, parse_size
from fauxreel.settings import SettingError, table_of

_KEYS = ("seconds", "sizes")


def load_models(path: Path | None) -> Models:
    """The built-in models and those of the file.

    Raises:
        SettingError: The file cannot be read, or an entry is wrong.
    """
    if path is None:
        return Models()
    document = table_of(path, "--models")
    unknown = [key for key in document if key != "models"]
    tables = document.get("models")
    if unknown or not isinstance(tables, dict):
        found = ", ".join(unknown) or "none"
        raise SettingError(f"--models {path}: expected tables [models.NAME], found: {found}.")
    return Models(
        _model(f"--models {path}: models.{name}", name, table)
        for name, table in cast("dict[str, object]", tables).items()
    )


def _model(place: str, name: str, table: object) -> Model:
    if not isinstance(table, dict):
        raise SettingError(f"{place}: is not a table with the keys {' and '.join(_KEYS)}.")
    entries = cast("dict[str, Any]", table)
    for key in entries:
        if key not in _KEYS:
            raise SettingError(f"{place}.{key}: is not a key. Valid: {', '.join(_KEYS)}.")
    for key in _KEYS:
        if key not in entries:
            raise SettingError(f"{place}: has no {key}.")
    seconds = _seconds(f"{place}.seconds", entries["seconds"])
    prices = _prices(f"{place}.sizes", entries["sizes"])
    return Model(
        name=name,
        created=int(EPOCH),
        owned_by="user",
        seconds=seconds,
        prices=prices,
        listed_sizes=tuple(prices),
        listed_seconds=seconds,
    )


def _seconds(place: str, raw: object) -> tuple[int, ...]:
    values = cast("list[object]", raw) if isinstance(raw, list) else []
    lengths = tuple(value for value in values if isinstance(value, int) and value is not True)
    if not lengths or len(lengths) < len(values):
        raise SettingError(f"{place}: {raw!r} is not a list of whole seconds, such as [4, 8].")
    for length in lengths:
        if not 1 <= length <= LONGEST_SECONDS:
            raise SettingError(f"{place}: {length} is not from 1 to {LONGEST_SECONDS} seconds.")
    return lengths


def _prices(place: str, raw: object) -> dict[str, Decimal]:
    if isinstance(raw, list):
        raw = dict.fromkeys((str(size) for size in cast("list[object]", raw)), 0)
    if not isinstance(raw, dict) or not raw:
        raise SettingError(f'{place}: {raw!r} is not a table such as {{ "640x360" = 0.05 }}.')
    prices: dict[str, Decimal] = {}
    for size, price in cast("dict[str, object]", raw).items():
        if parse_size(size) is None:
            raise SettingError(f"{place}: {size!r} is not {SIZE_RULE}.")
        prices[size] = _price(f"{place}.{size}", price)
    return prices


def _price(place: str, raw: object) -> Decimal:
    try:
        price = Decimal(str(raw))
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or price < 0:
        raise SettingError(f"{place}: {raw!r} is not a price in US dollars a second.")
    return price
