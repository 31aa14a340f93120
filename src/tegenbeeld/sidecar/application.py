"""
The addresses of the sidecar, as one WSGI callable (PEP 3333).
"""

import hmac
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from typing import Protocol

from tegenbeeld import pdq
from tegenbeeld.errors import (
    MediaError,
    PictureTooPoor,
    PictureTooSmall,
    RequestRefused,
    SandboxError,
    VideoSupportMissing,
)
from tegenbeeld.kit import Matcher, PictureHasher
from tegenbeeld.kit.kinds import is_video
from tegenbeeld.kit.videos.hasher import VideoHasher
from tegenbeeld.sidecar import files, limits, logs, questions
from tegenbeeld.sidecar.answers import (
    Answer,
    answer_hashes,
    answer_picture,
    answer_video,
    encode,
)
from tegenbeeld.sidecar.gathering import Gatherer
from tegenbeeld.sidecar.messages import ErrorBody, Refusal
from tegenbeeld.sidecar.metrics import CONTENT_TYPE, Metrics
from tegenbeeld.sidecar.openapi import describe
from tegenbeeld.sidecar.questions import Environ

StartResponse = Callable[[str, list[tuple[str, str]]], object]

MATCH = "/v1/match"

_STATUS_LINES = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_DONE = HTTPStatus.OK.value
_JSON = [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
_PLAIN = [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")]


class CurrentList(Protocol):
    """
    Where the matcher comes from.
    """

    @property
    def matcher(self) -> Matcher | None:
        """
        None until the list is open.
        """


class Application:
    """
    Answers requests. Shared between all threads of the server.
    """

    def __init__(  # noqa: PLR0913 - the parts that it is put together from
        self,
        source: CurrentList,
        metrics: Metrics,
        *,
        token: str | None,
        host: str,
        hasher: PictureHasher,
        video_hasher: VideoHasher,
    ) -> None:
        """
        Prepare the answers that never change.

        Args:
            source: The list.
            metrics: Where to count.
            token: What requests must bring; None where only this machine can ask.
            host: The address that is listened on.
            hasher: Looks at pictures. As many at once as it has workers.
            video_hasher: Looks at videos, alike. They have a queue of their own, so that pictures
                never wait for a video.
        """
        self._source = source
        self._metrics = metrics
        self._expected = None if token is None else f"Bearer {token}".encode()
        self._hosts = frozenset({"127.0.0.1", "localhost", "[::1]", "::1", host, f"[{host}]"})
        self._hashes = limits.Budget(limits.HASHES_AT_ONCE)
        self._pictures = limits.Turns(
            at_once=hasher.workers, waiting=hasher.workers * limits.PICTURES_WAITING
        )
        self._videos = limits.Turns(
            at_once=video_hasher.workers, waiting=video_hasher.workers * limits.VIDEOS_WAITING
        )
        self._hasher = hasher
        self._video_hasher = video_hasher
        self._gatherer = Gatherer()
        self._document = encode(describe())
        self._routes: dict[str, Callable[[Environ], tuple[list[tuple[str, str]], bytes]]] = {
            "/healthz": self._alive,
            "/readyz": self._ready,
            "/metrics": self._figures,
            "/v1/openapi.json": self._described,
        }

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        """
        Answer one request.
        """
        path = environ["PATH_INFO"]
        is_question = path == MATCH
        headers = _JSON
        try:
            if is_question:
                body = self._match(environ)
            else:
                headers, body = self._look(path, environ)
        except RequestRefused as refusal:
            status, extra, body = _refused(refusal)
            headers = [*_JSON, *extra]
        except Exception as error:  # noqa: BLE001 - whatever it is, the answer has its usual shape
            logs.write_failure("failed", error)
            status, extra, body = _refused(_FAILED)
            headers = [*_JSON, *extra]
        else:
            status = _DONE
        if is_question:
            self._metrics.count(status)
            if status != _DONE:
                questions.drain(environ)
        start_response(_STATUS_LINES[status], headers)
        return [body]

    def _match(self, environ: Environ) -> bytes:
        started = time.perf_counter()
        if environ["REQUEST_METHOD"] != "POST":
            raise _wrong_method("POST")
        self._check_may_ask(environ)
        matcher = self._source.matcher
        if matcher is None:
            raise _not_ready()
        kind = questions.kind_of(environ)
        bound = questions.max_distance(environ)
        if kind in ("json", "binary"):
            answer = self._match_hashes(matcher, environ, kind, bound)
        else:
            kind, answer = self._match_file(matcher, environ, kind, bound)
        served = self._metrics.served[kind]
        served.queries.inc(answer.queries)
        if answer.matched:
            served.matched.inc(answer.matched)
        served.seconds.observe(time.perf_counter() - started)
        return answer.body

    def _match_hashes(
        self, matcher: Matcher, environ: Environ, kind: str, bound: int | None
    ) -> Answer:
        if kind == "json":
            body = questions.read_body(environ, most=limits.MAX_JSON_BYTES)
            hashes, named = questions.read_question(body)
            if bound is not None and named is not None:
                raise RequestRefused(
                    HTTPStatus.BAD_REQUEST, "bad_request", "Give max_distance once."
                )
            bound = named if bound is None else bound
        else:
            body = questions.read_body(environ, most=limits.MAX_BINARY_BYTES)
            hashes = questions.check_binary(body)
        words = questions.to_words(hashes)
        self._hashes.take(len(words))
        try:
            return answer_hashes(
                matcher,
                words,
                max_distance=pdq.MAX_DISTANCE if bound is None else bound,
                gatherer=self._gatherer,
            )
        finally:
            self._hashes.give_back(len(words))

    def _match_file(
        self, matcher: Matcher, environ: Environ, kind: str, bound: int | None
    ) -> tuple[str, Answer]:
        """
        Look up a picture or a video; its first bytes tell which, whatever it is called.
        """
        assumed = self._videos if files.is_large(environ, kind) else self._pictures
        with ExitStack() as held, ExitStack() as place:
            place.enter_context(assumed.place())
            file = held.enter_context(files.one_file(environ, kind))
            try:
                kind = "video" if is_video(file) else "picture"
                turns = self._videos if kind == "video" else self._pictures
                if turns is not assumed:
                    place.close()
                    place.enter_context(turns.place())
                with turns.turn():
                    return kind, self._answer_file(matcher, file, kind, bound)
            except (SandboxError, VideoSupportMissing) as error:
                logs.write_failure(f"no_{kind}s", error)
                raise _NO_FILES[kind] from None
            except MediaError as error:
                raise RequestRefused(
                    HTTPStatus.UNPROCESSABLE_ENTITY, _code(error, kind), error.message
                ) from None

    def _answer_file(
        self, matcher: Matcher, file: Path | bytes, kind: str, bound: int | None
    ) -> Answer:
        max_distance = pdq.MAX_DISTANCE if bound is None else bound
        if kind == "video":
            return answer_video(matcher, self._video_hasher, file, max_distance=max_distance)
        return answer_picture(matcher, self._hasher, file, max_distance=max_distance)

    def _look(self, path: str, environ: Environ) -> tuple[list[tuple[str, str]], bytes]:
        route = self._routes.get(path)
        if route is None:
            raise RequestRefused(
                HTTPStatus.NOT_FOUND, "not_found", "There is nothing at this address."
            )
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            raise _wrong_method("GET, HEAD")
        return route(environ)

    def _alive(self, _environ: Environ) -> tuple[list[tuple[str, str]], bytes]:
        return _PLAIN, b"alive\n"

    def _ready(self, _environ: Environ) -> tuple[list[tuple[str, str]], bytes]:
        if self._source.matcher is None:
            raise _not_ready()
        return _PLAIN, b"ready\n"

    def _figures(self, environ: Environ) -> tuple[list[tuple[str, str]], bytes]:
        self._check_may_ask(environ)
        return [("Content-Type", CONTENT_TYPE), *_JSON[1:]], self._metrics.text()

    def _described(self, _environ: Environ) -> tuple[list[tuple[str, str]], bytes]:
        return _JSON, self._document

    def _check_may_ask(self, environ: Environ) -> None:
        """
        Check the token; or, without one, that no web page asks through its visitor's browser.

        Raises:
            RequestRefused: 401 or 403.
        """
        if self._expected is not None:
            given: str = environ.get("HTTP_AUTHORIZATION", "")
            if not hmac.compare_digest(given.encode("utf-8", "surrogateescape"), self._expected):
                raise RequestRefused(
                    HTTPStatus.UNAUTHORIZED,
                    "not_authorised",
                    "Send the token of this sidecar: `Authorization: Bearer TOKEN`.",
                )
        elif not self._is_local(environ.get("HTTP_HOST", "localhost")):
            # A site can give its own name the address of this machine, and ask through that.
            raise RequestRefused(
                HTTPStatus.FORBIDDEN,
                "foreign_host",
                "Ask by the address of this machine, such as 127.0.0.1; or start the sidecar with "
                "--token-file.",
            )

    def _is_local(self, given: str) -> bool:
        name, _, port = given.rpartition(":")
        return given in self._hosts or (port.isdecimal() and name in self._hosts)


def _refused(refusal: RequestRefused) -> tuple[int, list[tuple[str, str]], bytes]:
    body = encode(ErrorBody(error=Refusal(code=refusal.code, message=refusal.message)))
    return refusal.status, _EXTRA.get(refusal.status, []) + _allowed(refusal), body


_EXTRA: dict[int, list[tuple[str, str]]] = {
    401: [("WWW-Authenticate", "Bearer")],
    429: [("Retry-After", str(limits.RETRY_AFTER_S))],
    503: [("Retry-After", str(limits.RETRY_AFTER_S))],
}


class _WrongMethod(RequestRefused):
    """
    The address is there, but not for this method.
    """

    def __init__(self, allowed: str) -> None:
        super().__init__(
            HTTPStatus.METHOD_NOT_ALLOWED, "method_not_allowed", f"Use {allowed} here."
        )
        self.allowed = allowed


def _wrong_method(allowed: str) -> RequestRefused:
    return _WrongMethod(allowed)


def _allowed(refusal: RequestRefused) -> list[tuple[str, str]]:
    return [("Allow", refusal.allowed)] if isinstance(refusal, _WrongMethod) else []


def _code(error: MediaError, kind: str) -> str:
    """
    Tell apart what a platform may decide about: pictures that cannot be recognised.
    """
    if isinstance(error, PictureTooPoor):
        return "picture_too_poor"
    if isinstance(error, PictureTooSmall):
        return "picture_too_small"
    return "invalid_video" if kind == "video" else "invalid_picture"


_FAILED = RequestRefused(
    HTTPStatus.INTERNAL_SERVER_ERROR,
    "failed",
    "Something went wrong here. Nothing was answered; ask again, and look into the log.",
)


_NO_FILES = {
    "picture": RequestRefused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "no_pictures",
        "Pictures cannot be looked at just now; hashes can. Ask again in a moment, and look into "
        "the log if it stays so.",
    ),
    "video": RequestRefused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "no_videos",
        "Videos cannot be looked at just now; hashes can. Ask again in a moment, and look into the "
        "log if it stays so. Reading videos needs the extra `video`: "
        "pip install 'tegenbeeld[sidecar,video]'.",
    ),
}


def _not_ready() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "not_ready",
        "The list is being opened. Ask again in a moment.",
    )
