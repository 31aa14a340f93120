"""
What people and apps do to a photo before they post it again, one function each.

Every function takes RGB pictures of Pillow and gives a new one; lengths are shares of the shorter
side unless said otherwise, and nothing is left to chance: what looks random comes from a seed.
"""

import math
from collections.abc import Sequence
from io import BytesIO
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

Colour = tuple[int, int, int]

BLACK, WHITE, GREY, RED, BLUE, CREAM = (
    (0, 0, 0),
    (255, 255, 255),
    (128, 128, 128),
    (190, 30, 40),
    (24, 60, 140),
    (244, 236, 216),
)

WORDS = "when you finally see it and nobody told you about this before the weekend starts again"

_BICUBIC = Image.Resampling.BICUBIC


class Screen(NamedTuple):
    """
    How an app shows a photo on a phone; lengths in pixels of a screen of 1080 by 2340.

    Attributes:
        is_dark: Light words on a dark page.
        top: Where the photo begins.
        margin: Left and right of the photo.
        radius: Of its round corners.
        most_height: Of the photo; a taller one is made smaller until it fits.
        page: Colour of the page; None for that of the theme.
        has_avatar: Whether a row with a face and a name stands above the photo.
        has_buttons: Whether a row of icons stands below it.
        lines: Lines of words below.
    """

    is_dark: bool = False
    top: int = 330
    margin: int = 0
    radius: int = 0
    most_height: int = 1500
    page: Colour | None = None
    has_avatar: bool = True
    has_buttons: bool = True
    lines: int = 4


