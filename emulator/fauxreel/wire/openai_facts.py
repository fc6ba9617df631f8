"""What is known of OpenAI's behaviour beyond the words of its errors, each with its evidence.

One table by topic; the page `docs/reference/fidelity.md` is written from it. It is only read
there, so the places in the code are names, which a test looks up, and not imports.
"""

from collections.abc import Mapping

from msgspec import Struct

from fauxreel.domain.evidence import Evidence, Grade


class Fact(Struct, frozen=True):
    """One behaviour that the emulator reproduces, or chose.

    Args:
        where: What makes it so: a name below `fauxreel`, or the flag of a setting.
    """

    what: str
    where: str
    evidence: Evidence


def _openai(grade: Grade, as_of: str, source: str) -> Evidence:
    return Evidence(grade, "openai", as_of, source)


def _verbatim(as_of: str, source: str) -> Evidence:
    return _openai(Grade.VERBATIM, as_of, source)


def _documented(as_of: str, source: str) -> Evidence:
    return _openai(Grade.DOCUMENTED, as_of, source)


def _reported(as_of: str, source: str) -> Evidence:
    return _openai(Grade.REPORTED, as_of, source)


def _chosen(reason: str) -> Evidence:
    return _openai(Grade.INFERRED, "", reason)


_ANSWERS = _verbatim("2025-11", "whole answers that users of the API published")
_REJECTED = _verbatim("2026-07", "whole rejections that users of the API published")
_PLATFORM = _verbatim("2026-07", "answers of other routes; of video routes no headers were seen")
_SPEC = _openai(Grade.SPECIFIED, "2026-08", "openai/openai-openapi, the schemas of videos")
_REFERENCE = _documented("2026-09", "API reference")
_GUIDE = _documented("2026-09", "video generation guide, as changed in March 2026")
_PRICES = _documented("2026-09", "model and pricing pages")
_SDK = _openai(Grade.MEASURED, "2026-11", "what openai-python 3.51.0 sends")
_GATEWAYS = Evidence(Grade.SOURCE, "litellm", "2026-11", "fixtures and code of clients of gateways")
_HTTP = _chosen("as RFC 9110 has it; nothing was seen")
_HABIT = _chosen("by the habit of the platform's other lists")
_UNSEEN = _chosen("no such answer was seen")

