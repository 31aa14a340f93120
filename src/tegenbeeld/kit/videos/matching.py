"""
What an upload matches: videos of the list, photos of it, and single frames.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from tegenbeeld import pdq
from tegenbeeld.kit.videos.alignment import (
    Alignment,
    Compared,
    compare,
    fitted,
    proposals,
    united,
)
from tegenbeeld.kit.videos.frames import Signal
from tegenbeeld.kit.videos.listed import NO_VIDEO, Listed
from tegenbeeld.kit.videos.rule import LOOSE_DISTANCE, Verdict, judge
from tegenbeeld.kit.videos.upload import EVERY_MS, Upload
from tegenbeeld.kit.videos.votes import Votes, votes

# Pairs of a video and a view that are compared in full: those with the most votes.
_MOST_CANDIDATES = 64

# How far around an alignment it is looked for a better one, in samples, and how often.
_REFINING_REACH = 3
_REFINING_ROUNDS = 2
_REFINED = 3

Pair = tuple[Alignment, Compared]


class VideoMatch(NamedTuple):
    """
    A listed video that an upload is a copy of.

    Attributes:
        video: Its number on the list.
        agreed: Frames that agree.
        compared: Frames that both should show.
        distance: Median of those that agree, in bits.
        orientation: How the upload has to be turned.
        without_bars: Whether bars of the upload were left out.
        speed: Above 1 for a copy that plays slower.
        shift_ms: Where the listed video begins in the upload; below 0 if its start is missing.
    """

    video: int
    agreed: int
    compared: int
    distance: int
    orientation: str
    without_bars: bool
    speed: float
    shift_ms: int


class FrameMatch(NamedTuple):
    """
    A picture that is a frame of a listed video.

    Attributes:
        video: Its number on the list.
        at_ms: When that frame appears in it.
        distance: In bits.
        orientation: How the picture has to be turned.
    """

    video: int
    at_ms: int
    distance: int
    orientation: str


class PhotoMatch(NamedTuple):
    """
    A listed photo that an upload shows.

    Attributes:
        key: Of the index.
        at_ms: When the upload shows it.
        distance: In bits.
        orientation: How the upload has to be turned.
    """

    key: int
    at_ms: int
    distance: int
    orientation: str


class VideoFindings(NamedTuple):
    """
    All that an upload matches.

    Attributes:
        videos: Those that it is a copy of, the surest first.
        frames: Where it shows one still picture only: the videos that this is a frame of.
        photos: Listed photos that it shows, nearest first.
    """

    videos: list[VideoMatch]
    frames: list[FrameMatch]
    photos: list[PhotoMatch]


def match_upload(listed: Listed, upload: Upload) -> VideoFindings:
    """
    Find what an upload matches.

    Args:
        listed: The list.
        upload: The upload; with no usable frame it matches nothing.

    Source:
        spec/video.md §6 to §8.
    """
    found = votes(listed, upload)
    videos: dict[int, VideoMatch] = {}
    for candidate in _candidates(found):
        signal = listed.signal(candidate.video)
        if signal is None:
            continue
        match = _match(candidate, signal, upload)
        if match is not None and _sureness(match) > _sureness(videos.get(match.video)):
            videos[match.video] = match
    ordered = sorted(videos.values(), key=_sureness, reverse=True)
    frames = [] if ordered or not _is_still(upload) else _frame_matches(listed, upload, found)
    return VideoFindings(ordered, frames, _photo_matches(upload, found))


def match_picture(listed: Listed, hashes: pdq.Words) -> list[FrameMatch]:
    """
    Find the videos that a picture is a frame of.

    Args:
        listed: The list.
        hashes: uint64[8, 4], in the order of `pdq.ORIENTATIONS`.
    """
    words = hashes.reshape(len(pdq.ORIENTATIONS), 1, -1)
    picture = Upload(np.zeros(1, np.int64), words, np.ones(words.shape[:2], np.bool_))
    return _frame_matches(listed, picture, votes(listed, picture))


class _Candidate(NamedTuple):
    """
    A video that an upload may be a copy of, in one view, and the pairs of frames that say so.
    """

    video: int
    view: int
    frame: NDArray[np.int64]
    sample: NDArray[np.int64]


def _candidates(found: Votes) -> Iterator[_Candidate]:
    """
    Give those with the most votes first.
    """
    rows = np.flatnonzero(found.place.video != NO_VIDEO)
    pairs = np.stack([found.place.video[rows], found.view[rows]])
    groups, group, counts = np.unique(pairs, axis=1, return_inverse=True, return_counts=True)
    group = group.ravel()
    for place in np.argsort(-counts, kind="stable")[:_MOST_CANDIDATES]:
        video, view = groups[:, place].tolist()
        mine = rows[group == place]
        yield _Candidate(video, view, found.place.frame[mine], found.sample[mine])


def _match(candidate: _Candidate, signal: Signal, upload: Upload) -> VideoMatch | None:
    video, view = candidate.video, candidate.view
    listed_ms, upload_ms = signal.at_ms[candidate.frame], upload.at_ms[candidate.sample]
    tried = [
        (alignment, compare(signal, upload, view, alignment))
        for alignment in proposals(listed_ms, upload_ms)
    ]
    tried.sort(key=lambda pair: -_support(pair[1]))
    best: VideoMatch | None = None
    lines = [_refined(signal, upload, view, *pair) for pair in tried[:_REFINED]]
    for line, beside in [*lines, *_pieced(tried, lines)]:
        verdict = judge(signal, upload, view, line, beside)
        match = _described(video, upload, view, line, verdict)
        if match is not None and _sureness(match) > _sureness(best):
            best = match
    return best


def _pieced(tried: list[Pair], lines: list[Pair]) -> Iterator[Pair]:
    """
    Add to the best alignment what another explains: a copy from which a part was cut out.
    """
    if not lines:
        return
    line, beside = max(lines, key=lambda pair: _support(pair[1]))
    others = [pair for pair in tried if abs(pair[0].shift_ms - line.shift_ms) >= EVERY_MS * 2]
    joined = [united(beside, other) for _, other in others]
    if joined:
        yield line, max(joined, key=_support)


def _refined(
    signal: Signal, upload: Upload, view: int, alignment: Alignment, compared: Compared
) -> tuple[Alignment, Compared]:
    """
    Move an alignment to where more frames agree.
    """
    for _ in range(_REFINING_ROUNDS):
        around = compare(signal, upload, view, alignment, reach=_REFINING_REACH)
        close = around.distance <= LOOSE_DISTANCE
        times = upload.at_ms[around.sample[close]].astype(np.float64)
        line = fitted(signal.at_ms[around.frame[close]].astype(np.float64), times, alignment)
        beside = compare(signal, upload, view, line)
        if _support(beside) <= _support(compared):
            break
        alignment, compared = line, beside
    return alignment, compared


def _support(compared: Compared) -> float:
    """
    Weigh how well two videos agree: frames that do, the nearer the more.
    """
    closeness = np.clip(LOOSE_DISTANCE + 1 - compared.distance, 0, None)
    return float(closeness.sum())


def _described(
    video: int, upload: Upload, view: int, alignment: Alignment, verdict: Verdict
) -> VideoMatch | None:
    if not verdict.is_match:
        return None
    return VideoMatch(
        video,
        verdict.agreed,
        verdict.compared,
        verdict.distance,
        upload.orientation(view),
        upload.is_cut(view),
        round(alignment.speed, 4),
        round(alignment.shift_ms),
    )


def _sureness(match: VideoMatch | None) -> tuple[float, int]:
    return (0.0, 0) if match is None else (match.agreed / match.compared, match.agreed)


def _is_still(upload: Upload) -> bool:
    """
    Tell whether an upload shows one picture all the time.
    """
    words = upload.words[0][upload.usable[0]]
    if not len(words):
        return False
    apart = np.bitwise_count(words ^ words[0]).sum(axis=1)
    return bool((apart <= pdq.MAX_DISTANCE).all())


def _frame_matches(listed: Listed, upload: Upload, found: Votes) -> list[FrameMatch]:
    best: dict[int, FrameMatch] = {}
    for row in np.flatnonzero(found.place.video != NO_VIDEO).tolist():
        video, distance = int(found.place.video[row]), int(found.distance[row])
        if video in best and best[video].distance <= distance:
            continue
        signal = listed.signal(video)
        if signal is not None:
            at_ms = int(signal.at_ms[found.place.frame[row]])
            turn = upload.orientation(int(found.view[row]))
            best[video] = FrameMatch(video, at_ms, distance, turn)
    return sorted(best.values(), key=lambda match: (match.distance, match.video))


def _photo_matches(upload: Upload, found: Votes) -> list[PhotoMatch]:
    best: dict[int, PhotoMatch] = {}
    for row in np.flatnonzero(found.place.video == NO_VIDEO).tolist():
        key, distance = int(found.key[row]), int(found.distance[row])
        if key not in best or distance < best[key].distance:
            at_ms = int(upload.at_ms[found.sample[row]])
            turn = upload.orientation(int(found.view[row]))
            best[key] = PhotoMatch(key, at_ms, distance, turn)
    return sorted(best.values(), key=lambda match: (match.distance, match.key))
