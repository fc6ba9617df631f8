from pathlib import Path

import pytest

from fauxreel.resources import PACKAGE, MissingResource, root, shipped


def test_a_checkout_wins_over_stale_copies(tmp_path: Path) -> None:
    package = tmp_path / "emulator" / "fauxreel"
    (package / "_shipped").mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    assert root(package) == tmp_path


def test_an_installed_package_reads_what_it_brought_along(tmp_path: Path) -> None:
    package = tmp_path / "site-packages" / "fauxreel"
    assert root(package) == package / "_shipped"


def test_a_folder_called_emulator_is_not_yet_a_checkout(tmp_path: Path) -> None:
    package = tmp_path / "emulator" / "fauxreel"
    assert root(package) == package / "_shipped"


def test_a_shipped_file_is_found() -> None:
    assert shipped("fixtures", "media", "720x1280.mp4").is_file()


def test_a_missing_file_is_named() -> None:
    with pytest.raises(MissingResource, match=r"no-such-file\.yaml"):
        shipped("no-such-file.yaml")
    assert PACKAGE.name == "fauxreel"