FACTS: Mapping[str, tuple[Fact, ...]] = {
    "Video object": (
        Fact(
            "the keys are `id`, `object`, `created_at`, `status`, then the others by alphabet",
            "wire.openai_render.render_video",
            _ANSWERS,
        ),
        Fact(
            "every key is always there; what is not known yet is null",
            "wire.openai_render.render_video",
            _ANSWERS,
        ),
        Fact(
            "`prompt` is one of the keys",
            "wire.openai_render.render_video",
            _verbatim("2025-11", "published answers; in October 2025 it was absent"),
        ),
        Fact(
            "there is no `quality`, `usage` or `url`",
            "wire.openai_render.render_video",
            _verbatim("2025-11", "published answers; `quality` stands in the reference only"),
        ),
        Fact("`seconds` and `size` are texts", "wire.openai_render.render_video", _ANSWERS),
        Fact("moments are whole seconds since 1970", "domain.video.View", _ANSWERS),
        Fact(
            "`model` is the name that was asked for, an alias too, and no snapshot of it",
            "wire.openai_render.render_video",
            _ANSWERS,
        ),
        Fact(
            "`error` is null, or an object of `code` and `message`, in this order",
            "wire.openai_render._job_error",
            _verbatim("2025", "community.openai.com/t/1372868"),
        ),
        Fact(
            "JSON is compact, on one line",
            "wire.openai_render.json_answer",
            _chosen("other routes indented by two spaces; parsers see no difference"),
        ),
        Fact(
            "characters beyond ASCII are sent as they are, without escapes",
            "wire.openai_render.quoted",
            _UNSEEN,
        ),
    ),
    "Jobs": (
        Fact(
            "the states are `queued`, `in_progress`, `completed`, `failed`",
            "wire.openai_render.WIRE",
            _SPEC,
        ),
        Fact("a new job is `queued`, its progress 0", "domain.video.view", _ANSWERS),
        Fact(
            "`progress` is a whole number: 0 while queued, 100 once completed",
            "domain.video.view",
            _ANSWERS,
        ),
        Fact(
            "progress stands at 99 before the end, with `--timeline sticky` and `realistic`",
            "domain.timeline.Curve",
            _reported("2025", "users of the API"),
        ),
        Fact(
            "progress is 0, 33, 67, 99 with `--timeline steps`",
            "domain.timeline._STEPS",
            _reported("2025", "0, 33, 45, 67, 99 and 100 were seen; 33 stands in the reference"),
        ),
        Fact(
            "progress grows evenly otherwise",
            "--timeline",
            _chosen("the values between were not kept by anybody"),
        ),
        Fact(
            "a job takes 74 seconds with `--timeline realistic`",
            "domain.timeline.REALISTIC",
            _verbatim("2025-11", "68 to 116 s in five published answers, 4 s of sora-2 at 720p"),
        ),
        Fact(
            "6 of the 74 seconds are spent in the queue",
            "domain.timeline.REALISTIC",
            _chosen("only the sum is known"),
        ),
        Fact(
            "`completed_at` and `expires_at` are null until the job is completed",
            "domain.video.View",
            _ANSWERS,
        ),
        Fact(
            "`expires_at` is `completed_at` and 3600",
            "wire.openai.LIFETIME",
            _verbatim("2025-11", "5 of 5 published answers"),
        ),
        Fact(
            "a job stays `completed`, and in the list, after its files have expired",
            "domain.video._ended",
            _verbatim("2025-11", "a published list with a job three days old"),
        ),
        Fact(
            "`completed_at` and `expires_at` of a failed job are null",
            "domain.video._ended",
            _chosen("only the `error` of failed jobs was published"),
        ),
        Fact(
            "a failed job keeps the progress at which it stopped, never 100",
            "domain.video._progress_at_failure",
            _chosen("only the `error` of failed jobs was published"),
        ),
        Fact(
            "a job that is made to fail has the code `video_generation_failed` and the message "
            "`Video generation failed due to an internal error.` unless it is given others",
            "control.bodies.Error",
            _verbatim("2026", "passed on by Runware"),
        ),
        Fact(
            "the clock `auto` moves one second for each poll",
            "clock.AUTO_STEP_SECONDS",
            _documented("2026-11", "openai-python and openai-node poll so often by default"),
        ),
    ),
    "Ids": (
        Fact(
            "a job's id is `video_` and 48 hex digits: a UUID of version 8 whose third group is "
            "`819x`, then 16 digits that begin with 0",
            "ids.video_id",
            _verbatim("2025-11", "12 published ids"),
        ),
        Fact(
            "the first eight digits of a job's id are the second of its creation",
            "ids.video_id",
            _verbatim("2025-11", "12 published ids; a few were one second less"),
        ),
        Fact(
            "a character's id is `char_` and 32 hex digits",
            "ids.character_id",
            _chosen("the documentation has `char_123`; real ones were not seen"),
        ),
        Fact("a file's id is `file-` and 22 letters and digits", "ids.file_id", _REFERENCE),
        Fact("`x-request-id` is `req_` and 32 hex digits", "ids.RequestIds.next", _PLATFORM),
        Fact("`x-request-id` of a 401 is a UUID", "ids.RequestIds.next_uuid", _PLATFORM),
    ),
    "Headers": (
        Fact("`openai-version` is `2020-10-01`", "wire.openai._FIXED_HEADERS", _PLATFORM),
        Fact("`x-content-type-options` is `nosniff`", "wire.openai._FIXED_HEADERS", _PLATFORM),
        Fact("`openai-organization` is `user-` and an id", "ids.organization", _PLATFORM),
        Fact("`openai-project` is `proj_` and an id", "ids.project_id", _PLATFORM),
        Fact(
            "`openai-organization` and `openai-project` are absent on a 401",
            "wire.openai.OpenAI.common_headers",
            _PLATFORM,
        ),
        Fact(
            "`openai-processing-ms` is in whole milliseconds",
            "wire.openai.OpenAI.common_headers",
            _PLATFORM,
        ),
        Fact(
            'a 401 for a missing key has `www-authenticate: Bearer realm="OpenAI API"`',
            "wire.openai_render.render_error",
            _PLATFORM,
        ),
        Fact(
            "SDKs wait as `openai-poll-after-ms` says; the service was never seen to send it",
            "--poll-after-ms",
            _documented("2026-11", "openai-python, the poll helper"),
        ),
        Fact(
            "headers of the infrastructure in front (`server`, `cf-ray`, …) are left out",
            "wire.openai.OpenAI.common_headers",
            _chosen("they are no part of the API"),
        ),
        Fact(
            "`x-ratelimit-*` is left out",
            "wire.openai.OpenAI.common_headers",
            _chosen("it was never seen on video routes"),
        ),
    ),
    "Credentials and routes": (
        Fact(
            "the key stands in `Authorization: Bearer`",
            "wire.credentials.bearer_token",
            _REFERENCE,
        ),
        Fact(
            "the word `Bearer` may be in any case; several such headers are refused",
            "wire.credentials.bearer_token",
            _HTTP,
        ),
        Fact(
            "a refused key is shown by its first five and last two characters; `None` in clear",
            "wire.credentials.masked",
            _verbatim("2025-11", "BerriAI/litellm#17016 and others"),
        ),
        Fact(
            "a key of fewer than 12 characters is masked entirely",
            "wire.credentials.masked",
            _UNSEEN,
        ),
        Fact(
            "a project sees only its own jobs, characters and files, with `--keys`",
            "wire.credentials.Keys.project",
            _REFERENCE,
        ),
        Fact(
            "what belongs to another project is answered as if it did not exist",
            "service.VideoService.retrieve",
            _chosen("no answer for a foreign id was published"),
        ),
        Fact(
            "the operations on videos, characters, files and models, at these paths",
            "wire.openai.OpenAI.routes",
            _REFERENCE,
        ),
        Fact("HEAD is answered wherever GET is", "wire.endpoint.Endpoint", _HTTP),
        Fact("a 405 names the methods in `Allow`", "wire.openai_render.render_error", _HTTP),
        Fact(
            "an unknown path or method is found before the key is looked at",
            "wire.endpoint.Fallback",
            _UNSEEN,
        ),
    ),
    "Request bodies": (
        Fact(
            "JSON and multipart forms are read alike",
            "wire.bodies.read_fields",
            _verbatim("2025-10", "published calls with curl; the reference says so too"),
        ),
        Fact("urlencoded forms are read, too", "wire.bodies.parse_urlencoded", _UNSEEN),
        Fact(
            "bracketed names (`video[id]`, `characters[][id]`) are objects and lists",
            "wire.multipart.nest",
            _SDK,
        ),
        Fact(
            "a part of a form is a file if it has a filename, and a text otherwise",
            "wire.multipart.Upload",
            _verbatim("2025", "openai/openai-java#640"),
        ),
        Fact(
            "everything in a form that is no file is text, so `seconds=8` is fine there",
            "wire.multipart.parse_multipart",
            _SDK,
        ),
        Fact(
            "types are named `a string`, `an integer`, `a decimal number`, `a boolean`, "
            "`an object`, `an array`, `null`, `a file`",
            "wire.bodies.type_name",
            _REJECTED,
        ),
        Fact("an empty body has no parameters", "wire.bodies.read_fields", _UNSEEN),
        Fact("a key that stands twice in JSON is refused", "wire.bodies._unique", _UNSEEN),
        Fact("a form of more than 128 parts is refused", "wire.multipart.MOST_PARTS", _UNSEEN),
        Fact("a body has at most 64 MiB", "--max-body-bytes", _UNSEEN),
        Fact(
            "a text or a JSON body has at most 21 MiB",
            "--max-text-bytes",
            _chosen("the longest `image_url` must fit"),
        ),
    ),
    "Validation": (
        Fact(
            "unknown parameters are found first, then one fault at a time, field by field",
            "wire.validation.refuse_unknown",
            _chosen("verbatim on the image API, 2026-08"),
        ),
        Fact(
            "fields are checked in the order `prompt`, `model`, `seconds`, `size`, "
            "`input_reference`, `characters`",
            "wire.openai_parse.parse_create",
            _chosen("the order of the image API, 2026-08, as far as it goes"),
        ),
        Fact(
            "lists read `'a' and 'b'`, and `'a', 'b', and 'c'`",
            "wire.validation.supported",
            _REJECTED,
        ),
        Fact(
            "lists of types read `'a', 'b', or 'c'`",
            "wire.validation.alternatives",
            _verbatim("2026-06", "THU-MAIC/OpenMAIC PR 98"),
        ),
        Fact(
            "`seconds` as a number in JSON is refused as a type",
            "wire.validation.choice",
            _verbatim("2026-06", "THU-MAIC/OpenMAIC PR 98"),
        ),
        Fact(
            "null is not the same as absent: it is a value of the wrong type",
            "wire.validation.choice",
            _chosen("verbatim of `prompt` on the image API"),
        ),
        Fact(
            "`code` and `param` of an error are null where nothing else was seen",
            "wire.openai_words.Wording",
            _UNSEEN,
        ),
        Fact(
            "values of more than 300 characters are cut in messages",
            "wire.openai_render._LONGEST_ECHO",
            _UNSEEN,
        ),
        Fact(
            'an error is `{"error": {message, type, param, code}}`, in this order',
            "wire.openai_render.render_error",
            _verbatim("2025", "chatfire-AI/huobao-drama#49 and others"),
        ),
    ),
    "Parameters": (
        Fact(
            "creating takes `prompt`, `model`, `seconds`, `size`, `input_reference`, `characters`",
            "wire.openai_parse.CREATE_PARAMETERS",
            _documented("2026-09", "API reference; `characters`: the guide"),
        ),
        Fact(
            "there is no `seed`, `n`, `metadata`, `fps` or `quality`",
            "wire.openai_parse.CREATE_PARAMETERS",
            _verbatim("2026", "of `seed`, BerriAI/litellm PR 38155; of the others inferred"),
        ),
        Fact(
            "there is no `user`, with `--no-accept-user`",
            "--accept-user",
            _chosen("the reference does not have it; no refusal was published"),
        ),
        Fact(
            "a prompt has at most 32000 characters",
            "wire.openai_parse._LONGEST_PROMPT",
            _REFERENCE,
        ),
        Fact(
            "a prompt of white space is accepted",
            "wire.validation.required_text",
            _chosen("verbatim on the image API, 2026-08"),
        ),
        Fact("a text with a null character is refused", "wire.validation.required_text", _UNSEEN),
        Fact(
            "the defaults are `sora-2`, `4` and `720x1280`",
            "domain.models.DEFAULT_MODEL",
            _verbatim("2025-11", "published answers; the reference says so too"),
        ),
    ),
    "Models, sizes, lengths, prices": (
        Fact(
            "the models are `sora-2`, `sora-2-pro` and three snapshots, named in this order",
            "domain.models.BUILT_IN",
            _verbatim("2026-09", "read back from a rejection by tetsuo-ai/agenc-core"),
        ),
        Fact("each model makes the sizes of its page", "domain.models.BUILT_IN", _PRICES),
        Fact(
            "the error about a size lists four sizes, though `sora-2-pro` makes six",
            "domain.models.LISTED_SIZES",
            _verbatim("2025-10", "published rejections; the schema never got the other two"),
        ),
        Fact(
            "a size that exists, but not for the model, is refused with those of the model",
            "wire.openai_parse._size",
            _UNSEEN,
        ),
        Fact("16 and 20 seconds are accepted", "domain.models._ACCEPTED_SECONDS", _GUIDE),
        Fact(
            "the error about a length lists 4, 8 and 12 only",
            "domain.models.LISTED_SECONDS",
            _REJECTED,
        ),
        Fact("the price of a second, by model and size", "domain.models.Model.price", _PRICES),
        Fact(
            "a model is `id`, `object`, `created`, `owned_by`; the last is `system`",
            "wire.openai_render.render_model",
            _verbatim("2025", "published lists of models"),
        ),
        Fact(
            "`created` of the two aliases", "domain.models.BUILT_IN", _verbatim("2025", "as above")
        ),
        Fact(
            "the snapshots were created at the midnight of their date",
            "domain.models.BUILT_IN",
            _UNSEEN,
        ),
        Fact(
            "the list of models is `object` and `data`, without pages",
            "wire.openai_assets.AssetOperations",
            _REFERENCE,
        ),
        Fact(
            "the list names the video models, and no others",
            "wire.openai_assets.AssetOperations",
            _reported("2026-09", "the aliases were still listed after the end; others left out"),
        ),
    ),
    "Image references": (
        Fact(
            "`input_reference` is a file, as in 2025, with `--input-reference file` or `any`",
            "wire.openai_parse._parse_reference",
            _verbatim("2025-11", "a file in multipart worked; an object was refused"),
        ),
        Fact(
            "`input_reference` is an object, as in 2026, with `--input-reference object` or `any`",
            "wire.openai_parse._parse_reference",
            _verbatim("2026-08", "some calls with a file were refused"),
        ),
        Fact(
            "where both are taken, a text in a form should have been a file, and anything else "
            "in JSON an object",
            "wire.openai_parse._parse_reference",
            _chosen("both refusals are known, each of its year"),
        ),
        Fact(
            "the object has `file_id` or `image_url`, not both",
            "wire.openai_parse._parse_reference_object",
            _SPEC,
        ),
        Fact(
            "with both of them, `image_url` is an unknown parameter",
            "wire.openai_parse._parse_reference_object",
            _UNSEEN,
        ),
        Fact(
            "`image_url` is an address or a data URL of at most 20971520 characters",
            "wire.openai_parse._LONGEST_IMAGE_URL",
            _SPEC,
        ),
        Fact("addresses may be `http://`, too", "wire.references.References", _UNSEEN),
        Fact("JPEG, PNG and WebP are taken", "wire.references.SUPPORTED", _GUIDE),
        Fact(
            "an mp4 is taken, and its pixels must fit as those of an image must",
            "wire.references.SUPPORTED",
            _chosen("the rejection of other types names it among those that are taken"),
        ),
        Fact(
            "the type that a part declares counts, so `application/octet-stream` is refused",
            "wire.references.decoded",
            _verbatim("2026", "the rejection; SDKs send bytes without a name as that type"),
        ),
        Fact(
            "the bytes must be of a supported type and whole",
            "wire.references.decoded",
            _UNSEEN,
        ),
        Fact("the pixel size must be `size`", "wire.references._decode", _GUIDE),
        Fact(
            "the pixel size is that before any EXIF rotation",
            "media.reference.dimensions",
            _UNSEEN,
        ),
    ),
    "Characters": (
        Fact(
            "a character is made by a form with `name` and the file `video`",
            "wire.openai_assets.AssetOperations",
            _REFERENCE,
        ),
        Fact("a name has at most 80 characters", "wire.openai_assets.LONGEST_NAME", _REFERENCE),
        Fact("the file must be `video/mp4`", "wire.references.VIDEO_ONLY", _REFERENCE),
        Fact(
            "the type that the part declares counts here, too",
            "wire.references.decoded",
            _verbatim("2026", "`application/octet-stream` was refused"),
        ),
        Fact(
            "a character is `id`, `created_at`, `name`",
            "wire.openai_render.render_character",
            _REFERENCE,
        ),
        Fact(
            "a video shows at most two characters",
            "wire.openai_parse._MOST_CHARACTERS",
            _GUIDE,
        ),
        Fact(
            "a character can be used at once",
            "uploads.Characters.create",
            _chosen("taking it in was said to need minutes; how it looked meanwhile is unknown"),
        ),
    ),
    "Remixes, edits, extensions": (
        Fact(
            "a remix takes a prompt and nothing else", "wire.openai_parse.parse_remix", _REFERENCE
        ),
        Fact(
            "a remix has the model, length and size of its source, and names it in "
            "`remixed_from_video_id`",
            "service.VideoService.remix",
            _ANSWERS,
        ),
        Fact("the source must be completed", "service.VideoService._source", _GUIDE),
        Fact(
            "a source whose files have expired is refused as their download is",
            "service.VideoService._source",
            Evidence(Grade.REPORTED, "azure", "2026", "users of remix"),
        ),
        Fact(
            "an edit takes `prompt` and `video` with an `id`, in JSON",
            "wire.openai_parse.parse_edit",
            _verbatim("2026-08", "a live call that worked"),
        ),
        Fact("an edit inherits as a remix does", "service.VideoService.remix", _UNSEEN),
        Fact(
            "an uploaded `video` is an unknown parameter, unless `--accept-video-uploads`",
            "wire.openai_parse._parse_video",
            _verbatim("2026", "BerriAI/litellm PR 38155; the reference: eligible customers only"),
        ),
        Fact(
            "an edit or extension of an uploaded video has its size and length, and no source",
            "wire.videos.VideoOperations",
            _UNSEEN,
        ),
        Fact(
            "an extension takes `prompt`, `seconds` and `video`, all required",
            "wire.openai_parse.parse_extension",
            _REFERENCE,
        ),
        Fact(
            "an extension adds 4, 8, 12, 16 or 20 seconds",
            "wire.openai_parse.parse_extension",
            _GUIDE,
        ),
        Fact(
            "`seconds` of an extension is the stitched total, and its file is that long",
            "service.VideoService.extend",
            _GUIDE,
        ),
        Fact("a video can be extended six times", "service.MOST_EXTENSIONS", _GUIDE),
        Fact("to at most 120 seconds", "domain.size.LONGEST_SECONDS", _GUIDE),
        Fact(
            "an extension takes no characters and no image",
            "wire.openai_parse.parse_extension",
            _GUIDE,
        ),
        Fact(
            "an extension has the model and size of its source",
            "service.VideoService.extend",
            _UNSEEN,
        ),
        Fact(
            "`remixed_from_video_id` of edits and extensions is the source",
            "service.VideoService.extend",
            _chosen("no other key could name it"),
        ),
        Fact(
            "a remix or edit of an extended video counts its extensions",
            "domain.video.Draft",
            _UNSEEN,
        ),
    ),
    "Lists and deletion": (
        Fact(
            "a list is `object`, `data`, `first_id`, `has_more`, `last_id`, in this order",
            "wire.openai_render.render_list",
            _ANSWERS,
        ),
        Fact(
            "`first_id` and `last_id` of an empty list are null",
            "wire.openai_render.render_list",
            _REFERENCE,
        ),
        Fact("`limit` is 0 to 100", "wire.openai_parse.parse_list", _SPEC),
        Fact("`order` is `asc` or `desc`", "domain.paging.Order", _SPEC),
        Fact(
            "`limit` outside or not a number, and another `order`, are refused",
            "wire.validation.query_integer",
            _UNSEEN,
        ),
        Fact("the newest job comes first", "domain.paging.DEFAULT_ORDER", _HABIT),
        Fact("a page has 20 jobs", "domain.paging.DEFAULT_LIMIT", _HABIT),
        Fact("`after` is the id that the page goes on after", "domain.paging.PageRequest", _SDK),
        Fact("an unknown `after` gives an empty page", "store.ordered.Ordered.page", _UNSEEN),
        Fact("the id of a deleted job keeps its place", "store.ordered.Ordered.remove", _UNSEEN),
        Fact("other query parameters are ignored", "wire.openai_parse.parse_list", _UNSEEN),
        Fact(
            "a query parameter that is given twice is refused",
            "wire.http.Exchange.query",
            _UNSEEN,
        ),
        Fact(
            "a deletion is answered with `id`, `object` (`video.deleted`), `deleted`",
            "wire.openai_render.render_deleted",
            _ANSWERS,
        ),
        Fact(
            "an unfinished job can be deleted",
            "service.VideoService.delete",
            _chosen("the reference speaks of completed and failed ones; no refusal was seen"),
        ),
    ),
    "Downloads": (
        Fact(
            "`variant` is `video`, the default, `thumbnail` or `spritesheet`",
            "wire.openai_parse.parse_variant",
            _SPEC,
        ),
        Fact("another `variant` is refused", "wire.openai_parse.parse_variant", _UNSEEN),
        Fact(
            "videos are `video/mp4`, thumbnails `image/webp`",
            "media.library.CONTENT_TYPES",
            _SPEC,
        ),
        Fact(
            "spritesheets are `image/jpeg`",
            "media.library.CONTENT_TYPES",
            _chosen("the guide calls the file `spritesheet.jpg`"),
        ),
        Fact("`Accept: application/binary` is no hindrance", "wire.downloads.download", _SDK),
        Fact(
            "a download is a 200 from the same host, never a redirect",
            "wire.downloads.download",
            _chosen("none was ever reported, though the guide uses `curl -L`"),
        ),
        Fact(
            "a failed job has no content, in the words for one that is not ready",
            "service.VideoService.content",
            _UNSEEN,
        ),
        Fact("the video has the pixels of `size`", "media.recipe.item", _GUIDE),
        Fact(
            "the video is exactly as long as `seconds` says",
            "media.recipe.Item",
            _chosen("real ones of 4 seconds were mostly 4.3 seconds long"),
        ),
        Fact("every video has sound", "media.recipe.SAMPLE_RATE", _GUIDE),
        Fact(
            "videos are H.264 and AAC at 30 frames a second",
            "media.recipe.FRAMES_PER_SECOND",
            _chosen("no file of the API was ever described"),
        ),
        Fact(
            "thumbnails have the size of the video",
            "media.recipe.steps",
            _chosen("none was ever described"),
        ),
        Fact(
            "a spritesheet has 4 by 4 tiles and the size of the video",
            "media.recipe.SHEET_TILES",
            _chosen("the guide shows one, but not its grid"),
        ),
        Fact(
            "files can be asked for in part and conditionally",
            "wire.ranges.asked_span",
            _chosen("the headers of downloads were never published"),
        ),
    ),
    "Files": (
        Fact(
            "a file is `object`, `id`, `purpose`, `filename`, `bytes`, `created_at`, "
            "`expires_at`, `status`, `status_details`",
            "wire.openai_render.render_file",
            _reported("2025", "remembered from /v1/files"),
        ),
        Fact("the purposes that an upload can have", "wire.openai_assets.PURPOSES", _REFERENCE),
        Fact(
            "a page has at most 10000 files, and so many by default",
            "wire.openai_assets._MOST_FILES_A_PAGE",
            _REFERENCE,
        ),
        Fact(
            "videos are refused",
            "wire.openai_assets.AssetOperations",
            _verbatim("2026", "that it is so; the words were not kept"),
        ),
        Fact(
            "`expires_after` is accepted and has no effect",
            "wire.openai_assets.AssetOperations",
            _chosen("the reference has it; nothing here needs it"),
        ),
        Fact(
            "a deletion is answered as that of a video, with the object `file`",
            "wire.openai_render.render_deleted",
            _REFERENCE,
        ),
    ),
    "The profile /v1=documented": (
        Fact(
            "the states are `queued`, `processing`, `completed`, `failed`",
            "wire.openai_render.DOCUMENTED",
            _GATEWAYS,
        ),
        Fact(
            "`usage` has `duration_seconds`, with a decimal point",
            "wire.openai_render.render_documented",
            Evidence(Grade.MEASURED, "litellm", "2026-11", "version 1.109.1, on create"),
        ),
        Fact(
            "`url` is where the mp4 is, while it is there; `duration` is a number",
            "wire.openai_render.render_documented",
            _GATEWAYS,
        ),
        Fact(
            "`url` needs no credentials",
            "wire.links.Links",
            _chosen("clients of gateways download it as it is"),
        ),
        Fact(
            "any model, any size, and any length up to 120 seconds, also as a number",
            "wire.openai_parse._free_choices",
            _GATEWAYS,
        ),
    ),
    "Lenience": (
        Fact(
            "ids such as `video_123` and `char_123` exist, with `--lenient`",
            "uploads.is_example",
            _openai(Grade.MEASURED, "2026-11", "the generated tests of openai-python 3.51.0"),
        ),
        Fact(
            "uploads need not be media, with `--lenient`",
            "wire.references.References",
            _openai(Grade.MEASURED, "2026-11", "the generated tests of openai-python 3.51.0"),
        ),
    ),
}
