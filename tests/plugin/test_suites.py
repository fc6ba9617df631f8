"""Suites of users: markers, options, and what fails them in one clear line."""

import threading

import pytest


def test_the_nearest_marker_wins_over_class_module_command_line_and_ini(suite):
    result = suite(
        """
        import pytest

        pytestmark = pytest.mark.fauxreel(seed=2, max_requests=2)

        class TestHere:
            pytestmark = pytest.mark.fauxreel(seed=3, max_files_mb=3)

            @pytest.mark.fauxreel(seed=4)
            def test_all(self, video_api):
                now = video_api.space.settings
                assert (now.seed, now.max_files_mb, now.max_requests, now.poll_after_ms,
                        now.queue_seconds, now.clock) == (4, 3, 2, 5, 7, "auto")

            @pytest.mark.fauxreel(timeline="polls", queue_seconds=None)
            def test_none_takes_back(self, video_api, async_video_api):
                assert async_video_api is video_api
                assert video_api.space.settings.timeline == "polls"
        """,
        "--fauxreel=queue-seconds=7",
        "--fauxreel=seed=1",
        ini="fauxreel =\n    poll_after_ms = 5\n    queue_seconds = 6\n",
    )

    result.assert_outcomes(passed=2)


def test_a_suite_without_the_fixture_starts_nothing(suite):
    # Threads of the tests before may end meanwhile; none may be added.
    threads = [thread.name for thread in threading.enumerate()]
    result = suite(
        f"""
        import threading

        def test_nothing():
            names = [thread.name for thread in threading.enumerate()]
            assert sorted(set(names) - set({threads})) == []
        """
    )

    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("senario='x'", "--senario is not a setting. Did you mean scenario?"),
        ("clock='sundial'", "--clock: 'sundial' is not valid. Valid: system, scaled, *"),
        ("scenario='x'", "scenario -> 'x' is not a scenario. Valid: happy, *"),
        ("rules='error=no'", "rules.error -> 'no' is not valid. *"),
        ("host='192.0.2.1'", "cannot listen on 192.0.2.1 port 0: *"),
        ("guard='no'", "guard -> 'no' is not True or False."),
        ("own_server='yes'", "own_server -> 'yes' is not True or False."),
    ],
)
def test_a_wrong_marker_is_one_line(suite, marker, message):
    result = suite(
        f"""
        import pytest

        @pytest.mark.fauxreel({marker})
        def test_it(video_api):
            raise NotImplementedError
        """,
        "-q",
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*ERROR at setup of test_it*", f"@pytest.mark.fauxreel: {message}", "*summary*"],
        consecutive=True,
    )


def test_a_marker_with_a_position_says_how_it_is_written(suite):
    result = suite(
        """
        import pytest

        @pytest.mark.fauxreel("flaky")
        def test_it(video_api):
            raise NotImplementedError
        """
    )

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["@pytest.mark.fauxreel takes settings by name, as in scenario='flaky', not 'flaky'."]
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("sceario=x", "--sceario is not a setting. Did you mean scenario?"),
        ("flaky", "'flaky' is not NAME=VALUE, as in scenario=flaky."),
        ("speed=3", "--speed has an effect only with the clock 'scaled', *"),
        ("scenario=zz", "scenario -> 'zz' is not a scenario. Valid: happy, *"),
        ("rules=error=quta", "rules.error -> 'quta' is not *"),
        ("certfile=/nope", "--certfile /nope: cannot be read: No such file or directory"),
        ("models=/nope", "* /nope*"),
    ],
)
@pytest.mark.parametrize("more", [[], ["--fauxreel-session-env"]])
@pytest.mark.parametrize("source", ["--fauxreel", "fauxreel in the configuration of pytest"])
def test_a_wrong_line_is_said_before_the_first_test(suite, line, message, more, source):
    given = [f"--fauxreel={line}"] if source == "--fauxreel" else []
    ini = "fauxreel =\n    seed=1\n" + ("" if given else f"    {line}\n")
    result = suite("def test_it(): pass", "--fauxreel=queue-seconds=1", *given, *more, ini=ini)

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {source}: {message}"])
    assert "Traceback" not in result.stderr.str()


def test_of_two_wrong_lines_the_one_that_counts_is_named(suite):
    result = suite("", "--fauxreel=scenario=yy", ini="fauxreel = scenario=zz\n")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --fauxreel: scenario -> 'yy' is not a scenario. *"])


@pytest.mark.parametrize("source", ["--fauxreel", "fauxreel in the configuration of pytest"])
def test_an_address_of_another_machine_ends_the_run_or_fails_each_test_in_one_line(suite, source):
    line = "host=192.0.2.1"
    given, ini = (
        ([f"--fauxreel={line}"], "")
        if source == "--fauxreel"
        else ([], f"fauxreel =\n    {line}\n")
    )
    message = f"{source}: cannot listen on 192.0.2.1 port 0: *"
    test = """
        import pytest

        @pytest.mark.fauxreel(seed=1)
        def test_it(video_api):
            raise NotImplementedError
        """

    early = suite(test, "--fauxreel-session-env", *given, ini=ini)
    assert early.ret == pytest.ExitCode.USAGE_ERROR
    early.stderr.fnmatch_lines([f"ERROR: {message}"])
    assert "Traceback" not in early.stderr.str()

    late = suite(test, "-q", *given, ini=ini)
    late.assert_outcomes(errors=1)
    late.stdout.fnmatch_lines(
        ["*ERROR at setup of test_it*", message, "*summary*"], consecutive=True
    )


