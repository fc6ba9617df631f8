"""OpenAI's operations on characters, files and models."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fauxreel.domain.errors import InvalidType, MissingParameter, ModelNotFound, UnsupportedUpload
from fauxreel.headers import Headers
from fauxreel.media import reference as media
from fauxreel.service import VideoService
from fauxreel.wire.bodies import Limits, read_fields, type_name
from fauxreel.wire.http import Answer, Exchange, Methods
from fauxreel.wire.multipart import Upload
from fauxreel.wire.openai_parse import parse_list
from fauxreel.wire.openai_render import (
    json_answer,
    render_character,
    render_deleted,
    render_file,
    render_list,
    render_model,
)
from fauxreel.wire.references import VIDEO_ONLY, decoded
from fauxreel.wire.validation import choice, refuse_unknown, required_text

# (evidence: documented, openai)
PURPOSES = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")

LONGEST_NAME = 80  # characters (evidence: documented, openai)
_MOST_FILES_A_PAGE = 10_000  # the default, too (evidence: documented, openai)

# What somebody uploaded is never shown by a browser as a page of this server.
_SANDBOX: Headers = [(b"content-security-policy", b"sandbox; default-src 'none'")]


class AssetOperations:
    """What clients upload once and name later, and which models there are."""

    def __init__(self, service: VideoService, limits: Limits) -> None:
        self._service = service
        self._characters = service.characters
        self._files = service.files
        self._limits = limits

    def paths(self) -> dict[str, Methods]:
        """All handlers by path and method."""
        files: dict[str, Methods] = {
            "/files": {"POST": self._upload, "GET": self._list_files},
            "/files/{file_id}": {"GET": self._file, "DELETE": self._delete_file},
            "/files/{file_id}/content": {"GET": self._file_content},
        }
        return self.character_paths() | files | self.model_paths()

    def character_paths(self) -> dict[str, Methods]:
        """The handlers of characters alone."""
        return {
            "/videos/characters": {"POST": self._create_character},
            "/videos/characters/{character_id}": {"GET": self._character},
        }

    def model_paths(self) -> dict[str, Methods]:
        """The handlers of models alone."""
        return {"/models": {"GET": self._models}, "/models/{model:path}": {"GET": self._model}}

    async def _create_character(self, exchange: Exchange) -> Answer:
        values = (await read_fields(exchange, self._limits)).values
        refuse_unknown(values, {"name", "video"})
        name = required_text(values, "name", LONGEST_NAME)
        upload = _required_file(values, "video")
        reference = None
        if not self._service.space.lenient:
            reference = await decoded("video", upload, VIDEO_ONLY, None)
        character = await self._characters.create(exchange.project, name, reference)
        return json_answer(render_character(character))

    async def _character(self, exchange: Exchange) -> Answer:
        wanted = exchange.path_param("character_id")
        return json_answer(render_character(await self._characters.get(exchange.project, wanted)))

    async def _upload(self, exchange: Exchange) -> Answer:
        values = (await read_fields(exchange, self._limits)).values
        refuse_unknown(values, {"file", "purpose", "expires_after"})
        upload = _required_file(values, "file")
        if "purpose" not in values:
            raise MissingParameter("purpose")
        purpose = choice(values, "purpose", "", PURPOSES, PURPOSES)
        # The real service refused videos here (evidence: verbatim, openai; its words unseen).
        if (media.sniff(upload.data) or "").startswith("video/"):
            raise UnsupportedUpload("file", upload.filename)
        stored = await self._files.create(exchange.project, upload.filename, purpose, upload.data)
        return json_answer(render_file(stored))

    async def _list_files(self, exchange: Exchange) -> Answer:
        query = exchange.query()
        request = parse_list(query, _MOST_FILES_A_PAGE, _MOST_FILES_A_PAGE)
        page = await self._files.page(exchange.project, request, query.get("purpose"))
        return json_answer(render_list(page, render_file, lambda file: file.id))

    async def _file(self, exchange: Exchange) -> Answer:
        wanted = exchange.path_param("file_id")
        return json_answer(render_file(await self._files.get(exchange.project, wanted)))

    async def _delete_file(self, exchange: Exchange) -> Answer:
        wanted = exchange.path_param("file_id")
        await self._files.delete(exchange.project, wanted)
        return json_answer(render_deleted(wanted, "file"))

    async def _file_content(self, exchange: Exchange) -> Answer:
        stored = await self._files.get(exchange.project, exchange.path_param("file_id"))
        name = quote(stored.filename, safe="")
        disposition = f"attachment; filename*=UTF-8''{name}".encode("ascii")
        headers = [*_SANDBOX, (b"content-disposition", disposition)]
        return Answer(200, (stored.data,), b"application/octet-stream", headers)

    async def _models(self, exchange: Exchange) -> Answer:
        del exchange
        entries = ",".join(render_model(model) for model in self._service.space.models)
        return json_answer(f'{{"object":"list","data":[{entries}]}}')

    async def _model(self, exchange: Exchange) -> Answer:
        name, models = exchange.path_param("model"), self._service.space.models
        if name not in models:
            raise ModelNotFound(name)
        return json_answer(render_model(models[name]))


def _required_file(values: Mapping[str, Any], name: str) -> Upload:
    if name not in values:
        raise MissingParameter(name)
    value = values[name]
    if not isinstance(value, Upload):
        raise InvalidType(name, "a file", type_name(value))
    return value
