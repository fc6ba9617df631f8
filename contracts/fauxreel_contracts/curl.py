"""A call as a line of curl that anybody can run again; a variable stands in place of the key."""

import shlex

from fauxreel_contracts.forms import Part
from fauxreel_contracts.wire import Call, Secret

_LONGEST_BODY = 2000


def curl(call: Call, base_url: str, secret: Secret | None) -> str:
    """The line; files of a form are named, not written out."""
    words = ["curl", "-sS", "-i"]
    if call.method == "HEAD":
        words.append("-I")
    elif call.method != ("POST" if call.body else "GET"):
        words += ["-X", call.method]
    words.append(shlex.quote(base_url + call.path))
    if call.keyed and secret is not None:
        name, value = secret.shown(call)
        words += ["-H", f'"{name}: {value}"']
    is_form = bool(call.form)
    for name, value in call.headers:
        if not (is_form and name.lower() == "content-type"):
            words += ["-H", shlex.quote(f"{name}: {value}")]
    words += _body(call)
    line = " ".join(words)
    return secret.hidden(line) if secret is not None else line


def _body(call: Call) -> list[str]:
    if call.form:
        return [word for part in call.form for word in _part(part)]
    if not call.body:
        return []
    text = call.body.decode(errors="replace")
    if len(text) > _LONGEST_BODY:
        text = f"{text[:_LONGEST_BODY]}… ({len(call.body)} bytes)"
    return ["--data-raw", shlex.quote(text)]


def _part(part: Part) -> list[str]:
    if part.filename is None and not _is_text(part.value):
        kind = f";type={part.content_type}" if part.content_type else ""
        return ["-F", shlex.quote(f"{part.name}=<{part.name}.bin{kind}")]
    if part.filename is None:
        text = part.value.decode()
        kind = f";type={part.content_type}" if part.content_type else ""
        flag = "-F" if kind else "--form-string"
        return [flag, shlex.quote(f"{part.name}={text[:_LONGEST_BODY]}{kind}")]
    kind = f";type={part.content_type}" if part.content_type else ""
    return ["-F", shlex.quote(f"{part.name}=@{part.filename}{kind}")]


def _is_text(value: bytes) -> bool:
    try:
        return value.decode().isprintable()
    except UnicodeDecodeError:
        return False
