"""What Prometheus reads at `/_fauxreel/metrics`: counts that only go up, and jobs by state."""

from http.client import RemoteDisconnected

import pytest
from prometheus_client import REGISTRY
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_text

from fauxreel import Emulator, __version__
from fauxreel.diagnostics import DIAGNOSTICS
from fauxreel.faults.grammar import KINDS

METRICS = "/_fauxreel/metrics"
CREATE = {"prompt": "a cat"}
# As Prometheus 3 asks.
OPENMETRICS = (
    "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
    "application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4,*/*;q=0.1"
)


def samples(reply, read=read_text):
    """All that was said, by name and values of labels in the order of their names."""
    return {
        (one.name, *(value for _, value in sorted(one.labels.items()))): one.value
        for family in read(reply.body.decode())
        for one in family.samples
    }


def counted(reply, name):
    """The samples of one name that are not 0."""
    return {key[1:]: value for key, value in samples(reply).items() if key[0] == name and value}


@pytest.fixture
def metrics(ask):
    """Reads the metrics of the test's emulator: `metrics("fauxreel_jobs")`."""

    def metrics(name, path=METRICS):
        return counted(ask("GET", path), name)

    return metrics


def test_requests_are_counted_by_surface_operation_and_status(ask, metrics):
    video = ask("POST", "/v1/videos", CREATE).json["id"]
    ask("GET", f"/v1/videos/{video}")
    ask("GET", f"/openai/v1/videos/{video}")
    ask("GET", "/v1/videos/video_none")
    ask("PUT", f"/v1/videos/{video}")
    ask("GET", "/nothing")

    assert metrics("fauxreel_requests_total") == {
        ("create", "200", "openai"): 1,
        ("retrieve", "200", "openai"): 1,
        ("retrieve", "200", "azure"): 1,
        ("retrieve", "404", "openai"): 1,
        ("unknown", "405", "openai"): 1,
        ("unknown", "404", "openai"): 1,
    }


def test_requests_to_the_control_api_are_not_counted(ask, metrics):
    ask("GET", "/_fauxreel/clock")
    ask("GET", METRICS)

    assert metrics("fauxreel_requests_total") == {}


def test_a_request_without_a_whole_answer_counts_as_lost(ask, metrics):
    with pytest.raises(RemoteDisconnected):
        ask("GET", "/v1/videos", X_Fauxreel="disconnect")
    ask("GET", "/_fauxreel/requests?count=1")

    assert metrics("fauxreel_requests_total") == {("list", "lost", "openai"): 1}


def test_durations_are_a_histogram_of_all_statuses_together(ask):
    for path in ("/v1/videos", "/v1/videos?limit=-1"):
        ask("GET", path)
    found = samples(ask("GET", METRICS))

    name = "fauxreel_request_duration_seconds"
    assert found[f"{name}_count", "list", "openai"] == 2
    assert 0 < found[f"{name}_sum", "list", "openai"] < 10
    buckets = [value for key, value in found.items() if key[0] == f"{name}_bucket"]
    assert buckets == sorted(buckets)
    assert found[f"{name}_bucket", "+Inf", "list", "openai"] == 2


def test_a_duration_has_what_a_fault_adds(ask):
    ask("GET", "/v1/videos", X_Fauxreel="latency=0.06")
    found = samples(ask("GET", METRICS))

    name = "fauxreel_request_duration_seconds_bucket"
    assert (found[name, "0.05", "list", "openai"], found[name, "10.0", "list", "openai"]) == (0, 1)


def test_jobs_are_told_by_their_state_now(ask, metrics):
    ask("POST", "/_fauxreel/videos", {"count": 2})
    ask("POST", "/_fauxreel/videos", {"status": "failed"})
    ask("POST", "/v1/videos", CREATE)
    before = metrics("fauxreel_jobs")
    ask("POST", "/_fauxreel/clock/advance", {"seconds": 3600})

    assert before == {("completed",): 2, ("failed",): 1, ("queued",): 1}
    assert metrics("fauxreel_jobs") == {("completed",): 3, ("failed",): 1}


def test_faults_and_outcomes_are_counted_by_their_name(ask, metrics):
    for _ in range(2):
        ask("GET", "/v1/videos", X_Fauxreel="error=503")
    ask("POST", "/v1/videos", {"prompt": "a cat [[fauxreel fail=moderation_blocked]]"})

    assert metrics("fauxreel_faults_total") == {("error",): 2, ("fail",): 1}


def test_defects_of_clients_are_counted(ask, metrics):
    ask("GET", "/v1/videos", Authorization="Bearer None")

    assert metrics("fauxreel_diagnostics_total") == {("key-not-set", "error"): 1}


