"""Where the imagined LiteLLM proxy sends a call: by model group, by wrapped id, by provider."""

from collections.abc import Mapping

from msgspec import Struct

from fauxreel.domain.errors import RequestError, UnknownModelGroup
from fauxreel.domain.models import Models
from fauxreel.ids import deployment_id
from fauxreel.wire.http import Exchange
from fauxreel.wire.litellm_ids import WrappedId, unwrapped

OPENAI = "openai"
AZURE = "azure"
_AZURE_GROUP = "azure-"


class Target(Struct, frozen=True):
    """One upstream call's destination.

    Args:
        model: The upstream's model, without the provider; empty when it is not known.
        group: The model group whose deployment is used; None when none is.
        deployment: The deployment's id; empty when none is used.
    """

    provider: str
    model: str
    group: str | None = None
    deployment: str = ""

    def wrap(self, video_id: str) -> str:
        """A raw id as the proxy gives it out."""
        return str(WrappedId(self.provider, self.model, video_id, self.deployment))


class GroupIsNoText(RequestError):
    """The name of a model group that is a number, a list or another value."""

    def __init__(self) -> None:
        super().__init__("'model' must be a string.")


class Targets:
    """The deployments of the imagined proxy: `openai/M` as `M`, and `azure/M` as `azure-M`."""

    def __init__(self, models: Models, seed: int) -> None:
        self._models = models
        self._seed = seed

    def groups(self) -> list[str]:
        """The names of all model groups."""
        return [f"{prefix}{name}" for prefix in ("", _AZURE_GROUP) for name in self._models.names]

    def of_group(self, group: object) -> Target:
        """The deployment of a model group.

        Raises:
            UnknownModelGroup: There is none.
            GroupIsNoText: Its name is a number, say.
        """
        if group is not None and not isinstance(group, str):
            raise GroupIsNoText
        name = group or ""
        if name in self._models:
            return self._deployed(OPENAI, name, name)
        model = name.removeprefix(_AZURE_GROUP)
        if name.startswith(_AZURE_GROUP) and model in self._models:
            return self._deployed(AZURE, model, name)
        raise UnknownModelGroup(group)

    def known(self, group: object) -> Target | None:
        """The deployment of a model group, or None when there is none."""
        try:
            return self.of_group(group)
        except (UnknownModelGroup, GroupIsNoText):
            return None

    def of_deployment(self, deployment: str) -> Target | None:
        """The deployment of that id, or None when there is none."""
        targets = (self.of_group(group) for group in self.groups())
        return next((found for found in targets if found.deployment == deployment), None)

    def of_id(self, wrapped: str, provider: str | None) -> tuple[Target, str]:
        """The destination that an id names, and the raw id.

        A raw id uses no deployment; the provider that the request names counts for it alone.
        """
        found = unwrapped(wrapped)
        if found is not None and found.model and found.model not in self._models:
            found = None  # no deployment of ours gave it out
        if found is None:
            return Target(AZURE if provider == AZURE else OPENAI, ""), wrapped
        kind = AZURE if found.provider == AZURE else OPENAI
        if not found.model:
            return Target(kind, ""), found.video_id
        group = f"{_AZURE_GROUP if kind == AZURE else ''}{found.model}"
        return self._deployed(kind, found.model, group), found.video_id

    def _deployed(self, provider: str, model: str, group: str) -> Target:
        return Target(provider, model, group, deployment_id(self._seed, provider, model))


def named_provider(exchange: Exchange, values: Mapping[str, object] | None = None) -> str | None:
    """The provider that a request names: header before query before body (evidence: measured)."""
    header = exchange.header(b"custom-llm-provider")
    if header is not None:
        return header.decode("latin-1").strip()
    given = exchange.query().get("custom_llm_provider") or (values or {}).get("custom_llm_provider")
    return given if isinstance(given, str) else None
