"""From a path to what answers there."""

import asyncio

import pytest

from fauxreel.dispatch import Dispatch, Made, Part
from fauxreel.wire.http import Route

PATHS = (
    "/videos",
    "/videos/{id}",
    "/videos/latest",
    "/videos/{id}/content",
    "/models/{model:path}",
)


class Named:
    """Says its name, what it was called with, and which methods it knows."""

    def __init__(self, name, *methods):
        self.name = name
        self.methods = methods or ("GET", "POST")

    async def __call__(self, scope, receive, send):
        await send((self.name, scope.get("path_params", {})))


def dispatch(prefix="", *routes):
    given = routes or [Route(path, Named(prefix + path)) for path in PATHS]
    below = {"/videos": Named(f"{prefix}below"), "/videos/latest/deep": Named(f"{prefix}deeper")}
    parts = [Part(lambda: Made(given[:2], below)), Part(lambda: Made(given[2:]))]
    alike = tuple(route.path for route in given)
    return Dispatch(parts, lambda: Named(f"{prefix}default"), alike)


def asked(target, path, method="GET"):
    sent = []

    async def send(message):
        sent.append(message)

    asyncio.run(target({"type": "http", "method": method, "path": path}, None, send))
    return sent[0]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/videos", ("/videos", {})),
        ("/videos/1", ("/videos/{id}", {"id": "1"})),
        ("/videos/latest", ("/videos/latest", {})),
        ("/videos/1/content", ("/videos/{id}/content", {"id": "1"})),
        ("/models/a", ("/models/{model:path}", {"model": "a"})),
        ("/models/a/b/c", ("/models/{model:path}", {"model": "a/b/c"})),
        ("/", ("default", {})),
        ("/videos/", ("below", {})),
        ("/videos/1/other", ("below", {})),
        ("/videos/latest/other", ("below", {})),
        ("/videos/latest/deep/x", ("deeper", {})),
    ],
)
def test_a_path_leads_to_its_route_or_to_what_answers_below_it(path, answer):
    assert asked(dispatch(), path) == answer


def test_of_two_routes_with_one_path_the_one_that_knows_the_method_answers():
    routes = [
        Route("/videos/{id}", Named("one", "GET")),
        Route("/videos/edits", Named("edits", "POST")),
    ]

    assert asked(dispatch("", *routes), "/videos/edits", "GET") == ("one", {"id": "edits"})
    assert asked(dispatch("", *routes), "/videos/edits", "POST") == ("edits", {})
    assert asked(dispatch("", *routes), "/videos/edits", "PUT") == ("edits", {})


@pytest.mark.parametrize("path", ["/videos/1", "/videos/1/other", "/other"])
def test_two_with_the_same_paths_share_what_they_know_of_them_and_not_what_answers(path):
    one, two = dispatch("one "), dispatch("two ")

    answers = [asked(one, path)[0], asked(two, path)[0], asked(one, path)[0]]

    assert one._plan is two._plan
    assert [answer.partition(" ")[0] for answer in answers] == ["one", "two", "one"]


def test_what_answers_is_made_once_and_only_when_it_is_asked_for():
    made = []

    def making(name, *paths):
        def routes():
            made.append(name)
            return Made([Route(path, Named(path)) for path in paths])

        return routes

    def target():
        parts = [Part(making("one", "/a", "/b")), Part(making("two", "/c"))]
        return Dispatch(parts, lambda: Named("default"), alike="made only when asked for")

    target()  # learns the paths
    made.clear()
    one = target()
    assert made == []

    answers = [asked(one, path)[0] for path in ("/c", "/c", "/a", "/b")]

    assert (answers, made) == (["/c", "/c", "/a", "/b"], ["two", "one"])


def test_other_paths_are_not_taken_for_those_that_are_known():
    one, two = [Route("/a", Named("a"))], [Route("/a", Named("a")), Route("/b", Named("b"))]
    for routes in (one, two):
        target = Dispatch(
            [Part(lambda routes=routes: Made(routes))], lambda: Named("default"), alike="not alike"
        )

    with pytest.raises(RuntimeError, match="has other paths"):
        asked(target, "/a")


def test_a_part_that_is_apart_is_made_once_something_below_it_is_asked_for():
    made = []
    below = {"/apart": Named("below")}

    def apart():
        made.append("apart")
        return Made([Route("/apart/a", Named("a")), Route("/far", Named("far"))], below)

    def target():
        parts = [Part(lambda: Made([Route("/b", Named("other"))])), Part(apart, ("apart", "far"))]
        return Dispatch(parts, lambda: Named("default"), alike="apart")

    one, two = target(), target()
    before = [asked(one, path)[0] for path in ("/b", "/aparts", "/b/apart")]
    assert (before, made) == (["other", "default", "default"], [])

    answers = [asked(one, path)[0] for path in ("/apart/a", "/apart/b", "/far", "/b")]
    assert answers == ["a", "below", "far", "other"]
    assert [asked(two, path)[0] for path in ("/apart/b", "/b")] == ["below", "other"]
