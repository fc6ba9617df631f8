"""The yardstick: an empty Starlette app on uvicorn that answers the same requests with constants.

    python -m benchmarks.bare PORT [CLIP]

It keeps nothing and checks nothing; it parses bodies and sends files as Starlette's users do.
"""

import sys

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse
from starlette.routing import Route

VIDEO = {
    "id": "video_691608967fe8819399e710799dae2ae708872b008b63ff61",
    "object": "video",
    "created_at": 1763051670,
    "status": "in_progress",
    "completed_at": None,
    "error": None,
    "expires_at": None,
    "model": "sora-2",
    "progress": 42,
    "prompt": "A red kite over a lake",
    "remixed_from_video_id": None,
    "seconds": "4",
    "size": "720x1280",
}
LIST = {
    "object": "list",
    "data": [VIDEO] * 20,
    "first_id": VIDEO["id"],
    "has_more": True,
    "last_id": VIDEO["id"],
}


async def retrieve(_: Request) -> JSONResponse:
    return JSONResponse(VIDEO)


async def listed(_: Request) -> JSONResponse:
    return JSONResponse(LIST)


async def create(request: Request) -> JSONResponse:
    if request.headers["content-type"] == "application/json":
        await request.json()
    else:
        async with request.form():
            pass
    return JSONResponse(VIDEO)


async def content(_: Request) -> FileResponse:
    return FileResponse(sys.argv[2], media_type="video/mp4")


app = Starlette(
    routes=[
        Route("/v1/videos", listed),
        Route("/v1/videos", create, methods=["POST"]),
        Route("/v1/videos/{video_id}", retrieve),
        Route("/v1/videos/{video_id}/content", content),
    ]
)

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), log_level="error", access_log=False)