def test_what_has_a_closed_list_of_names_begins_at_zero(ask):
    found = samples(ask("GET", METRICS))

    assert {key[1] for key in found if key[0] == "fauxreel_faults_total"} == set(KINDS)
    assert {key[1] for key in found if key[0] == "fauxreel_diagnostics_total"} == set(DIAGNOSTICS)
    assert found["fauxreel_build_info", __version__] == 1


def test_a_reset_takes_the_jobs_and_leaves_the_counts(ask, metrics):
    ask("POST", "/v1/videos", CREATE)
    ask("GET", "/v1/videos", Authorization="Bearer None")
    ask("POST", "/_fauxreel/reset")

    assert metrics("fauxreel_jobs") == {}
    assert metrics("fauxreel_requests_total") == {
        ("create", "200", "openai"): 1,
        ("list", "401", "openai"): 1,
    }
    # The reset itself ends the watch over the job that nobody collected.
    assert metrics("fauxreel_diagnostics_total") == {
        ("key-not-set", "error"): 1,
        ("never-collected", "note"): 1,
    }


def test_the_root_counts_for_all_namespaces_and_a_namespace_for_itself(ask, metrics):
    ask("GET", "/v1/videos")
    ask("POST", "/ns/one/v1/videos", CREATE)
    ask("GET", "/ns/two/v1/videos")

    assert metrics("fauxreel_requests_total") == {
        ("list", "200", "openai"): 2,
        ("create", "200", "openai"): 1,
    }
    assert metrics("fauxreel_jobs") == {("queued",): 1}
    assert metrics("fauxreel_namespaces") == {(): 2}
    own = f"/ns/one{METRICS}"
    assert metrics("fauxreel_requests_total", own) == {("create", "200", "openai"): 1}
    assert metrics("fauxreel_namespaces", own) == {}


def test_the_counts_of_a_forgotten_namespace_stay(emulator, ask, metrics):
    ask("GET", "/ns/one/v1/videos")
    emulator.on_loop(lambda: emulator.app.namespaces.drop("one"))

    assert metrics("fauxreel_requests_total") == {("list", "200", "openai"): 1}
    assert metrics("fauxreel_requests_total", f"/ns/one{METRICS}") == {}
    ask("GET", "/ns/one/v1/videos")
    assert metrics("fauxreel_requests_total") == {("list", "200", "openai"): 2}


def test_a_request_that_outlives_its_namespace_is_counted(emulator, ask, metrics):
    space = emulator.on_loop(lambda: emulator.app.namespaces.made("one", emulator.settings)).space
    ended = emulator.app.space.journal
    ask("GET", "/v1/videos")
    (request,) = emulator.on_loop(ended.requests)
    space.tally.retire(emulator.space.tally)
    space.tally.retire(emulator.space.tally)
    space.tally.count(request)

    assert metrics("fauxreel_requests_total") == {("list", "200", "openai"): 2}


def test_namespaces_that_make_room_leave_their_counts(ask_of):
    with Emulator(max_namespaces=1) as emulator:
        for name in ("one", "two", "three"):
            ask_of(emulator, "GET", f"/ns/{name}/v1/videos")
        reply = ask_of(emulator, "GET", METRICS)

    assert counted(reply, "fauxreel_requests_total") == {("list", "200", "openai"): 3}


def test_two_emulators_count_apart_and_outside_of_the_global_registry(ask_of):
    with Emulator() as one, Emulator() as two:
        ask_of(one, "GET", "/v1/videos")
        replies = [ask_of(each, "GET", METRICS) for each in (one, two)]

    assert [len(counted(reply, "fauxreel_requests_total")) for reply in replies] == [1, 0]
    assert not [family.name for family in REGISTRY.collect() if "fauxreel" in family.name]


def test_the_text_format_is_what_an_unknown_reader_gets(ask):
    reply = ask("GET", METRICS)

    assert reply.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.body.startswith(b"# HELP fauxreel_build_info The release.\n")


def test_prometheus_gets_openmetrics(ask):
    ask("GET", "/v1/videos")
    reply = ask("GET", METRICS, Accept=OPENMETRICS)

    assert reply.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0;")
    assert reply.body.endswith(b"# EOF\n")
    found = samples(reply, read_openmetrics)
    assert found["fauxreel_requests_total", "list", "200", "openai"] == 1


def test_the_metrics_are_guarded_like_the_rest(ask_of):
    with Emulator(control_token="t0ps3cret", allowed_hosts="fauxreel") as emulator:
        statuses = [
            ask_of(emulator, "GET", METRICS, **headers).status
            for headers in (
                {},
                {"Authorization": "Bearer t0ps3cret"},
                {"Authorization": "Bearer t0ps3cret", "Host": "fauxreel:4010"},
                {"Authorization": "Bearer t0ps3cret", "Host": "example.com"},
                {"Authorization": "Bearer t0ps3cret", "Origin": "https://example.com"},
            )
        ]

    assert statuses == [401, 200, 200, 403, 403]
