"""Finds the files that travel with the package: `openapi.yaml` and `fixtures/`.

A checkout wins over `_shipped/`, because an editable install leaves stale copies there.
"""

from pathlib import Path

PACKAGE = Path(__file__).parent


class MissingResource(FileNotFoundError):
    """A file that should have been shipped is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            f"Shipped file {str(path)!r} is missing from this installation of fauxreel"
        )
        self.path = path


def shipped(*parts: str) -> Path:
    """The path of a shipped file or folder, such as `shipped("fixtures", "media")`."""
    path = root(PACKAGE).joinpath(*parts)
    if not path.exists():
        raise MissingResource(path)
    return path


def root(package: Path) -> Path:
    """Where shipped files stand: the checkout around the package, or its `_shipped` folder."""
    checkout = package.parent.parent
    if package.parent.name == "emulator" and (checkout / "pyproject.toml").is_file():
        return checkout
    return package / "_shipped"
