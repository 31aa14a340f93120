"""
Clips for bench/video.py: made here, and edits of those and of real ones.

A clip is a list of pictures at a rate, made when it is asked for, one picture at a time.
"""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import av
import numpy as np
from av.video.stream import VideoStream
from PIL import Image, ImageDraw, ImageOps

Pictures = Iterator[Image.Image]
SIZE = (480, 270)
RATE = 25


class Clip(NamedTuple):
    """
    Pictures and how many of them there are in a second.
    """

    pictures: Callable[[], Pictures]
    rate: Fraction
    seconds: float


def read(path: Path) -> Clip:
    with av.open(str(path)) as file:
        stream = file.streams.video[0]
        rate, count = Fraction(stream.average_rate or RATE), stream.frames

    def pictures() -> Pictures:
        with av.open(str(path)) as opened:
            for frame in opened.decode(opened.streams.video[0]):
                picture: Image.Image = frame.to_image()  # type: ignore[no-untyped-call]
                yield picture.rotate(frame.rotation, expand=True)

    return Clip(pictures, rate, float(count / rate))


def write(clip: Clip, path: Path, *, crf: int = 23, codec: str = "libx264") -> Path:
    """
    Encode a clip; one that is there already stays.
    """
    if path.exists():
        return path
    part = path.with_suffix(".part" + path.suffix)
    with av.open(str(part), "w", format="mp4") as file:
        stream = file.add_stream(codec, rate=clip.rate)
        assert isinstance(stream, VideoStream)
        stream.pix_fmt = "yuv420p"
        stream.options = {"preset": "ultrafast", "crf": str(crf)}
        for number, picture in enumerate(clip.pictures()):
            if number == 0:
                stream.width, stream.height = (side // 2 * 2 for side in picture.size)
            frame: av.VideoFrame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
            frame.pts = number
            frame.time_base = 1 / clip.rate
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return part.rename(path)


def mapped(change: Callable[[Image.Image], Image.Image]) -> Callable[[Clip], Clip]:
    return lambda clip: clip._replace(pictures=lambda: map(change, clip.pictures()))


def trimmed(start: float, end: float) -> Callable[[Clip], Clip]:
    """
    Keep the part between two shares of the length.
    """

    def change(clip: Clip) -> Clip:
        first, last = (int(part * clip.seconds * clip.rate) for part in (start, end))
        length = float((last - first) / clip.rate)
        return Clip(lambda: islice(clip.pictures(), first, last), clip.rate, length)

    return change


def without_middle(clip: Clip) -> Clip:
    first, last = (int(part * clip.seconds * clip.rate) for part in (0.45, 0.6))

    def pictures() -> Pictures:
        for number, picture in enumerate(clip.pictures()):
            if not first <= number < last:
                yield picture

    return Clip(pictures, clip.rate, clip.seconds * 0.85)


def at_rate(factor: Fraction) -> Callable[[Clip], Clip]:
    """
    Drop or repeat pictures: the same length at another rate.
    """

    def change(clip: Clip) -> Clip:
        def pictures() -> Pictures:
            given = 0
            for number, picture in enumerate(clip.pictures()):
                while given < (number + 1) * factor:
                    yield picture
                    given += 1

        return Clip(pictures, clip.rate * factor, clip.seconds)

    return change


def at_speed(speed: Fraction) -> Callable[[Clip], Clip]:
    return lambda clip: Clip(clip.pictures, clip.rate * speed, clip.seconds / float(speed))


def between(before: Clip, after: Clip) -> Callable[[Clip], Clip]:
    def change(clip: Clip) -> Clip:
        def fitted(other: Clip, size: tuple[int, int]) -> Pictures:
            return (ImageOps.fit(picture, size) for picture in other.pictures())

        def pictures() -> Pictures:
            own = clip.pictures()
            first = next(own)
            parts = fitted(before, first.size), [first], own, fitted(after, first.size)
            return chain(*parts)

        return Clip(pictures, clip.rate, before.seconds + clip.seconds + after.seconds)

    return change


def sepia(picture: Image.Image) -> Image.Image:
    return ImageOps.colorize(picture.convert("L"), "#140a00", "#fff0c8", mid="#a07846")


def resized(share: float) -> Callable[[Image.Image], Image.Image]:
    def change(picture: Image.Image) -> Image.Image:
        return picture.resize([max(16, int(side * share) // 2 * 2) for side in picture.size])

    return change


def watermark(x: float, y: float, share: float) -> Callable[[Image.Image], Image.Image]:
    """
    Write a half transparent name at a place; its width is a share of the picture's.
    """

    def change(picture: Image.Image) -> Image.Image:
        layer = Image.new("RGBA", picture.size)
        draw = ImageDraw.Draw(layer)
        wide = picture.width * share
        left, top = x * (picture.width - wide), y * (picture.height - wide / 5)
        draw.text((left, top), "@mychannel", (255, 255, 255, 180), font_size=wide / 5.5)
        return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")

    return change


def face(x: float, y: float, share: float) -> Callable[[Image.Image], Image.Image]:
    """
    Draw a face in thick lines at a place, as on the copies of the original.
    """

    def change(picture: Image.Image) -> Image.Image:
        marked = picture.copy()
        side = share * min(picture.size)
        left, top = x * (picture.width - side), y * (picture.height - side)
        draw, line = ImageDraw.Draw(marked), max(2, int(side / 16))
        draw.chord((left, top, left + side, top + side), 0, 180, None, "black", line)
        for eye in (0.25, 0.6):
            corner = left + eye * side, top + side * 0.05
            draw.ellipse((*corner, corner[0] + side / 5, corner[1] + side / 4), None, "black", line)
        return marked

    return change


def disc(x: float, y: float, share: float) -> Callable[[Image.Image], Image.Image]:
    """
    Cover a place with a white disc; its size is a share of the short side.
    """

    def change(picture: Image.Image) -> Image.Image:
        marked = picture.copy()
        side = share * min(picture.size)
        left, top = x * (picture.width - side), y * (picture.height - side)
        draw = ImageDraw.Draw(marked)
        draw.ellipse((left, top, left + side, top + side), "white", "black", 3)
        return marked

    return change


def bars(across: float, down: float, colour: str) -> Callable[[Image.Image], Image.Image]:
    """
    Add bars left and right, and above and below, as shares of the sides.
    """

    def change(picture: Image.Image) -> Image.Image:
        width, height = picture.size
        border = int(width * across) // 2 * 2, int(height * down) // 2 * 2
        return ImageOps.expand(picture, border, colour)

    return change


def bar_left(picture: Image.Image) -> Image.Image:
    return ImageOps.expand(picture, (int(picture.width * 0.2) // 2 * 2, 0, 0, 0), "black")


def caption(picture: Image.Image) -> Image.Image:
    written = picture.copy()
    draw = ImageDraw.Draw(written)
    size = picture.height / 14
    draw.text(
        (picture.width / 2, picture.height * 0.92),
        "look at this one",
        "white",
        anchor="mm",
        font_size=size,
        stroke_width=2,
        stroke_fill="black",
    )
    return written


def texture(seed: int, size: tuple[int, int], cells: int = 9) -> Image.Image:
    noise = np.random.default_rng(seed).integers(0, 256, (cells, cells, 3), dtype=np.uint8)
    return Image.fromarray(noise).resize(size, Image.Resampling.BICUBIC)


def scenes(seed: int, *, seconds: int = 20, each: int = 5) -> Clip:
    """
    Scenes of some seconds, in each a texture that drifts behind a thing that moves.
    """

    def pictures() -> Pictures:
        width, height = SIZE
        for number in range(seconds * RATE):
            scene, place = divmod(number, each * RATE)
            if place == 0:
                wide = texture(seed * 100 + scene, (width * 2, height * 2))
            x, y = int(place * 1.5) % width, int(place * 0.7) % height
            picture = wide.crop((x, y, x + width, y + height))
            draw = ImageDraw.Draw(picture)
            left = (seed * 37 + place * 3) % (width - 90)
            draw.ellipse((left, 60, left + 90, 200), "#e0b090", "#402010", 4)
            yield picture

    return Clip(pictures, Fraction(RATE), seconds)


def in_room(room: int, take: int, *, share: float = 0.35, seconds: int = 20) -> Clip:
    """
    A still camera in a room; somebody moves in it, differently in each take.
    """

    def pictures() -> Pictures:
        width, height = SIZE
        behind = texture(9_000 + room, SIZE, 7)
        person = texture(9_500 + take, (int(width * share), int(height * 0.8)), 5)
        steps = np.random.default_rng(take).uniform(-1, 1, (seconds + 2, 2)).cumsum(axis=0)
        for number in range(seconds * RATE):
            second, part = divmod(number / RATE, 1)
            near = steps[int(second)] * (1 - part) + steps[int(second) + 1] * part
            picture = behind.copy()
            x = int((np.sin(near[0]) + 1) / 2 * (width - person.width))
            y = int((np.sin(near[1]) + 1) / 2 * (height - person.height))
            picture.paste(person, (x, y))
            yield picture

    return Clip(pictures, Fraction(RATE), seconds)


def plain(colour: str, seconds: float) -> Clip:
    return still(Image.new("RGB", SIZE, colour), seconds)


def still(picture: Image.Image, seconds: float) -> Clip:
    count = int(seconds * RATE)
    return Clip(lambda: (picture for _ in range(count)), Fraction(RATE), seconds)


def title() -> Image.Image:
    card = Image.new("RGB", SIZE, "#102040")
    draw = ImageDraw.Draw(card)
    draw.text((240, 110), "MY CHANNEL", "white", anchor="mm", font_size=60)
    draw.text((240, 190), "presents", "#ffcc00", anchor="mm", font_size=36)
    return card


def joined(clips: Iterable[Clip]) -> Clip:
    parts = list(clips)

    def pictures() -> Pictures:
        return chain(*(part.pictures() for part in parts))

    return Clip(pictures, parts[0].rate, sum(part.seconds for part in parts))


class Edit(NamedTuple):
    change: Callable[[Clip], Clip]
    crf: int = 23


def same(clip: Clip) -> Clip:
    return clip


def edits() -> dict[str, Edit]:
    other, more = scenes(71, seconds=12), scenes(72, seconds=15)
    return {
        "quality_high": Edit(same, 18),
        "quality_middle": Edit(same, 30),
        "quality_low": Edit(same, 40),
        "half_size": Edit(mapped(resized(0.5))),
        "quarter_size": Edit(mapped(resized(0.25))),
        "stretched": Edit(mapped(lambda p: p.resize((480, 360)))),
        "half_rate": Edit(at_rate(Fraction(1, 2))),
        "rate_12_of_25": Edit(at_rate(Fraction(12, 25))),
        "double_rate": Edit(at_rate(Fraction(2))),
        "grey": Edit(mapped(lambda p: p.convert("L").convert("RGB"))),
        "sepia": Edit(mapped(sepia)),
        "logo_small_name": Edit(mapped(watermark(0.95, 0.95, 0.25))),
        "logo_small_face": Edit(mapped(face(0.95, 0.05, 0.2))),
        "logo_small_disc": Edit(mapped(disc(0.05, 0.05, 0.12))),
        "logo_large_name": Edit(mapped(watermark(0.5, 0.5, 0.7))),
        "logo_large_face": Edit(mapped(face(0.8, 0.2, 0.4))),
        "logo_large_disc": Edit(mapped(disc(0.05, 0.95, 0.35))),
        "bars_sides": Edit(mapped(bars(0.25, 0, "black"))),
        "bars_above_below": Edit(mapped(bars(0, 0.2, "black"))),
        "bars_white_all": Edit(mapped(bars(0.1, 0.1, "white"))),
        "bar_left": Edit(mapped(bar_left)),
        "caption": Edit(mapped(caption)),
        "mirrored": Edit(mapped(ImageOps.mirror)),
        "trim_start": Edit(trimmed(0.28, 1)),
        "trim_start_a_bit": Edit(trimmed(0.023, 1)),
        "trim_end": Edit(trimmed(0, 0.6)),
        "trim_both": Edit(trimmed(0.33, 0.71)),
        "cut_out_middle": Edit(without_middle),
        "speed_0.9": Edit(at_speed(Fraction(9, 10))),
        "speed_0.95": Edit(at_speed(Fraction(19, 20))),
        "speed_1.05": Edit(at_speed(Fraction(21, 20))),
        "speed_1.1": Edit(at_speed(Fraction(11, 10))),
        "inside_longer": Edit(between(other, more)),
        "trimmed_inside_longer": Edit(lambda clip: between(other, more)(trimmed(0.3, 1)(clip))),
    }


def strangers() -> dict[str, Clip]:
    """
    Clips of which no two show the same scene, whatever else they share.
    """
    card, intro = still(title(), 3), scenes(40, seconds=5, each=1)
    made = {f"scenes_{seed}": scenes(seed) for seed in (1, 2, 3)}
    made |= {f"room_1_take_{take}": in_room(1, take) for take in (1, 2, 3)}
    made |= {f"room_2_take_{take}": in_room(2, take, share=0.22) for take in (4, 5)}
    for number, letter in enumerate("ab"):
        around = {
            "black_around": [plain("black", 3)],
            "white_around": [plain("white", 3)],
            "title_around": [card],
        }
        for place, (name, edge) in enumerate(around.items()):
            clip = scenes(10 + 2 * place + number, seconds=14)
            made[f"{name}_{letter}"] = joined([*edge, clip, *edge])
        made[f"same_intro_{letter}"] = joined([intro, scenes(30 + number, seconds=14)])
    return made
