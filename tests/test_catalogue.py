"""The file of a user's own models."""

from decimal import Decimal
from pathlib import Path

import pytest

from fauxreel.catalogue import load_models
from fauxreel.domain.models import BUILT_IN, Model
from fauxreel.settings import SettingError

GOOD = '[models.mine]\nseconds = [5, 10]\nsizes = { "640x360" = 0.05, "1280x720" = 1 }\n'
MINE = Model(
    name="mine",
    created=1767225600,
    owned_by="user",
    seconds=(5, 10),
    prices={"640x360": Decimal("0.05"), "1280x720": Decimal(1)},
    listed_sizes=("640x360", "1280x720"),
    listed_seconds=(5, 10),
)


def models_file(folder: Path, text: str) -> Path:
    file = folder / "models.toml"
    file.write_text(text, encoding="utf-8")
    return file


def refusal(file: Path) -> str:
    with pytest.raises(SettingError) as refused:
        load_models(file)
    message = str(refused.value)
    assert message.isprintable()
    return message


def test_without_a_file_there_are_the_built_in_models() -> None:
    assert tuple(load_models(None)) == BUILT_IN


def test_own_models_join_the_built_in_ones(tmp_path: Path) -> None:
    assert tuple(load_models(models_file(tmp_path, GOOD))) == (*BUILT_IN, MINE)


def test_sizes_without_prices_cost_nothing(tmp_path: Path) -> None:
    text = '[models.mine]\nseconds = [1, 120]\nsizes = ["16x16", "4096x4096"]\n'
    model = load_models(models_file(tmp_path, text))["mine"]
    assert model.sizes == ("16x16", "4096x4096")
    assert model.price("16x16", 120) == 0


def test_an_own_model_may_redefine_a_built_in_one(tmp_path: Path) -> None:
    models = load_models(models_file(tmp_path, GOOD.replace("mine", "sora-2")))
    assert models.names == tuple(model.name for model in BUILT_IN)
    assert models["sora-2"].seconds == (5, 10)


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        ("models = 5", ": expected tables [models.NAME], found: none."),
        ("", ": expected tables [models.NAME], found: none."),
        ("[mine]\nseconds = [5]", ": expected tables [models.NAME], found: mine."),
        (f"{GOOD}[colour]\n", ": expected tables [models.NAME], found: colour."),
        ("[models]\nmine = 5", ": models.mine: is not a table with the keys seconds and sizes."),
        (f"{GOOD}fps = 30", ": models.mine.fps: is not a key. Valid: seconds, sizes."),
        ("[models.mine]\nseconds = [5]", ": models.mine: has no sizes."),
        ('[models.mine]\nsizes = ["64x48"]', ": models.mine: has no seconds."),
        ('[models."a\\nb"]', ": models.a\\nb: has no seconds."),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, entry: str, problem: str) -> None:
    file = models_file(tmp_path, entry)
    assert refusal(file) == f"--models {file}{problem}"


@pytest.mark.parametrize("seconds", ["5", "[]", "[5, 1.5]", "['5']", "[true]", "[5, true]"])
def test_lengths_are_whole_seconds(tmp_path: Path, seconds: str) -> None:
    file = models_file(tmp_path, f'[models.mine]\nseconds = {seconds}\nsizes = ["64x48"]')
    shown = seconds.replace("true", "True")
    assert refusal(file) == (
        f"--models {file}: models.mine.seconds: {shown} is not a list of whole seconds, "
        "such as [4, 8]."
    )


@pytest.mark.parametrize("length", [0, -4, 121])
def test_lengths_have_bounds(tmp_path: Path, length: int) -> None:
    file = models_file(tmp_path, f'[models.mine]\nseconds = [5, {length}]\nsizes = ["64x48"]')
    assert refusal(file) == (
        f"--models {file}: models.mine.seconds: {length} is not from 1 to 120 seconds."
    )


@pytest.mark.parametrize(("sizes", "shown"), [("5", "5"), ("{}", "{}"), ("'64x48'", "'64x48'")])
def test_sizes_are_a_table(tmp_path: Path, sizes: str, shown: str) -> None:
    file = models_file(tmp_path, f"[models.mine]\nseconds = [5]\nsizes = {sizes}")
    assert refusal(file) == (
        f"--models {file}: models.mine.sizes: {shown} is not a table "
        'such as { "640x360" = 0.05 }.'
    )


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [('["720p"]', "'720p'"), ("[5]", "'5'"), ('{ "8x48" = 0.1 }', "'8x48'")],
)
def test_a_size_is_width_and_height(tmp_path: Path, sizes: str, shown: str) -> None:
    file = models_file(tmp_path, f"[models.mine]\nseconds = [5]\nsizes = {sizes}")
    assert refusal(file) == (
        f"--models {file}: models.mine.sizes: {shown} is not WIDTHxHEIGHT "
        "with 16 to 4096 pixels a side."
    )


@pytest.mark.parametrize(
    ("price", "shown"),
    [
        ("-0.1", "-0.1"),
        ("'cheap'", "'cheap'"),
        ("true", "True"),
        ("nan", "nan"),
        ("inf", "inf"),
        ("[1]", "[1]"),
    ],
)
def test_a_price_is_a_number_of_dollars(tmp_path: Path, price: str, shown: str) -> None:
    file = models_file(tmp_path, f'[models.mine]\nseconds = [5]\nsizes = {{ "64x48" = {price} }}')
    assert refusal(file) == (
        f"--models {file}: models.mine.sizes.64x48: {shown} is not a price in US dollars a second."
    )


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    file = tmp_path / "none.toml"
    assert refusal(file) == f"--models {file}: cannot be read: No such file or directory"


@pytest.mark.parametrize("content", [b"models: mine", b"\xff\xfe"])
def test_a_file_that_is_not_toml_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "models.toml"
    file.write_bytes(content)
    assert refusal(file).startswith(f"--models {file}: is not TOML: ")