def test_a_wrong_setting_of_the_factory_shows_the_line_of_the_test(suite):
    result = suite(
        """
        def test_it(video_api_factory):
            video_api_factory(senario="x")
        """
    )

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '>       video_api_factory(senario="x")',
            "E       fauxreel.settings.SettingError: --senario is not a setting. Did you mean *",
            "",
            "*test_it.py:2: SettingError".replace("test_it.py", "*.py"),
        ],
        consecutive=True,
    )


def test_the_variables_of_the_shell_are_put_back_and_those_of_the_emulator_have_no_effect(
    suite, monkeypatch
):
    monkeypatch.setenv("FAUXREEL_CLOCK", "manual")
    monkeypatch.setenv("FAUXREEL_NONSENSE", "1")
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-developer")
    monkeypatch.setenv("AZURE_OPENAI_AD_TOKEN", "of-the-developer")
    monkeypatch.setenv("NO_PROXY", "intranet, 10.0.0.1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    result = suite(
        """
        import os
        from openai import AzureOpenAI, OpenAI

        def test_it(video_api):
            assert video_api.space.settings.clock == "auto"
            assert os.environ["NO_PROXY"].split(",")[:3] == ["intranet", "10.0.0.1", "127.0.0.1"]
            with OpenAI() as client:
                client.videos.create(prompt="a cat")
            with AzureOpenAI(base_url=video_api.azure_base_url) as client:
                client.videos.create(prompt="a cat", model="sora-2")

        def test_afterwards():
            assert os.environ["OPENAI_API_KEY"] == "sk-of-the-developer"
            assert os.environ["AZURE_OPENAI_AD_TOKEN"] == "of-the-developer"
            assert os.environ["NO_PROXY"] == "intranet, 10.0.0.1"
            assert "no_proxy" not in os.environ
        """
    )

    result.assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("arguments", "ini"), [(["--fauxreel-session-env"], ""), ([], "fauxreel_session_env = true\n")]
)
def test_clients_built_at_import_meet_each_tests_own_jobs_and_settings(
    suite, pytester, arguments, ini
):
    pytester.makeconftest("from openai import OpenAI\nclient = OpenAI(max_retries=0)")
    result = suite(
        """
        import pytest
        from conftest import client
        from openai import RateLimitError

        def test_a_job(video_api, video_api_factory):
            client.videos.create_and_poll(prompt="one")
            assert [job.prompt for job in video_api.videos] == ["one"]
            assert video_api_factory().videos == []

        @pytest.mark.fauxreel(scenario="out-of-quota")
        def test_no_quota(video_api):
            with pytest.raises(RateLimitError):
                client.videos.create(prompt="two")
            assert video_api.videos == []

        def test_without_the_fixture():
            assert client.videos.create(prompt="three").status == "queued"

        def test_another_job(video_api):
            client.videos.create(prompt="four")
            assert [job.prompt for job in video_api.videos] == ["four"]

        def test_the_end():
            client.close()
        """,
        *arguments,
        ini=ini,
    )

    result.assert_outcomes(passed=5)


def test_strict_clients_fail_the_test(suite):
    result = suite(
        """
        import pytest
        from openai import NotFoundError

        pytestmark = pytest.mark.fauxreel(strict_clients=True)

        def too_early(api):
            video = api.client.videos.create(prompt="a cat")
            with pytest.raises(NotFoundError):
                api.client.videos.download_content(video.id)

        def test_call(video_api):
            too_early(video_api)

        @pytest.fixture
        def late(video_api):
            yield
            too_early(video_api)

        def test_teardown(late):
            pass

        def test_well(video_api):
            video_api.client.videos.create(prompt="a cat")
        """
    )

    result.assert_outcomes(passed=2, failed=1, errors=1)
    result.stdout.fnmatch_lines(["The client failed strict_clients: content-too-early."] * 2)
    assert result.stdout.str().count("POST /v1/videos -> 200") == 2


def test_the_fixtures_and_the_marker_explain_themselves(suite):
    result = suite("", "--fixtures", "--markers")

    result.stdout.fnmatch_lines(["@pytest.mark.fauxreel(own_server=False, guard=True, *"])
    result = suite("", "--fixtures")
    result.stdout.fnmatch_lines_random(
        [
            "video_api -- *",
            "    A video API with jobs of its own, at which the variables of the SDKs point.",
            "video_api_factory -- *",
            "async_video_api -- *",
        ]
    )
