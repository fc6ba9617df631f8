"""The fixture as tests use it: this suite loads the plugin by its entry point, too."""

import os
import sys

import pytest
import yaml
from openai import AsyncOpenAI, AzureOpenAI, NotFoundError, OpenAI, RateLimitError

from fauxreel.clock import EPOCH
from fauxreel.ids import video_id
from fauxreel.server import listen
from fauxreel.settings import SettingError
from fauxreel.testing import CannotListen


def test_unchanged_code_on_the_sdk_meets_the_emulator_and_waits_in_emulated_time(video_api):
    with OpenAI() as client:
        video = client.videos.create_and_poll(prompt="a cat", seconds="8")
        content = client.videos.download_content(video.id).read()

    assert (video.status, video.created_at, video.seconds) == ("completed", EPOCH, "8")
    assert content[4:8] == b"ftyp"
    # Each retrieve of the unfinished job moved the clock by a second: no time was slept away.
    assert video_api.clock.now() == EPOCH + 3
    assert [request.operation for request in video_api.requests] == [
        "create",
        *["retrieve"] * 4,
        "content",
    ]
    video_api.assert_resilient()


def test_an_endpoint_of_azure_in_the_environment_meets_the_emulator(video_api):
    endpoint, key = os.environ["AZURE_OPENAI_ENDPOINT"], os.environ["AZURE_OPENAI_API_KEY"]
    with OpenAI(base_url=f"{endpoint}/openai/v1/", api_key=key) as client:
        one = client.videos.create_and_poll(prompt="a cat", model="sora-2")
    with AzureOpenAI(base_url=f"{endpoint}/openai/v1/") as client:
        other = client.videos.create_and_poll(prompt="a dog", model="sora-2")

    assert [(job.id, job.prompt, job.surface, job.status) for job in video_api.videos] == [
        (one.id, "a cat", "azure", "completed"),
        (other.id, "a dog", "azure", "completed"),
    ]
    assert video_api.diagnostics == []


def test_the_default_path_of_the_azure_client_is_a_404_as_on_the_service_and_is_named(video_api):
    with AzureOpenAI() as client, pytest.raises(NotFoundError, match="Resource not found"):
        client.videos.create(prompt="a cat", model="sora-2")

    assert [found.code for found in video_api.diagnostics] == ["azure-path-without-v1"]
    with pytest.raises(AssertionError, match="^error azure-path-without-v1, once "):
        video_api.assert_no_diagnostics()


def test_the_variables_are_those_of_the_handle(video_api):
    names = [*video_api.environment(), "NO_PROXY", "no_proxy"]

    assert {name: os.environ[name] for name in names} == {
        "OPENAI_BASE_URL": video_api.base_url,
        "OPENAI_API_KEY": video_api.api_key,
        "OPENAI_API_VERSION": "preview",
        "AZURE_OPENAI_ENDPOINT": video_api.root_url,
        "AZURE_OPENAI_API_KEY": video_api.api_key,
        "AZURE_API_BASE": video_api.root_url,
        "AZURE_API_KEY": video_api.api_key,
        "NO_PROXY": os.environ["no_proxy"],
        "no_proxy": os.environ["NO_PROXY"],
    }
    assert os.environ["NO_PROXY"].split(",")[:3] == ["127.0.0.1", "localhost", "::1"]


def test_litellm_is_given_its_arguments_and_the_proxy_its_configuration(video_api):
    config = yaml.safe_load(video_api.proxy_config("sora-2", "azure/sora-2-pro", 'my: "own"'))

    assert video_api.litellm("sora-2") == {
        "model": "openai/sora-2",
        "api_base": video_api.base_url,
        "api_key": video_api.api_key,
    }
    assert config == {
        "model_list": [
            {"model_name": name, "litellm_params": given}
            for name, given in (
                ("sora-2", video_api.litellm("sora-2")),
                ("sora-2-pro", video_api.litellm("sora-2-pro", "azure")),
                ('my: "own"', video_api.litellm('my: "own"')),
            )
        ],
        "router_settings": {"num_retries": 0},
    }
    assert video_api.litellm("azure/sora-2")["api_base"] == video_api.root_url
    with pytest.raises(ValueError, match="^'vertex' is not a provider here. Valid: openai, azure"):
        video_api.litellm("veo", "vertex")


def test_ready_clients_speak_to_their_surfaces(video_api):
    for client in (video_api.client, video_api.azure_client):
        client.videos.create(prompt="a cat", model="sora-2")

    assert [job.surface for job in video_api.videos] == ["openai", "azure"]
    assert video_api.client is video_api.client
    assert isinstance(video_api.async_client, AsyncOpenAI)
    assert video_api.async_client is video_api.async_client
    assert video_api.async_azure_client.base_url == f"{video_api.azure_base_url}/"
    assert video_api.litellm_base_url == f"{video_api.root_url}/litellm"


