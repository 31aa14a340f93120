"""
Finding photos inside uploads.
"""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from tegenbeeld import pdq
from tegenbeeld.media.views import VIEWS, View, find_views
from tegenbeeld.media.views.planes import reduced
from tegenbeeld.media.views.samples import box_samples, to_pixels
from tegenbeeld.media.views.turns import find_turn

Plane = NDArray[np.uint8]


def photo(number: int = 1, *, height: int = 420, width: int = 630) -> Plane:
    """
    Something with large shapes, small ones and grain: the same number gives the same picture.
    """
    rng = np.random.default_rng(number)
    total = np.zeros((height, width))
    for cells, strength in ((5, 60), (13, 35), (60, 12)):
        noise = Image.fromarray(rng.normal(0, 1, (cells, cells)).astype(np.float32))
        total += strength * np.asarray(noise.resize((width, height), Image.Resampling.BICUBIC))
    total += 125 + rng.normal(0, 3, total.shape)
    return total.clip(0, 255).astype(np.uint8)


def nearest(views: list[View], wanted: Plane) -> tuple[int, str]:
    """
    The distance of the nearest view, in any orientation, and its name.
    """
    hash_ = pdq.hash_rgb(wanted).hash
    return min(
        (pdq.distance(hash_, one), view.name)
        for view in views
        for one in pdq.hash_orientations(view.pixels).hashes
    )


def on_page(plane: Plane, page: Plane, *, top: int, left: int) -> Plane:
    """
    The photo laid on a page.
    """
    page = page.copy()
    page[top : top + plane.shape[0], left : left + plane.shape[1]] = plane
    return page


@pytest.mark.parametrize("level", [0, 90, 255])
@pytest.mark.parametrize(
    ("height", "width", "top", "left"),
    [(500, 710, 40, 40), (900, 630, 200, 0), (420, 1200, 0, 31), (700, 900, 17, 222)],
)
def test_find_views_when_there_is_a_border_cuts_it_off(
    level: int, height: int, width: int, top: int, left: int
) -> None:
    """
    Borders, bars above and below, pillars, and a photo that lies off the middle.
    """
    page = np.full((height, width), level, np.uint8)
    distance, name = nearest(find_views(on_page(photo(), page, top=top, left=left)), photo())
    assert (distance <= 14, name) == (True, "cut")


def test_find_views_when_the_border_is_not_plain_cuts_it_off() -> None:
    """
    Grain, and one brightness running into another.
    """
    rng = np.random.default_rng(3)
    grain = rng.normal(200, 7, (600, 800)).clip(0, 255).astype(np.uint8)
    ramp = np.broadcast_to(np.linspace(20, 220, 600)[:, None], (600, 800)).astype(np.uint8)
    for page in (grain, ramp):
        assert nearest(find_views(on_page(photo(), page, top=70, left=90)), photo())[0] <= 20


def test_find_views_when_words_stand_above_cuts_them_off() -> None:
    """
    Words on a bar are no part of the photo.
    """
    page = Image.new("L", (630, 600), 255)
    ImageDraw.Draw(page).text((20, 20), "when nobody\ntold you", fill=0, font_size=60)
    upload = on_page(photo(), np.asarray(page), top=180, left=0)
    assert nearest(find_views(upload), photo())[0] <= 14


def test_find_views_when_corners_are_round_paints_them_over() -> None:
    """
    The page that shines through round corners does not spoil the hash.
    """
    mask = Image.new("L", (630, 420), 0)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, 629, 419), 50, fill=255)
    page = Image.new("L", (700, 1400), 255)
    page.paste(Image.fromarray(photo()), (35, 300), mask)
    views = find_views(np.asarray(page))
    spoilt = box_samples(np.asarray(page), (35, 300, 665, 720))
    assert nearest(views, photo())[0] <= 16
    assert nearest([View("cut", to_pixels(spoilt))], photo())[0] > 16