def encode(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """
    Write a picture as a file.
    """
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def again(picture: Image.Image, quality: int) -> Image.Image:
    """
    Save as JPEG and open again.
    """
    return Image.open(BytesIO(encode(picture, quality=quality))).convert("RGB")


def resized(picture: Image.Image, factor: float) -> Image.Image:
    """
    Make smaller or larger.
    """
    size = [max(8, round(side * factor)) for side in picture.size]
    return picture.resize((size[0], size[1]), _BICUBIC)


def squeezed(picture: Image.Image, across: float) -> Image.Image:
    """
    Change the width alone.
    """
    return picture.resize((round(picture.width * across), picture.height), _BICUBIC)


def cropped(
    picture: Image.Image, *, left: float = 0, top: float = 0, right: float = 0, bottom: float = 0
) -> Image.Image:
    """
    Cut off shares of the width and the height.
    """
    width, height = picture.size
    return picture.crop(
        (
            round(width * left),
            round(height * top),
            round(width * (1 - right)),
            round(height * (1 - bottom)),
        )
    )


def turned(
    picture: Image.Image, degrees: float, *, fill: Colour | str = BLACK, grows: bool = False
) -> Image.Image:
    """
    Turn a little; the corners are filled with a colour, or with the picture, "blurred".
    """
    if fill != "blurred":
        return picture.rotate(degrees, _BICUBIC, expand=grows, fillcolor=fill)
    mask = Image.new("L", picture.size, 255).rotate(degrees, _BICUBIC, expand=grows)
    page = blurred_page(picture, mask.size)
    page.paste(picture.rotate(degrees, _BICUBIC, expand=grows), mask=mask)
    return page


def turned_inside(picture: Image.Image, degrees: float) -> Image.Image:
    """
    Turn a little and cut to the largest upright rectangle of the same shape without empty corners.
    """
    width, height = picture.size
    angle = math.radians(abs(degrees))
    long, short = max(width, height), min(width, height)
    scale = short / (long * math.sin(angle) + short * math.cos(angle))
    kept = picture.rotate(degrees, _BICUBIC)
    across, down = width * scale / 2, height * scale / 2
    return kept.crop(
        (
            round(width / 2 - across),
            round(height / 2 - down),
            round(width / 2 + across),
            round(height / 2 + down),
        )
    )


def page_of(fill: Colour | str, size: tuple[int, int], *, seed: int = 0) -> Image.Image:
    """
    Fill a page with a colour, with "noise", "noisy-dark" or a "gradient".
    """
    if not isinstance(fill, str):
        return Image.new("RGB", size, fill)
    rng = np.random.default_rng(seed)
    width, height = size
    if fill == "gradient":
        ends = rng.integers(20, 235, (2, 3))
        share = np.linspace(0, 1, height)[:, None, None]
        pixels = np.broadcast_to(ends[0] + share * (ends[1] - ends[0]), (height, width, 3))
    else:
        middle = 40 if fill == "noisy-dark" else 200
        pixels = middle + rng.normal(0, 7, (height, width, 1)) * np.ones(3)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def blurred_page(picture: Image.Image, size: tuple[int, int], *, dim: float = 0.8) -> Image.Image:
    """
    The picture itself, filling the page, blurred and darker, as stories have it behind a photo.
    """
    small = ImageOps.fit(picture, (max(8, size[0] // 8), max(8, size[1] // 8)), _BICUBIC)
    soft = small.filter(ImageFilter.GaussianBlur(max(small.size) / 25))
    return ImageEnhance.Brightness(soft.resize(size, _BICUBIC)).enhance(dim)


def bordered(
    picture: Image.Image,
    widths: float | tuple[float, float, float, float],
    *,
    fill: Colour | str = WHITE,
    seed: int = 0,
) -> Image.Image:
    """
    Put a border round; *widths* are left, top, right, bottom.
    """
    four = (widths,) * 4 if isinstance(widths, float) else widths
    left, top, right, bottom = (round(share * min(picture.size)) for share in four)
    size = (picture.width + left + right, picture.height + top + bottom)
    page = page_of(fill, size, seed=seed)
    page.paste(picture, (left, top))
    return page


def boxed(
    picture: Image.Image, *, shape: float, fill: Colour | str = BLACK, place: float = 0.5
) -> Image.Image:
    """
    Make the page of another shape (width over height) with two bars; *place* 0.5 is the middle.
    """
    width, height = picture.size
    if width / height > shape:
        size = (width, round(width / shape))
    else:
        size = (round(height * shape), height)
    page = blurred_page(picture, size) if fill == "blurred" else page_of(fill, size)
    at = round((size[0] - width) * place), round((size[1] - height) * place)
    page.paste(picture, at)
    return page


def captioned(
    picture: Image.Image, *, height: float, at: float, fill: Colour | None = BLACK
) -> Image.Image:
    """
    Write over the picture, on a bar of *height* (a share of the picture's) at *at*, or on none.
    """
    copy = picture.copy()
    draw = ImageDraw.Draw(copy)
    bar = height * copy.height
    top = (copy.height - bar) * at
    if fill is not None:
        draw.rectangle((0, top, copy.width, top + bar), fill=fill)
    _write(draw, (0, top, copy.width, top + bar), ink=_ink(fill), outlined=fill is None)
    return copy


def meme(
    picture: Image.Image,
    *,
    above: float,
    below: float = 0.0,
    fill: Colour = WHITE,
    margin: float = 0.0,
) -> Image.Image:
    """
    Put the picture between bars with words; the bars are shares of the picture's height.
    """
    side = round(margin * min(picture.size))
    top, bottom = round(above * picture.height) + side, round(below * picture.height) + side
    page = Image.new("RGB", (picture.width + 2 * side, picture.height + top + bottom), fill)
    page.paste(picture, (side, top))
    draw = ImageDraw.Draw(page)
    if above:
        _write(draw, (0, 0, page.width, top), ink=_ink(fill))
    if below:
        _write(draw, (0, top + picture.height, page.width, page.height), ink=_ink(fill))
    return page


def stickered(picture: Image.Image, *, count: int, size: float, seed: int) -> Image.Image:
    """
    Paste round stickers in flat colours on it.
    """
    copy = picture.copy()
    draw = ImageDraw.Draw(copy)
    rng = np.random.default_rng(seed)
    length = size * min(copy.size)
    for _ in range(count):
        left = rng.uniform(0, copy.width - length)
        top = rng.uniform(0, copy.height - length)
        box = (left, top, left + length, top + length)
        colour = tuple(int(value) for value in rng.integers(0, 256, 3))
        draw.ellipse(box, fill=colour, outline=WHITE, width=max(1, int(length / 20)))
    return copy


def with_face(picture: Image.Image, *, size: float, across: float, down: float) -> Image.Image:
    """
    Put a yellow face with eyes and a mouth on it.
    """
    copy = picture.copy()
    draw = ImageDraw.Draw(copy)
    length = size * min(copy.size)
    left, top = (copy.width - length) * across, (copy.height - length) * down
    draw.ellipse((left, top, left + length, top + length), fill=(255, 204, 40))
    for eye in (0.32, 0.68):
        middle = left + eye * length
        box = (middle - length / 14, top + 0.3 * length, middle + length / 14, top + 0.48 * length)
        draw.ellipse(box, fill=(80, 50, 20))
    mouth = (left + length * 0.25, top + length * 0.3, left + length * 0.75, top + length * 0.8)
    draw.arc(mouth, 20, 160, fill=(80, 50, 20), width=max(1, int(length / 16)))
    return copy


def watermarked(picture: Image.Image, *, text: str = "@somebody.example") -> Image.Image:
    """
    Write a name across it, half transparent.
    """
    layer = Image.new("RGBA", picture.size)
    font = ImageFont.load_default(max(10, min(picture.size) / 12))
    place = picture.width * 0.1, picture.height * 0.45
    ImageDraw.Draw(layer).text(place, text, font=font, fill=(255, 255, 255, 110))
    return Image.alpha_composite(picture.convert("RGBA"), layer).convert("RGB")


def noisy(picture: Image.Image, amount: float, *, seed: int) -> Image.Image:
    """
    Add grain; *amount* is its standard deviation in levels of 255.
    """
    grain = np.random.default_rng(seed).normal(0, amount, (picture.height, picture.width, 3))
    return Image.fromarray((np.asarray(picture) + grain).clip(0, 255).astype(np.uint8))


def gamma(picture: Image.Image, exponent: float) -> Image.Image:
    """
    Bend the tones.
    """
    return picture.point([round(255 * (level / 255) ** exponent) for level in range(256)] * 3)


def screenshot(picture: Image.Image, screen: Screen, *, width: int = 1080) -> Image.Image:
    """
    Photograph the screen of a phone on which an app shows the photo.
    """
    height = round(width * 2340 / 1080)
    unit = width / 1080
    page_colour = screen.page or ((16, 16, 18) if screen.is_dark else (255, 255, 255))
    page = Image.new("RGB", (width, height), page_colour)
    shown = _fitted(picture, width - 2 * screen.margin * unit, screen.most_height * unit)
    left, top = (width - shown.width) // 2, round(screen.top * unit)
    page.paste(shown, (left, top), _rounded(shown.size, screen.radius * unit))
    _draw_app(page, screen, unit=unit, top=top, bottom=top + shown.height)
    return page


def story(  # noqa: PLR0913 - a story has that many choices
    picture: Image.Image,
    *,
    background: Colour | str = "blurred",
    scale: float = 1.0,
    across: float = 0.5,
    down: float = 0.5,
    text: bool = False,
    width: int = 1080,
) -> Image.Image:
    """
    Put the photo on a page of 9 by 16; *scale* 1 fills its width.
    """
    size = (width, width * 16 // 9)
    page = blurred_page(picture, size) if background == "blurred" else page_of(background, size)
    shown = _fitted(picture, size[0] * scale, size[1] * scale)
    page.paste(
        shown, (round((size[0] - shown.width) * across), round((size[1] - shown.height) * down))
    )
    if text:
        box = (0.1 * size[0], 0.86 * size[1], 0.9 * size[0], 0.95 * size[1])
        _write(ImageDraw.Draw(page), box, ink=WHITE)
    return page


def collage(
    pictures: Sequence[Image.Image],
    *,
    columns: int,
    gap: float = 0.0,
    fill: Colour = WHITE,
    cell: tuple[int, int] | None = None,
) -> Image.Image:
    """
    Lay pictures out in a grid, each filling its cell whole: stretched, never cut.

    Args:
        gap: Between the cells, and none around, as a share of the cell's shorter side.
        cell: Width and height of one cell; None for those of the first picture.
    """
    width, height = cell or pictures[0].size
    space = round(gap * min(width, height))
    rows = math.ceil(len(pictures) / columns)
    size = (columns * (width + space) - space, rows * (height + space) - space)
    page = Image.new("RGB", size, fill)
    for number, picture in enumerate(pictures):
        row, column = divmod(number, columns)
        at = column * (width + space), row * (height + space)
        page.paste(picture.resize((width, height), _BICUBIC), at)
    return page


def _fitted(picture: Image.Image, width: float, height: float) -> Image.Image:
    factor = min(width / picture.width, height / picture.height)
    size = (max(8, round(picture.width * factor)), max(8, round(picture.height * factor)))
    return picture.resize(size, Image.Resampling.LANCZOS)


def _rounded(size: tuple[int, int], radius: float) -> Image.Image:
    mask = Image.new("L", size, 0)
    box = (0, 0, size[0] - 1, size[1] - 1)
    ImageDraw.Draw(mask).rounded_rectangle(box, radius, fill=255)
    return mask


def _draw_app(page: Image.Image, screen: Screen, *, unit: float, top: int, bottom: int) -> None:
    draw = ImageDraw.Draw(page)
    ink: Colour = (235, 235, 235) if screen.is_dark else (20, 20, 20)
    faint: Colour = (70, 70, 74) if screen.is_dark else (205, 205, 210)

    def words(at: tuple[float, float], text: str, size: float, colour: Colour = ink) -> None:
        font = ImageFont.load_default(max(6, size * unit))
        draw.text((at[0] * unit, at[1]), text, font=font, fill=colour)

    words((60, 30 * unit), "9:41", 40)
    draw.rounded_rectangle([v * unit for v in (950, 36, 1010, 66)], 8 * unit, fill=ink)
    for bar in range(4):
        left = 860 + bar * 16
        draw.rectangle([v * unit for v in (left, 62 - bar * 8, left + 10, 66)], fill=ink)
    if screen.top >= 280:
        words((420, 110 * unit), "Photos", 52)
        draw.line([v * unit for v in (0, 190, 1080, 190)], fill=faint, width=max(1, int(2 * unit)))
    if screen.has_avatar and screen.top >= 300:
        draw.ellipse(
            (30 * unit, top - 120 * unit, 130 * unit, top - 20 * unit), fill=(150, 110, 190)
        )
        words((160, top - 100 * unit), "somebody.else", 38)
        words((980, top - 110 * unit), "...", 50)
    if screen.has_buttons:
        for place in (40, 150, 260):
            box = (place * unit, bottom + 30 * unit, (place + 70) * unit, bottom + 100 * unit)
            draw.ellipse(box, outline=ink, width=max(1, int(6 * unit)))
        words((960, bottom + 36 * unit), "[ ]", 46)
    for line in range(screen.lines):
        text = WORDS[line * 13 : line * 13 + 46]
        words((40, bottom + (140 + 62 * line) * unit), text, 40, ink if line else faint)
    draw.line(
        [0, page.height - 170 * unit, page.width, page.height - 170 * unit], fill=faint, width=2
    )
    for place in (90, 310, 530, 750, 960):
        box = (place * unit, page.height - 130 * unit, (place + 64) * unit, page.height - 66 * unit)
        draw.rectangle(box, outline=ink, width=max(1, int(5 * unit)))


def _write(
    draw: ImageDraw.ImageDraw,
    box: tuple[float, float, float, float],
    *,
    ink: Colour,
    outlined: bool = False,
) -> None:
    """
    Write as many words as fit on two lines in a box.
    """
    left, top, right, bottom = box
    size = max(8.0, min((bottom - top) / 3, (right - left) / 16))
    font = ImageFont.load_default(size)
    stroke = max(1, int(size / 12)) if outlined else 0
    for number in range(2):
        text = WORDS[number * 24 : number * 24 + 24].strip()
        at = left + 0.06 * (right - left), top + (0.12 + 0.42 * number) * (bottom - top)
        draw.text(at, text, font=font, fill=ink, stroke_width=stroke, stroke_fill=BLACK)


def _ink(fill: Colour | None) -> Colour:
    return WHITE if fill is None or sum(fill) < 380 else BLACK
