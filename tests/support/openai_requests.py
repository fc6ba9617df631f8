"""Requests as bytes, and the errors that OpenAI's dialect answers with."""

import io
import json

from PIL import Image


def as_json(value):
    return {"body": json.dumps(value), "content_type": "application/json"}


def text(name, value):
    return f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()


def multipart(*parts):
    body = b"".join(b"--b\r\n%s\r\n" % part for part in parts)
    return {"body": body + b"--b--\r\n", "content_type": "multipart/form-data; boundary=b"}


def png():
    image = io.BytesIO()
    Image.new("RGB", (720, 1280), "teal").save(image, "png")
    return image.getvalue()


def error(message, param=None, code=None):
    kind = "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def unknown(name):
    return error(f"Unknown parameter: '{name}'.", name, "unknown_parameter")


def missing(name):
    return error(f"Missing required parameter: '{name}'.", name, "missing_required_parameter")


def empty(name):
    message = (
        f"Invalid '{name}': empty string. Expected a string with minimum length 1, "
        "but got an empty string instead."
    )
    return error(message, name, "empty_string")


def mistyped(name, expected, given):
    message = f"Invalid type for '{name}': expected {expected}, but got {given} instead."
    return error(message, name, "invalid_type")


def unsupported(content_type):
    message = (
        f"Invalid file 'video': unsupported mimetype ('{content_type}'). "
        "Supported file formats are 'video/mp4'."
    )
    return error(message, "video", "unsupported_file_mimetype")