@pytest.mark.parametrize("gap", [0, 12])
def test_find_views_when_pictures_are_side_by_side_gives_each(gap: int) -> None:
    """
    Two and four in one upload, with and without a gap: each is a part.
    """
    four = [photo(number, height=300, width=400) for number in range(1, 5)]
    page = np.full((600 + gap, 800 + gap), 255, np.uint8)
    for number, one in enumerate(four):
        row, column = divmod(number, 2)
        page = on_page(one, page, top=row * (300 + gap), left=column * (400 + gap))
    for one in four:
        distance, name = nearest(find_views(page), one)
        assert (distance <= 20, name) == (True, "part")
    for one in four[:2]:
        assert nearest(find_views(page[:300]), one)[0] <= 20


@pytest.mark.parametrize("degrees", [-8, -1.5, 2, 5, 10])
@pytest.mark.parametrize("grows", [True, False])
@pytest.mark.parametrize("level", [0, 255])
def test_find_views_when_turned_turns_it_back(degrees: float, *, grows: bool, level: int) -> None:
    """
    The angle comes from the empty corners, whether the page grew or cut corners of the photo off.
    """
    turned = Image.fromarray(photo()).rotate(
        degrees, Image.Resampling.BICUBIC, expand=grows, fillcolor=level
    )
    distance, name = nearest(find_views(np.asarray(turned)), photo())
    # Where the page did not grow, parts of the photo are gone.
    assert distance <= (20 if grows else 31)
    assert name == "turned" or abs(degrees) < 3


def test_find_turn_gives_the_angle_and_the_sides() -> None:
    """
    To a tenth of a degree and a pixel and a half.
    """
    turned = Image.fromarray(photo()).rotate(-4, Image.Resampling.BICUBIC, expand=True, fillcolor=0)
    turn = find_turn(np.asarray(turned))
    assert turn is not None
    assert np.degrees(turn.angle) == pytest.approx(4, abs=0.1)
    assert turn.box == pytest.approx((-315, -210, 315, 210), abs=1.5)


def test_find_turn_when_nothing_is_turned() -> None:
    """
    A photo, a frame, and an empty page have no askew corners.
    """
    page = np.full((500, 700), 30, np.uint8)
    for plane in (photo(), page, on_page(photo(), page, top=40, left=35)):
        assert find_turn(plane) is None


def test_find_views_when_plain_stays_cheap() -> None:
    """
    Photos without anything round them have few views beside the whole.
    """
    counts = [len(find_views(photo(number, height=600, width=900))) for number in range(1, 9)]
    assert np.mean(counts) <= 4


def test_find_views_when_tiny_flat_or_thin() -> None:
    """
    Whatever is decodable has views, the whole first and only known names.
    """
    for height, width in ((5, 5), (5, 3000), (31, 40), (64, 64), (2000, 33)):
        for plane in (photo(height=height, width=width), np.zeros((height, width), np.uint8)):
            views = find_views(plane)
            assert views[0].pixels is plane
            assert {view.name for view in views} <= set(VIEWS)


def test_box_samples_when_pdq_takes_them_gives_nearly_its_hash() -> None:
    """
    Also of a picture with few pixels, where PDQ itself would be far off.
    """
    large = photo(height=1280, width=1280)
    hash_ = pdq.hash_rgb(large).hash
    for factor in (1, 4, 8):
        plane = reduced(large, factor)
        samples = to_pixels(box_samples(plane, (0, 0, plane.shape[1], plane.shape[0])))
        assert pdq.distance(hash_, pdq.hash_rgb(samples).hash) <= 8


def test_reduced_averages_blocks() -> None:
    """
    Rounded to the nearest level, and what is left over is dropped; 16 by 16 whites stay white.
    """
    plane = np.array([[1, 2, 9], [3, 4, 9]], np.uint8)
    assert reduced(plane, 2).tolist() == [[3]]
    assert reduced(np.full((16, 32), 255, np.uint8), 16).tolist() == [[255, 255]]
