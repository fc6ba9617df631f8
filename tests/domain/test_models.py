"""Sizes, lengths and prices as on the model and pricing pages of September 2026."""

from decimal import Decimal

import pytest

from fauxreel.domain.models import (
    BUILT_IN,
    DEFAULT_MODEL,
    DEFAULT_SECONDS,
    DEFAULT_SIZE,
    Model,
    Models,
)

SORA_2 = {"720x1280": "0.10", "1280x720": "0.10"}
SORA_2_PRO = {
    "720x1280": "0.30",
    "1280x720": "0.30",
    "1024x1792": "0.50",
    "1792x1024": "0.50",
    "1080x1920": "0.70",
    "1920x1080": "0.70",
}
OWN = Model("mine", 1, "user", (5,), {"640x360": Decimal("0.05")}, ("640x360",), (5,))


@pytest.mark.parametrize(
    ("name", "created", "prices"),
    [
        ("sora-2", 1759708615, SORA_2),
        ("sora-2-pro", 1759708663, SORA_2_PRO),
        ("sora-2-2025-10-06", 1759708800, SORA_2),
        ("sora-2-pro-2025-10-06", 1759708800, SORA_2_PRO),
        ("sora-2-2025-12-08", 1765152000, SORA_2),
    ],
)
def test_a_built_in_model_is_as_published(name: str, created: int, prices: dict[str, str]) -> None:
    assert Models()[name] == Model(
        name=name,
        created=created,
        owned_by="system",
        seconds=(4, 8, 12, 16, 20),
        prices={size: Decimal(price) for size, price in prices.items()},
        listed_sizes=("720x1280", "1280x720", "1024x1792", "1792x1024"),
        listed_seconds=(4, 8, 12),
    )
    assert Models()[name].sizes == tuple(prices)


@pytest.mark.parametrize(
    ("name", "size", "seconds", "dollars"),
    [
        ("sora-2", "720x1280", 4, "0.40"),
        ("sora-2", "1280x720", 20, "2.00"),
        ("sora-2-pro", "1280x720", 12, "3.60"),
        ("sora-2-pro", "1024x1792", 8, "4.00"),
        ("sora-2-pro", "1920x1080", 16, "11.20"),
    ],
)
def test_a_video_costs_its_seconds(name: str, size: str, seconds: int, dollars: str) -> None:
    assert Models()[name].price(size, seconds) == Decimal(dollars)


def test_the_defaults_are_made_by_the_default_model() -> None:
    model = Models()[DEFAULT_MODEL]
    assert (DEFAULT_MODEL, DEFAULT_SIZE, DEFAULT_SECONDS) == ("sora-2", "720x1280", 4)
    assert DEFAULT_SIZE in model.sizes
    assert DEFAULT_SECONDS in model.seconds


def test_own_models_are_listed_after_the_built_in_ones() -> None:
    models = Models([OWN])
    assert tuple(models) == (*BUILT_IN, OWN)
    assert models.names == (*(model.name for model in BUILT_IN), "mine")
    assert "mine" in models
    assert "yours" not in models


def test_an_own_model_replaces_a_built_in_one_of_its_name() -> None:
    own = Model("sora-2", 1, "user", (5,), OWN.prices, OWN.listed_sizes, (5,))
    assert tuple(Models([own])) == (own, *BUILT_IN[1:])


def test_models_can_be_kept_in_a_set() -> None:
    assert len({OWN, *BUILT_IN}) == 6
