"""Which operation a path stands for, whichever dialect it belongs to."""

from collections.abc import Mapping

from fauxreel.domain.operations import Operation

_VIDEOS = {"POST": Operation.CREATE, "GET": Operation.LIST}
_VIDEO = {"GET": Operation.RETRIEVE, "DELETE": Operation.DELETE}
_CONTENT = {"GET": Operation.CONTENT}

OPERATIONS: Mapping[str, Mapping[str, Operation]] = {
    "/videos": _VIDEOS,
    "/videos/{video_id}": _VIDEO,
    "/videos/{video_id}/content": _CONTENT,
    "/videos/{video_id}/remix": {"POST": Operation.REMIX},
    "/videos/edits": {"POST": Operation.EDIT},
    "/videos/extensions": {"POST": Operation.EXTEND},
    "/videos/characters": {"POST": Operation.CREATE_CHARACTER},
    "/videos/characters/{character_id}": {"GET": Operation.RETRIEVE_CHARACTER},
    "/models": {"GET": Operation.LIST_MODELS},
    "/models/{model:path}": {"GET": Operation.RETRIEVE_MODEL},
    "/files": {"POST": Operation.CREATE_FILE, "GET": Operation.LIST_FILES},
    "/files/{file_id}": {"GET": Operation.RETRIEVE_FILE, "DELETE": Operation.DELETE_FILE},
    "/files/{file_id}/content": {"GET": Operation.FILE_CONTENT},
    # Azure's jobs
    "/jobs": _VIDEOS,
    "/jobs/{job_id}": _VIDEO,
    "/{generation_id}": {"GET": Operation.GENERATION},
    "/{generation_id}/content/video": _CONTENT,
    "/{generation_id}/content/thumbnail": _CONTENT,
    # What LiteLLM documents
    "/videos/generations": {"POST": Operation.CREATE},
    "/videos/status": {"POST": Operation.RETRIEVE},
    "/videos/retrieval": {"POST": Operation.CONTENT},
    "/videos/remix": {"POST": Operation.REMIX},
}
