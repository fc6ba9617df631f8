"""What can be asked of a video API, by name; every dialect serves some of it."""

from collections.abc import Mapping
from enum import StrEnum


class Operation(StrEnum):
    CREATE = "create"
    LIST = "list"
    RETRIEVE = "retrieve"
    DELETE = "delete"
    CONTENT = "content"
    REMIX = "remix"
    EDIT = "edit"
    EXTEND = "extend"
    CREATE_CHARACTER = "create_character"
    RETRIEVE_CHARACTER = "retrieve_character"
    LIST_MODELS = "list_models"
    RETRIEVE_MODEL = "retrieve_model"
    CREATE_FILE = "create_file"
    LIST_FILES = "list_files"
    RETRIEVE_FILE = "retrieve_file"
    DELETE_FILE = "delete_file"
    FILE_CONTENT = "file_content"
    GENERATION = "generation"  # one of the videos of an Azure job


# Those that make a job, and cost money.
CREATING = frozenset({Operation.CREATE, Operation.REMIX, Operation.EDIT, Operation.EXTEND})

SURFACES = ("openai", "azure", "azure-jobs", "litellm")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

# What a request can be looked for by, where there is a closed list.
NAMED: Mapping[str, tuple[str, ...]] = {
    "surface": SURFACES,
    "operation": tuple(Operation),
    "method": METHODS,
}
