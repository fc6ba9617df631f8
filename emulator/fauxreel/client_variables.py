"""The environment that points clients at an emulator, whatever their language.

`python -m fauxreel.client_variables URL` prints it, a variable a line, for scripts.
"""

import os
import sys
from collections.abc import Mapping
from urllib.parse import urlsplit

# Named in `settings`, too: it is no setting, though it begins like one.
URL_VARIABLE = "FAUXREEL_URL"
API_KEY = "sk-fauxreel"

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def sdk_variables(root_url: str, api_key: str) -> dict[str, str]:
    """The variables by which unchanged code on the SDKs meets an emulator.

    Code on Azure takes the endpoint and adds `/openai/v1/` itself. What does not, as
    `AzureOpenAI()` without a base URL, asks for `/openai/videos`: that is a 404 here as it is
    there (evidence: inferred, azure), and is named `azure-path-without-v1`.

    Args:
        root_url: Of the emulator, without `/v1`.
    """
    return {
        # The SDKs of OpenAI, and whatever learned from them.
        "OPENAI_BASE_URL": f"{root_url}/v1",
        "OPENAI_API_KEY": api_key,
        # The SDKs of Azure: `AzureOpenAI` in Python and Node, and its cousins.
        "OPENAI_API_VERSION": "preview",
        "AZURE_OPENAI_ENDPOINT": root_url,
        "AZURE_OPENAI_API_KEY": api_key,
        # LiteLLM's `azure/`; its `openai/` takes no variable for videos.
        "AZURE_API_BASE": root_url,
        "AZURE_API_KEY": api_key,
    }


def client_variables(root_url: str, api_key: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Those, the emulator's own address, and what lets clients past proxies.

    Args:
        root_url: Of the emulator, without `/v1`.
        environ: The environment so far; what it says of proxies is kept and extended.
    """
    return {
        **sdk_variables(root_url, api_key),
        URL_VARIABLE: root_url,
        **_past_proxies(root_url, environ),
    }


def _past_proxies(root_url: str, environ: Mapping[str, str]) -> dict[str, str]:
    """Both spellings, for programs read one or the other."""
    upper, lower = environ.get("NO_PROXY", ""), environ.get("no_proxy", "")
    hosts = dict.fromkeys((*_LOOPBACK, urlsplit(root_url).hostname or ""))
    return {
        "NO_PROXY": _extended(upper or lower, hosts),
        "no_proxy": _extended(lower or upper, hosts),
    }


def _extended(listed: str, hosts: Mapping[str, None]) -> str:
    known = [host for part in listed.split(",") if (host := part.strip())]
    if "*" in known:
        return listed
    return ",".join([*known, *(host for host in hosts if host not in known)])


if __name__ == "__main__":
    # A composition root of its own: the environment is the caller's.
    for name, value in client_variables(sys.argv[1], API_KEY, os.environ).items():  # noqa: TID251
        sys.stdout.write(f"{name}={value}\n")
