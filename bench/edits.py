"""
The list of named edits that `recall.py` measures, always the same.

`random_edits.py` has others of the same kinds; nothing was tuned on those.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Required, TypedDict, Unpack

import edit_parts as parts
from edit_parts import BLACK, BLUE, CREAM, GREY, RED, WHITE, Colour, Screen
from PIL import Image, ImageEnhance, ImageFilter, ImageOps

Picture = Image.Image
Change = Callable[[Picture], Picture]
WithOthers = Callable[[Picture, list[Picture]], Picture]

KEPT = "frame kept"


@dataclass(frozen=True, slots=True)
class Edit:
    """
    One edit.

    Attributes:
        name: Says what was done.
        group: The kind; recall is reported for each.
        make: From the photo and three others to the bytes of a file.
    """

    name: str
    group: str
    make: Callable[[Picture, list[Picture]], bytes]


class Grid(TypedDict, total=False):
    """
    How a collage is laid out, as `edit_parts.collage` takes it.
    """

    columns: Required[int]
    gap: float
    fill: Colour


def saved(
    change: Change | None = None, *, kind: str = "JPEG", **options: object
) -> Callable[[Picture, list[Picture]], bytes]:
    """
    An edit of the photo alone, saved; as JPEG of quality 90 unless said otherwise.
    """
    if kind == "JPEG":
        options = {"quality": 90} | options

    def make(picture: Picture, _: list[Picture]) -> bytes:
        return parts.encode(change(picture) if change else picture, kind, **options)

    return make


def together(change: WithOthers) -> Callable[[Picture, list[Picture]], bytes]:
    """
    An edit that needs other photos.
    """
    return lambda picture, others: parts.encode(change(picture, others), quality=90)


def chain(*steps: Change) -> Change:
    """
    One after the other.
    """

    def change(picture: Picture) -> Picture:
        for step in steps:
            picture = step(picture)
        return picture

    return change


def all_edits() -> list[Edit]:
    """
    Every named edit, in the order of the table.
    """
    groups = (_kept, _turned, _crops, _bordered, _over, _framed, _collages, _chains)
    return [edit for group in groups for edit in group()]


def _kept() -> Iterator[Edit]:
    for quality in (95, 70, 50, 30, 20, 10):
        yield Edit(f"jpeg{quality}", KEPT, saved(quality=quality))
    for percent in (20, 35, 50, 75, 150, 200):
        yield Edit(f"resize{percent}", KEPT, saved(partial(parts.resized, factor=percent / 100)))
    for percent in (5, 10):
        smaller = saved(partial(parts.resized, factor=percent / 100))
        yield Edit(f"resize{percent}", "tiny", smaller)
    yield Edit("png", KEPT, saved(kind="PNG", compress_level=1))
    yield Edit("webp40", KEPT, saved(kind="WEBP", quality=40, method=0))
    yield Edit("avif50", KEPT, saved(kind="AVIF", quality=50, speed=10))
    yield Edit("gif", KEPT, saved(kind="GIF"))
    yield Edit("grey", KEPT, saved(lambda picture: picture.convert("L")))
    for percent in (80, 120):
        brighter = partial(_enhanced, ImageEnhance.Brightness, percent / 100)
        yield Edit(f"brightness{percent}", KEPT, saved(brighter))
    yield Edit("mirror", KEPT, saved(ImageOps.mirror))
    yield Edit("flip", KEPT, saved(ImageOps.flip))
    for degrees in (90, 180, 270):
        around = partial(Image.Image.rotate, angle=degrees, expand=True)
        yield Edit(f"rotate{degrees}", KEPT, saved(around))
    for percent in (70, 140):
        yield Edit(
            f"contrast{percent}",
            "tones",
            saved(partial(_enhanced, ImageEnhance.Contrast, percent / 100)),
        )
    for percent in (30, 200):
        yield Edit(
            f"saturation{percent}",
            "tones",
            saved(partial(_enhanced, ImageEnhance.Color, percent / 100)),
        )
    for percent in (60, 160):
        bent = partial(parts.gamma, exponent=percent / 100)
        yield Edit(f"gamma{percent}", "tones", saved(bent))
    yield Edit("posterise3", "tones", saved(lambda picture: ImageOps.posterize(picture, 3)))
    yield Edit("equalise", "tones", saved(ImageOps.equalize))
    for radius in (2, 6):
        soft = ImageFilter.GaussianBlur(radius)
        yield Edit(f"blur{radius}", "tones", saved(partial(Image.Image.filter, filter=soft)))
    sharp = ImageFilter.UnsharpMask(3, 200)
    yield Edit("sharpen", "tones", saved(partial(Image.Image.filter, filter=sharp)))
    yield Edit("noise", "tones", saved(partial(parts.noisy, amount=20, seed=1)))
    yield Edit("squeeze80", "tones", saved(partial(parts.squeezed, across=0.8)))


def _enhanced(
    kind: Callable[[Picture], ImageEnhance._Enhance], factor: float, picture: Picture
) -> Picture:
    return kind(picture).enhance(factor)


def _turned() -> Iterator[Edit]:
    for degrees, fill, grows in (
        (1, BLACK, False),
        (2, WHITE, False),
        (-3, BLACK, True),
        (4, GREY, False),
        (-5, WHITE, True),
        (7, BLACK, False),
        (-8, "blurred", False),
        (10, BLACK, True),
    ):
        kind = fill if isinstance(fill, str) else {BLACK: "black", WHITE: "white"}.get(fill, "grey")
        name = f"turn{degrees}-{kind}{'-grown' if grows else ''}"
        change = partial(parts.turned, degrees=degrees, fill=fill, grows=grows)
        yield Edit(name, "turned, corners filled", saved(change))
    for degrees in (1, -2, 3, -6):
        inside = partial(parts.turned_inside, degrees=degrees)
        yield Edit(f"turn{degrees}-inside", "turned, cropped inside", saved(inside))


def _crops() -> Iterator[Edit]:
    for percent in (2, 5, 10, 20):
        off = percent / 100
        all_sides = partial(parts.cropped, left=off, top=off, right=off, bottom=off)
        yield Edit(f"crop{percent}", "crops", saved(all_sides))
    for name, one in (
        ("left20", partial(parts.cropped, left=0.2)),
        ("top10", partial(parts.cropped, top=0.1)),
        ("right40", partial(parts.cropped, right=0.4)),
        ("bottom30", partial(parts.cropped, bottom=0.3)),
    ):
        yield Edit(f"crop-{name}", "crops", saved(one))
    corner = partial(parts.cropped, left=0.25, top=0.25)
    yield Edit("crop-corner25", "crops", saved(corner))
    yield Edit("crop-corner5", "crops", saved(partial(parts.cropped, right=0.05, bottom=0.05)))


def _bordered() -> Iterator[Edit]:
    for name, width, fill in (
        ("2-white", 0.02, WHITE),
        ("5-white", 0.05, WHITE),
        ("5-black", 0.05, BLACK),
        ("10-red", 0.10, RED),
        ("15-black", 0.15, BLACK),
        ("25-cream", 0.25, CREAM),
        ("8-gradient", 0.08, "gradient"),
        ("12-noise", 0.12, "noise"),
    ):
        yield Edit(
            f"border{name}", "borders", saved(partial(parts.bordered, widths=width, fill=fill))
        )
    polaroid = partial(parts.bordered, widths=(0.06, 0.06, 0.06, 0.3), fill=WHITE)
    yield Edit("border-polaroid", "borders", saved(polaroid))
    double = chain(
        partial(parts.bordered, widths=0.03, fill=WHITE),
        partial(parts.bordered, widths=0.06, fill=BLACK),
    )
    yield Edit("border-double", "borders", saved(double))
    for name, shape, fill, place in (
        ("letterbox-square", 1.0, BLACK, 0.5),
        ("letterbox-white", 1.2, WHITE, 0.5),
        ("letterbox-low", 0.9, BLACK, 0.8),
        ("letterbox-blurred", 0.8, "blurred", 0.5),
    ):
        yield Edit(
            name, "letterbox", saved(partial(parts.boxed, shape=shape, fill=fill, place=place))
        )
    for name, shape, fill, place in (
        ("pillars-black", 2.4, BLACK, 0.5),
        ("pillars-white", 2.8, WHITE, 0.5),
        ("pillars-left", 2.5, BLUE, 0.1),
        ("pillars-blurred", 2.6, "blurred", 0.5),
    ):
        yield Edit(
            name, "pillars", saved(partial(parts.boxed, shape=shape, fill=fill, place=place))
        )


def _over() -> Iterator[Edit]:
    yield Edit("words", "over it", saved(partial(parts.captioned, height=0.2, at=0.9, fill=None)))
    yield Edit("caption8", "over it", saved(partial(parts.captioned, height=0.08, at=0.7)))
    yield Edit("caption12", "over it", saved(partial(parts.captioned, height=0.12, at=1.0)))
    white = partial(parts.captioned, height=0.25, at=0.0, fill=WHITE)
    yield Edit("caption25", "over it", saved(white))
    yield Edit("stickers4", "over it", saved(partial(parts.stickered, count=4, size=0.2, seed=3)))
    yield Edit(
        "sticker-large", "over it", saved(partial(parts.stickered, count=1, size=0.5, seed=4))
    )
    yield Edit("emoji", "over it", saved(partial(parts.with_face, size=0.3, across=0.6, down=0.4)))
    yield Edit(
        "emoji-small", "over it", saved(partial(parts.with_face, size=0.12, across=0.3, down=0.8))
    )
    yield Edit("watermark", "over it", saved(parts.watermarked))


def _framed() -> Iterator[Edit]:
    yield Edit("meme-above", "meme", saved(partial(parts.meme, above=0.25)))
    yield Edit("meme-both", "meme", saved(partial(parts.meme, above=0.2, below=0.15)))
    yield Edit("meme-dark", "meme", saved(partial(parts.meme, above=0.0, below=0.35, fill=BLACK)))
    yield Edit("meme-margin", "meme", saved(partial(parts.meme, above=0.3, margin=0.05)))
    for name, screen in (
        ("light", Screen()),
        ("dark", Screen(is_dark=True)),
        ("card", Screen(margin=40, radius=36, top=420)),
        ("card-dark", Screen(is_dark=True, margin=60, radius=24, top=500, lines=6)),
        ("chat", Screen(margin=150, radius=40, top=700, page=(225, 218, 205), has_avatar=False)),
        ("viewer", Screen(is_dark=True, top=800, page=BLACK, has_avatar=False, lines=0)),
    ):
        yield Edit(f"screen-{name}", "screenshots", saved(partial(parts.screenshot, screen=screen)))
    yield Edit("story-blurred", "stories", saved(parts.story))
    yield Edit(
        "story-shifted",
        "stories",
        saved(partial(parts.story, scale=0.8, across=0.7, down=0.3, text=True)),
    )
    yield Edit(
        "story-gradient", "stories", saved(partial(parts.story, background="gradient", scale=0.9))
    )
    yield Edit(
        "story-black", "stories", saved(partial(parts.story, background=BLACK, down=0.4, text=True))
    )


def _collages() -> Iterator[Edit]:
    def two(picture: Picture, others: list[Picture], **options: Unpack[Grid]) -> Picture:
        return parts.collage([picture, others[0]], **options)

    def second(picture: Picture, others: list[Picture], **options: Unpack[Grid]) -> Picture:
        return parts.collage([others[0], picture], **options)

    def four(picture: Picture, others: list[Picture], place: int, gap: float = 0.0) -> Picture:
        pictures = others[:3]
        pictures.insert(place, picture)
        small = [parts.resized(one, 0.5) for one in pictures]
        return parts.collage(small, columns=2, gap=gap)

    for name, change in (
        ("beside", partial(two, columns=2)),
        ("beside-gap", partial(second, columns=2, gap=0.02)),
        ("stacked", partial(second, columns=1)),
        ("stacked-gap", partial(two, columns=1, gap=0.03, fill=BLACK)),
        ("four", partial(four, place=1)),
        ("four-gap", partial(four, place=2, gap=0.03)),
    ):
        yield Edit(f"collage-{name}", "collages", together(change))


def _chains() -> Iterator[Edit]:
    small = partial(parts.resized, factor=0.4)
    poor = partial(parts.again, quality=30)
    for name, change in (
        ("border+small+jpeg30", chain(partial(parts.bordered, widths=0.07), small, poor)),
        ("mirror+letterbox+jpeg30", chain(ImageOps.mirror, partial(parts.boxed, shape=1.0), poor)),
        ("screen+small+jpeg30", chain(partial(parts.screenshot, screen=Screen()), small, poor)),
        ("grey+meme+small", chain(ImageOps.grayscale, _rgb, partial(parts.meme, above=0.2), small)),
        ("mirror+story+jpeg30", chain(ImageOps.mirror, parts.story, poor)),
        ("turn5+small+jpeg30", chain(partial(parts.turned, degrees=5), small, poor)),
        (
            "quarter+border+jpeg30",
            chain(_quarter, partial(parts.bordered, widths=0.1, fill=BLACK), poor),
        ),
        ("mirror+crop8+jpeg30", chain(ImageOps.mirror, _crop8, poor)),
        ("turn3+crop5+gamma", chain(partial(parts.turned_inside, degrees=3), _crop8, _bend)),
    ):
        yield Edit(name, "chains", saved(change))


_rgb = partial(Image.Image.convert, mode="RGB")
_quarter = partial(Image.Image.rotate, angle=90, expand=True)
_crop8 = partial(parts.cropped, left=0.08, top=0.08, right=0.08, bottom=0.08)
_bend = partial(parts.gamma, exponent=0.7)
