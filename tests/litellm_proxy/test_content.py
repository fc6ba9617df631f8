"""Content through the proxy: the whole mp4, whatever is asked for."""

import pytest


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        pytest.param("", {}, id="plain"),
        pytest.param("?variant=thumbnail", {}, id="variant"),
        pytest.param("?variant=nonsense", {}, id="unknown variant"),
        pytest.param("", {"range": "bytes=0-9"}, id="range"),
        pytest.param("", {"range": "bytes=999999999-"}, id="range beyond the end"),
    ],
)
def test_the_whole_mp4_comes_whatever_is_asked_for(send, completed, raw_of, query, headers):
    whole = send("GET", f"/v1/videos/{raw_of(completed)}/content").body
    reply = send("GET", f"/litellm/v1/videos/{completed}/content{query}", **headers)
    assert (reply.status, reply.body == whole, whole[4:8]) == (200, True, b"ftyp")
    assert {k: v for k, v in reply.headers.items() if k != "date"} == {
        "content-type": "video/mp4",
        "content-length": str(len(whole)),
        "content-disposition": f"attachment; filename=video_{completed}.mp4",
        "vary": "Origin",
        "x-frame-options": "DENY",
        "content-security-policy": "frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
    }


def test_the_file_of_a_raw_id_is_named_after_it(send, completed, raw_of):
    raw = raw_of(completed)
    reply = send("GET", f"/litellm/v1/videos/{raw}/content")
    assert reply.headers["content-disposition"] == f"attachment; filename=video_{raw}.mp4"


def test_content_without_v1_is_the_same(send, completed):
    paths = (f"/litellm{version}/videos/{completed}/content" for version in ("", "/v1"))
    first, second = (send("GET", path).body for path in paths)
    assert first == second
