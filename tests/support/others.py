"""Small servers of somebody else's kind that speak the video API."""

import itertools
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import Route

from fauxreel.resources import shipped

CLIP = shipped("fixtures", "media", "1280x720.mp4")
NOW = 1_795_000_000


class FastVideo:
    """One like FastVideo.

    It knows no state between queued and the end, takes any model and size, answers errors as web
    frameworks do, has no paging, and answers a deletion with the whole job. A job ends with the
    fourth look at it, and fails if its prompt says so.
    """

    def __init__(self, clip: Path = CLIP, *, looks: int = 4) -> None:
        self._clip = clip
        self._looks = looks
        self._jobs: dict[str, dict[str, Any]] = {}
        self._prompts: dict[str, str] = {}
        self._looked: dict[str, int] = {}
        self._numbers = itertools.count(0xBEEF)

    @property
    def app(self) -> Starlette:
        video = "/v1/videos/{video_id}"
        routes = [
            Route("/v1/videos", self.create, methods=["POST"]),
            Route("/v1/videos", self.list, methods=["GET"]),
            Route(video, self.delete, methods=["DELETE"]),
            Route(video, self.retrieve, methods=["GET"]),
            Route(f"{video}/content", self.content),
        ]
        return Starlette(routes=routes, exception_handlers={HTTPException: _refused})

    async def create(self, request: Request) -> Response:
        if request.headers["content-type"].startswith("application/json"):
            sent = dict[str, Any](await request.json())
        else:
            async with request.form() as form:
                sent = dict[str, Any](form)
        if not isinstance(sent.get("prompt"), str):
            raise HTTPException(422, "prompt is required")
        video_id = f"{next(self._numbers):x}".rjust(32, "a")
        self._prompts[video_id], self._looked[video_id] = sent["prompt"], 0
        job = self._jobs[video_id] = _job(video_id, sent)
        return JSONResponse(job)

    async def list(self, _: Request) -> Response:
        return JSONResponse({"data": [*self._jobs.values()], "object": "list"})

    async def retrieve(self, request: Request) -> Response:
        job = self._found(request)
        self._looked[job["id"]] += 1
        if job["status"] == "queued" and self._looked[job["id"]] >= self._looks:
            if "fail" in self._prompts[job["id"]]:
                job.update(status="failed", error={"message": "out of memory"})
            else:
                job.update(status="completed", progress=100, completed_at=NOW + 2)
        return JSONResponse(job)

    async def content(self, request: Request) -> Response:
        job = self._found(request)
        if job["status"] == "failed":
            raise HTTPException(500, "Video generation failed")
        if job["status"] != "completed":
            raise HTTPException(404, "Video is not ready")
        return FileResponse(self._clip, media_type="video/mp4")

    async def delete(self, request: Request) -> Response:
        job = self._jobs.pop(self._found(request)["id"])
        return JSONResponse({**job, "status": "deleted"})

    def _found(self, request: Request) -> dict[str, Any]:
        job = self._jobs.get(request.path_params["video_id"])
        if job is None:
            raise HTTPException(404, "Video not found")
        return job


def _job(video_id: str, sent: dict[str, Any]) -> dict[str, Any]:
    size = str(sent.get("size", ""))
    return {
        "id": video_id,
        "object": "video",
        "model": sent.get("model", "wan"),
        "status": "queued",
        "progress": 0,
        "created_at": NOW,
        "size": size if size.replace("x", "").isdigit() else "",
        "seconds": str(sent.get("seconds", "4")),
        "quality": "standard",
        "url": None,
        "completed_at": None,
        "error": None,
        "file_path": None,
    }


async def _refused(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return JSONResponse({"detail": error.detail}, error.status_code)
