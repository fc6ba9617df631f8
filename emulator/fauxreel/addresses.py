"""Where a namespace is found, and clients that find it."""

from abc import ABC, abstractmethod
from importlib import import_module
from json import dumps
from typing import TYPE_CHECKING, Any

from fauxreel.client_variables import sdk_variables

if TYPE_CHECKING:
    from types import ModuleType

    from openai import AsyncOpenAI, OpenAI


def sdk() -> "ModuleType":
    """The OpenAI SDK.

    Raises:
        RuntimeError: It is not installed.
    """
    try:
        return import_module("openai")
    except ModuleNotFoundError as error:
        if error.name != "openai":
            raise
        raise RuntimeError(
            "A ready client needs the OpenAI SDK (pip install openai); "
            "base_url and api_key go with any other client."
        ) from None


def http_of_openai() -> Any:
    """The HTTP library that the installed OpenAI SDK is built on: httpx2, before openai 3 httpx."""
    sdk()
    from openai import DefaultAsyncHttpxClient

    return import_module(DefaultAsyncHttpxClient.__mro__[1].__module__.partition(".")[0])


class Addresses(ABC):
    """The addresses of one namespace, and clients made for them.

    Args:
        api_key: The key that its clients send.
    """

    def __init__(self, api_key: str) -> None:
        self.api_key = api_key
        self._clients: dict[str, OpenAI] = {}
        self._async_clients: dict[str, AsyncOpenAI] = {}

    @property
    @abstractmethod
    def root_url(self) -> str:
        """The address that the paths of all surfaces follow."""

    @property
    def base_url(self) -> str:
        """What `OPENAI_BASE_URL` should be: the root and `/v1`."""
        return f"{self.root_url}/v1"

    @property
    def azure_base_url(self) -> str:
        """What an OpenAI client for Azure takes as its base URL."""
        return f"{self.root_url}/openai/v1"

    @property
    def litellm_base_url(self) -> str:
        """What a client of the LiteLLM proxy takes as its base URL."""
        return f"{self.root_url}/litellm"

    @property
    def client(self) -> "OpenAI":
        """A client of the OpenAI SDK, made when it is first asked for."""
        return self._openai("client", self.base_url)

    @property
    def azure_client(self) -> "OpenAI":
        """The same for Azure's surface."""
        return self._openai("azure_client", self.azure_base_url)

    @property
    def async_client(self) -> "AsyncOpenAI":
        """The asynchronous client, made when it is first asked for.

        It keeps no connection open after an answer, so nothing is left of it when a loop ends.
        """
        return self._asynchronous("async_client", self.base_url)

    @property
    def async_azure_client(self) -> "AsyncOpenAI":
        """The same for Azure's surface."""
        return self._asynchronous("async_azure_client", self.azure_base_url)

    def _openai(self, name: str, base_url: str) -> "OpenAI":
        if name not in self._clients:
            made: OpenAI = sdk().OpenAI(base_url=base_url, api_key=self.api_key)
            self._clients[name] = made
        return self._clients[name]

    def _asynchronous(self, name: str, base_url: str) -> "AsyncOpenAI":
        if name not in self._async_clients:
            limits = http_of_openai().Limits(max_keepalive_connections=0)
            http_client = sdk().DefaultAsyncHttpxClient(limits=limits)
            made: AsyncOpenAI = sdk().AsyncOpenAI(
                base_url=base_url, api_key=self.api_key, http_client=http_client
            )
            self._async_clients[name] = made
        return self._async_clients[name]

    def close_clients(self) -> None:
        """Closes the connections of the clients that were made."""
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        self._async_clients.clear()

    def litellm(self, model: str = "sora-2", provider: str = "openai") -> dict[str, str]:
        """Arguments of `litellm.video_generation` and its like, which read no variable for
        `openai/` (evidence: measured, litellm 1.109.1).

        Args:
            model: With or without a provider before it, as in `azure/sora-2`.
            provider: `openai` or `azure`, where the model names none.

        Raises:
            ValueError: It is another provider.
        """
        bases = {"openai": self.base_url, "azure": self.root_url}
        named, _, name = model.partition("/")
        if named in bases and name:
            provider, model = named, name
        if provider not in bases:
            raise ValueError(f"{provider!r} is not a provider here. Valid: {', '.join(bases)}.")
        return {
            "model": f"{provider}/{model}",
            "api_base": bases[provider],
            "api_key": self.api_key,
        }

    def proxy_config(self, *models: str) -> str:
        """A configuration of the LiteLLM proxy, in YAML, with the emulator as its upstream.

        Args:
            models: As for `litellm`; the proxy knows them without the provider.
        """
        lines = ["model_list:"]
        for model in models or ("sora-2",):
            given = self.litellm(model)
            # JSON strings are YAML, whatever is in them.
            name = given["model"].partition("/")[2]
            lines += [f"  - model_name: {dumps(name)}", "    litellm_params:"]
            lines += [f"      {key}: {dumps(value)}" for key, value in given.items()]
        lines += ["router_settings:", "  num_retries: 0"]
        return "\n".join(lines) + "\n"

    def environment(self) -> dict[str, str]:
        """The variables by which unchanged code on the SDKs meets the emulator."""
        return sdk_variables(self.root_url, self.api_key)
