"""The part of `openapi.yaml` that one target claims to serve, below its own base URL."""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from fauxreel_contracts.dialect import Dialect
from fauxreel_contracts.profile import Profile

_NAME = "openapi.yaml"
_METHODS = ("get", "put", "post", "delete", "patch", "head", "options", "trace")
# What the paths of a dialect begin with in the document, before those below a base URL.
_PLACES: Mapping[Dialect, str] = {
    Dialect.OPENAI: "/v1",
    Dialect.AZURE: "/openai/v1",
    Dialect.AZURE_JOBS: "/openai/v1",
    Dialect.LITELLM: "/litellm/v1",
}
_JOBS = "/video/generations"
_VIDEO = "/videos/{video_id}"
# What a profile must claim for an operation to be asked; None is claimed by all.
_NEEDS: Mapping[str, str | None] = {
    "post /videos": None,
    "get /videos": "list",
    f"get {_VIDEO}": None,
    f"delete {_VIDEO}": "delete",
    f"get {_VIDEO}/content": None,
    f"post {_VIDEO}/remix": "remix",
    "post /videos/edits": "edits",
    "post /videos/extensions": "extensions",
    "post /videos/characters": "characters",
    "get /videos/characters/{character_id}": "characters",
    "get /files": "files",
    "post /files": "files",
    "get /files/{file_id}": "files",
    "delete /files/{file_id}": "files",
    "get /files/{file_id}/content": "files",
    "get /models": "models",
    "get /models/{model}": "models",
    "post /video/generations/jobs": None,
    "get /video/generations/jobs": "list",
    "get /video/generations/jobs/{job_id}": None,
    "delete /video/generations/jobs/{job_id}": "delete",
    "get /video/generations/{generation_id}": None,
    "get /video/generations/{generation_id}/content/video": None,
    "get /video/generations/{generation_id}/content/thumbnail": None,
}
_ENCODINGS = {
    "create_json": ("application/json",),
    "create_multipart": ("multipart/form-data", "application/x-www-form-urlencoded"),
}


class NoDocument(Exception):
    """There is no `openapi.yaml` to fuzz by."""


def document_path(package: str = "fauxreel") -> Path:
    """The document that came along with the emulator, which is not imported for it.

    Raises:
        NoDocument: The emulator is not installed beside the kit.
    """
    spec = find_spec(package)
    for folder in map(Path, (spec and spec.submodule_search_locations) or ()):
        for path in (folder.parent.parent / _NAME, folder / "_shipped" / _NAME):
            if path.is_file():
                return path
    raise NoDocument(f"There is no {_NAME} here. Name one: --openapi FILE.")


def read(path: Path) -> dict[str, Any]:
    """The document.

    Raises:
        NoDocument: It cannot be read.
    """
    import yaml  # type: ignore[import-untyped] # no stubs are installed

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the quick one, if it is there
        document = yaml.load(path.read_text("utf-8"), loader)  # noqa: S506 - both are safe
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise NoDocument(f"{path}: {error}") from None
    if not isinstance(document, dict) or "paths" not in document:
        raise NoDocument(f"{path} is no OpenAPI document.")
    return cast("dict[str, Any]", document)


def claimed(document: Mapping[str, Any], dialect: Dialect, profile: Profile) -> dict[str, Any]:
    """The document with the operations that the profile claims, and with no others."""
    prefix, jobs = _PLACES[dialect], dialect is Dialect.AZURE_JOBS
    paths: dict[str, Any] = {}
    for path, item in document["paths"].items():
        below = path.removeprefix(prefix)
        if not path.startswith(f"{prefix}/") or below.startswith(_JOBS) is not jobs:
            continue
        kept = {
            name: deepcopy(value)
            for name, value in item.items()
            if name not in _METHODS or _is_claimed(f"{name} {below}", profile)
        }
        if any(name in _METHODS for name in kept):
            paths[below] = kept
    _without_other_encodings(paths, profile)
    part = {**deepcopy(dict(document)), "paths": paths, "servers": [{"url": "/"}]}
    _without_loose_links(part)
    return part


def _is_claimed(operation: str, profile: Profile) -> bool:
    if operation not in _NEEDS:
        return False
    need = _NEEDS[operation]
    return need is None or bool(profile.flag(need))


def operations(document: Mapping[str, Any]) -> list[str]:
    """Method and path of each operation."""
    return [f"{name.upper()} {path}" for path, name, _ in _operations(document["paths"])]


def _operations(paths: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in paths.items():
        for name, operation in item.items():
            if name in _METHODS:
                yield path, name, operation


def _without_other_encodings(paths: Mapping[str, Any], profile: Profile) -> None:
    """Takes the encodings away in which the server takes no videos."""
    for flag, kinds in _ENCODINGS.items():
        if profile.flag(flag):
            continue
        for _, _, operation in _operations(paths):
            content = operation.get("requestBody", {}).get("content", {})
            for kind in kinds:
                if len(content) > 1:
                    content.pop(kind, None)


def _without_loose_links(document: Mapping[str, Any]) -> None:
    """Takes the links away that lead to operations which are not claimed."""
    own = [operation for _, _, operation in _operations(document["paths"])]
    known = {operation.get("operationId") for operation in own}
    places = [*own, document.get("components", {})]  # responses stand in both
    for response in (each for place in places for each in place.get("responses", {}).values()):
        links = response.get("links", {})
        for name in [name for name, link in links.items() if link["operationId"] not in known]:
            del links[name]
