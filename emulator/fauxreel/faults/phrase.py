"""Where rules stand in a prompt: `a cat [[fauxreel stuck=99]]`."""

from fauxreel.domain.refusals import BadRule


def phrases(prompt: str) -> list[str]:
    """What stands between `[[fauxreel` and `]]`.

    Raises:
        BadRule: The end is missing.
    """
    found: list[str] = []
    for part in prompt.split("[[")[1:]:
        inner, closed, _ = part.partition("]]")
        word, *rest = inner.split(None, 1) or [""]
        if word != "fauxreel":
            continue
        if not closed:
            raise BadRule("prompt", "prompt: [[fauxreel has no end; ]] ends it.")
        found += rest
    return found
