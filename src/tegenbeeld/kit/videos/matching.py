"""
What an upload matches: videos of the list, photos of it, and single frames.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

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
from tegenbeeld.kit.videos.keys import NO_VIDEO
from tegenbeeld.kit.videos.listed import Listed
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
        without_bars: Whether bars around it were left out.
    """

    video: int
    at_ms: int
    distance: int
    orientation: str
    without_bars: bool


class PhotoMatch(NamedTuple):
    """
    A listed photo that an upload shows.

    Attributes:
        key: Of the photo.
        at_ms: When the upload shows it.
        distance: In bits.
        orientation: How the upload has to be turned.
        without_bars: Whether bars of the upload were left out.
    """

    key: int
    at_ms: int
    distance: int
    orientation: str
    without_bars: bool


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
    matches = []
    for row in _nearest(found, found.place.video, found.place.video != NO_VIDEO):
        video = int(found.place.video[row])
        signal = listed.signal(video)
        if signal is not None:
            at_ms = int(signal.at_ms[found.place.frame[row]])
            matches.append(FrameMatch(video, at_ms, *_how(upload, found, row)))
    return sorted(matches, key=lambda match: (match.distance, match.video))


def _photo_matches(upload: Upload, found: Votes) -> list[PhotoMatch]:
    matches = []
    for row in _nearest(found, found.key, found.place.video == NO_VIDEO):
        at_ms = int(upload.at_ms[found.sample[row]])
        matches.append(PhotoMatch(int(found.key[row]), at_ms, *_how(upload, found, row)))
    return sorted(matches, key=lambda match: (match.distance, match.key))


def _nearest(found: Votes, of: NDArray[Any], among: NDArray[np.bool_]) -> list[int]:
    """
    Find the row with the lowest distance for each value of *of*, the first where some are equal.
    """
    rows = np.flatnonzero(among)
    rows = rows[np.argsort(found.distance[rows], kind="stable")]
    _, firsts = np.unique(of[rows], return_index=True)
    nearest: list[int] = rows[firsts].tolist()
    return nearest


def _how(upload: Upload, found: Votes, row: int) -> tuple[int, str, bool]:
    """
    Give distance and orientation of a pair, and whether bars were left out.
    """
    view = int(found.view[row])
    return int(found.distance[row]), upload.orientation(view), upload.is_cut(view)
