"""One run against one target: what clauses ask through, and what they share.

Whatever could generate goes through `create` or `refused`, which count, book and clean up; plain
`get`, `delete` and `send` cannot generate. The first shared video is followed from its creation
to its end, so that the laws of a job's life cost no further video.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode

from fauxreel_contracts.budget import Allowance
from fauxreel_contracts.clause import Clause, Shared
from fauxreel_contracts.forms import Part, texts
from fauxreel_contracts.jobs import Book, Jobs, Life, Unavailable, unbooked
from fauxreel_contracts.pace import Clock, Pace, SystemClock
from fauxreel_contracts.target import Target, TargetError
from fauxreel_contracts.wire import (
    Answer,
    Call,
    Headers,
    NoAnswer,
    Wire,
    call,
    form_call,
    json_call,
)

PROMPT = "A paper boat sails down a rain gutter"
# Of the second shared video: with letters that need more than ASCII.
OTHER_PROMPT = "Un bateau de papier descend l'égout, 雨の日"
# What the SDKs send along with a DELETE that has no body.
SDK_DELETE: Headers = (("Content-Type", "application/json"),)
# Roads that take a POST and make no video.
_HARMLESS_POSTS = ("/characters", "/files")


class Session:
    """What a clause gets.

    Args:
        target: Who is asked.
        clock: The time that is waited in.
    """

    def __init__(self, target: Target, clock: Clock | None = None) -> None:
        self.target = target
        self.clock: Clock = clock or SystemClock()
        pace = Pace(self.clock, target.pace_seconds)
        self.wire = Wire(target.base_url, target.secret, target.timeout_seconds, self.clock, pace)
        self.allowance = Allowance()
        self.jobs = Jobs(target, self._sent, self.clock)
        self.calls: list[tuple[Call, Answer | None]] = []
        self._refused: dict[Call, Answer] = {}
        self._made: dict[Call, Answer] = {}
        self._uploaded: dict[Call, Answer] = {}
        self._shared: dict[Shared, Life] = {}
        self._troubles: dict[Shared, NoAnswer | Unavailable] = {}
        self._deletions: dict[Shared, Answer] = {}

    # Asking

    def send(self, request: Call) -> Answer:
        """Sends a request that cannot generate.

        Raises:
            NoAnswer: There is none.
            ValueError: It could generate.
        """
        if request.method == "POST" and not request.path.endswith(_HARMLESS_POSTS):
            raise ValueError(f"POST {request.path} could generate: use create or refused.")
        return self._sent(request)

    def _sent(self, request: Call, book: Book = unbooked) -> Answer:
        """Sends any request, and keeps it for the report."""
        self.calls.append((request, None))
        answer = self.jobs.patient(request, self.wire, book)
        self.calls[-1] = (request, answer)
        return answer

    def reach(self) -> Answer:
        """Asks for the videos, only to hear whether anybody answers.

        Raises:
            TargetError: Nobody does.
        """
        target = self.target
        try:
            return self.get(target.speech.collection)
        except NoAnswer as error:
            raise TargetError(f"{target.name}: {error}. Is {target.base_url} running?") from None

    def get(
        self,
        path: str,
        query: Mapping[str, object] | None = None,
        *,
        headers: Headers = (),
        keyed: bool = True,
        key_header: tuple[str, str] | None = None,
        method: str = "GET",
    ) -> Answer:
        """Sends a request without a body."""
        target = f"{path}?{urlencode(query)}" if query else path
        request = call(method, target, headers=headers, keyed=keyed, key_header=key_header)
        return self.send(request)

    def post(self, request: Call, book: Book = unbooked) -> Answer:
        """Sends a POST that makes no video, as an upload of a character.

        Raises:
            ValueError: Its path could make one.
        """
        if not request.path.endswith(_HARMLESS_POSTS):
            raise ValueError(f"POST {request.path} could generate: use create or refused.")
        return self._sent(request, book)

    def uploaded(self, request: Call) -> Answer:
        """Sends an upload, once in a run; what it made is deleted at the end, or listed."""
        if request not in self._uploaded:
            self._uploaded[request] = self.post(request, self.jobs.kept)
        return self._uploaded[request]

    def create(self, request: Call | None = None, /, **fields: object) -> Answer:
        """Sends a request that makes a video, once; the plain one with these fields by default.

        The video is deleted at the end of the run.
        """
        self.allowance.take()
        return self._sent(request or self.plain_form(**fields), self.jobs.made)

    def created_by(self, request: Call) -> Answer:
        """Sends a request that makes a video; the same one is sent once in a run.

        For clauses with a common `probe`, which look at one answer.
        """
        if request not in self._made:
            self._made[request] = self.create(request)
        return self._made[request]

    def refused(self, request: Call) -> Answer:
        """Sends a request that should be refused; the same one is sent once in a run.

        If it makes a video nevertheless, that is deleted at once and reported.
        """
        if request not in self._refused:
            self.allowance.take()
            self._refused[request] = self.jobs.not_made(self._sent(request, self.jobs.made))
        return self._refused[request]

    # Requests for videos

    def fields(self, **changed: object) -> dict[str, object]:
        """What a plain request for a video says; None leaves a field out."""
        plain = {"prompt": PROMPT, **self.target.fields(), **changed}
        return {name: value for name, value in plain.items() if value is not None}

    def plain_form(self, *parts: Part, **changed: object) -> Call:
        """A request for a video as a form, as the SDKs send it; further parts at its end."""
        path = self.target.speech.collection
        return form_call(path, (*texts(self.fields(**changed)), *parts))

    def plain_json(self, **changed: object) -> Call:
        """A request for a video as JSON; here a field may be null only by `json_call`."""
        return json_call(self.target.speech.collection, self.fields(**changed))

    def path(self, video_id: str, *rest: str) -> str:
        """The path of a job, or of something below it."""
        parts = [quote(video_id, safe=""), *rest]
        return "/".join([self.target.speech.collection, *parts])

    # Shared videos

    def life(self, shared: Shared = Shared.FIRST) -> Life:
        """A shared video, followed to its end; made when it is first asked for.

        Raises:
            Unavailable: It could not be made.
        """
        self._live(shared)
        if shared in self._troubles:
            raise Unavailable(str(self._troubles[shared]))
        return self._shared[shared]

    def created(self, shared: Shared = Shared.FIRST) -> Answer:
        """What creating a shared video answered, whatever that is.

        Raises:
            NoAnswer: There was none.
        """
        self._live(shared)
        if shared not in self.jobs.created:
            raise self._troubles[shared]
        return self.jobs.created[shared]

    def completed(self, shared: Shared = Shared.FIRST) -> Mapping[str, Any]:
        """A shared video as it was last retrieved.

        Raises:
            Unavailable: It is not completed.
        """
        if shared in self._deletions:
            raise Unavailable(f"the {shared} shared video was deleted already")
        life = self.life(shared)
        last = life.last.fields()
        if last.get("status") != self.target.speech.completed:
            raise Unavailable(f"the {shared} shared video ended as {last.get('status')!r}")
        return last

    def deletion(self, shared: Shared = Shared.SECOND) -> Answer:
        """What deleting a shared video answered; it is deleted once."""
        if shared not in self._deletions:
            video_id = self.life(shared).id
            self._deletions[shared] = self.get(
                self.path(video_id), method="DELETE", headers=SDK_DELETE
            )
            self.jobs.forget(video_id, self._deletions[shared])
        return self._deletions[shared]

    def _live(self, shared: Shared) -> None:
        """Makes a shared video and follows it to its end, unless that was tried before."""
        if shared in self._shared or shared in self._troubles:
            return
        try:
            self._shared[shared] = self.jobs.live(self._plain(shared), shared)
        except (NoAnswer, Unavailable) as error:
            self._troubles[shared] = error

    def _plain(self, shared: Shared) -> Call:
        prefers_form = shared is Shared.FIRST
        name = "create_multipart" if prefers_form else "create_json"
        has = bool(self.target.profile.flag(name))
        prompt = PROMPT if prefers_form else OTHER_PROMPT
        plain = self.plain_form if prefers_form is has else self.plain_json
        return plain(prompt=prompt)

    # The run's affairs

    def begin(self, clause: Clause) -> None:
        """Makes ready for a clause."""
        self.allowance.give(clause)
        self.calls.clear()

    def close(self) -> Sequence[str]:
        """Deletes what was made; returns a line for each video that stays."""
        return self.jobs.clean_up()