def test_a_ready_client_without_the_sdk_says_what_to_install(video_api, monkeypatch):
    monkeypatch.setitem(sys.modules, "openai", None)

    message = "^A ready client needs the OpenAI SDK .pip install openai.; base_url and api_key go "
    with pytest.raises(RuntimeError, match=message):
        _ = video_api.client
    with pytest.raises(RuntimeError, match=message):
        _ = video_api.async_client


def test_a_broken_sdk_is_told_as_it_is(video_api, monkeypatch, tmp_path):
    (tmp_path / "openai.py").write_text("import nothing_of_that_name", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "openai")

    with pytest.raises(ModuleNotFoundError, match="nothing_of_that_name"):
        _ = video_api.client


@pytest.mark.parametrize("again", [1, 2])
@pytest.mark.fauxreel(seed=5)
def test_a_seed_gives_every_test_the_same_ids(video_api, again):
    assert video_api.seed(status="completed") == [video_id(5, 1, EPOCH - 70)]


@pytest.mark.parametrize(
    "status",
    [
        pytest.param("queued", marks=pytest.mark.fauxreel(timeline="stuck:queued")),
        pytest.param(
            "failed",
            marks=pytest.mark.fauxreel(rules="fail=moderation_blocked at=0", queue_seconds=0),
        ),
        pytest.param("completed", marks=pytest.mark.fauxreel(timeline="polls:0,0")),
    ],
)
def test_each_parameter_may_have_settings_of_its_own(video_api, status):
    job = video_api.client.videos.create(prompt="a cat")

    assert video_api.client.videos.retrieve(job.id).status == status


@pytest.mark.fauxreel(keys="sk-a,sk-b", lenient=True, max_requests=2)
def test_a_namespace_may_have_keys_limits_and_leniency_of_its_own(video_api):
    with OpenAI() as client:
        assert client.api_key == video_api.api_key == "sk-a"
        for _ in range(3):
            assert client.videos.retrieve("video_123").status == "completed"

    assert len(video_api.requests) == 2
    assert "/ns/" in video_api.base_url


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(0, marks=pytest.mark.fauxreel(own_server=True)),
        pytest.param(1, marks=pytest.mark.fauxreel(max_namespaces=3)),
    ],
)
def test_a_test_gets_a_server_of_its_own_where_it_asks_or_needs_one(video_api, how):
    video_api.client.videos.create(prompt="a cat")

    assert "/ns/" not in video_api.base_url
    assert video_api.space.settings.clock == "auto"
    assert len(video_api.videos) == 1


def test_several_made_by_the_factory_never_meet(video_api_factory):
    one, other = video_api_factory(seed=1), video_api_factory(seed=1, own_server=True)
    apis = [one, other, video_api_factory(scenario="out-of-quota")]
    jobs = [api.client.videos.create(prompt=f"cat {n}") for n, api in enumerate(apis[:2])]
    with pytest.raises(RateLimitError):
        apis[2].client.with_options(max_retries=0).videos.create(prompt="cat 3")

    assert [[job.prompt for job in api.videos] for api in apis] == [["cat 0"], ["cat 1"], []]
    assert jobs[0].id == jobs[1].id
    assert len({api.root_url for api in apis}) == 3
    assert "OPENAI_BASE_URL" not in os.environ


def test_a_wrong_setting_or_port_of_the_factory_is_raised(video_api_factory):
    with pytest.raises(SettingError, match=r"^--senario is not a setting. Did you mean scenario\?"):
        video_api_factory(senario="flaky")
    with pytest.raises(SettingError, match="^scenario -> 'flakey' is not a scenario. Did you mean"):
        video_api_factory(scenario="flakey")
    with pytest.raises(ValueError, match="^own_server -> 'yes' is not True or False.$"):
        video_api_factory(own_server="yes")
    (taken,) = listen("127.0.0.1", 0)
    port = taken.getsockname()[1]
    with taken, pytest.raises(CannotListen, match=f"^cannot listen on 127.0.0.1 port {port}: "):
        video_api_factory(port=port)


def test_a_scenario_may_bring_a_clock_along(video_api_factory):
    mine = {"mine": {"settings": {"clock": "manual"}}}

    for own in (False, True):
        api = video_api_factory(scenarios=mine, scenario="mine", own_server=own)
        assert (api.space.clock.kind, api.space.settings.max_idle_polls) == ("manual", 50)
    api = video_api_factory(scenarios=mine, scenario="mine", clock="system")
    assert api.space.clock.kind == "system"


def test_a_closed_handle_tells_what_was(video_api_factory):
    api = video_api_factory(own_server=True)
    api.client.videos.create(prompt="a cat")
    api.close()
    api.close()

    assert not api.serves
    assert [job.prompt for job in api.snapshot().jobs] == ["a cat"]
    assert [found.code for found in api.snapshot().findings] == ["never-collected"]
    assert repr(api) == f"<Handle {api.root_url}>"
