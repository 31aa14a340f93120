"""
From a plane to its views: the whole, what is left without frames, and what was turned back.
"""

from typing import NamedTuple

from tegenbeeld.media.views.choosing import Found, choose_boxes
from tegenbeeld.media.views.corners import without_round_corners
from tegenbeeld.media.views.fitting import fit, tighten
from tegenbeeld.media.views.lines import find_lines
from tegenbeeld.media.views.planes import Plane, reduced
from tegenbeeld.media.views.samples import box_samples, to_pixels, turned_samples
from tegenbeeld.media.views.turns import find_turn

VIEWS = ("whole", "cut", "part", "turned")
"""
What a view is: the upload as it is; what is left when bars, frames or an app around it are cut
off; one of several pictures side by side; the upload turned back by a few degrees.
"""

WORKING_SIDE = 640
"""
Cuts are looked for on a copy whose longer side is at most this, in pixels, and placed on the plane
itself.
"""

FINE_SIDE = 512
"""
Below this shorter side, in pixels, PDQ's own blur is coarse enough to change the hash.

Source: measured; docs/explanation/copies.md.
"""

_LEAST_SIDE = 32


class View(NamedTuple):
    """
    A picture that was found in an upload.

    Attributes:
        name: One of `VIEWS`.
        pixels: uint8[height, width]; for all but the first, 64 by 64 samples, which is what PDQ
            itself reduces a picture to: it takes them as they are.
    """

    name: str
    pixels: Plane


def find_views(plane: Plane) -> list[View]:
    """
    Find everything in an upload that may be a copy of a photo.

    Args:
        plane: uint8[height, width], both sides at least 5. Not changed.

    Returns:
        The whole first; then at most 14 more, the likeliest first. An upload without frames mostly
        has one to three more: strong lines in the scene, taken for edges.
    """
    height, width = plane.shape
    views = [View("whole", plane)]
    if min(height, width) < FINE_SIDE:
        views.append(View("whole", to_pixels(box_samples(plane, (0, 0, width, height)))))
    if min(height, width) < _LEAST_SIDE:
        return views
    factor = -(-max(height, width) // WORKING_SIDE)
    small = reduced(plane, factor)
    if min(small.shape) < _LEAST_SIDE:
        return views
    turn = find_turn(small)
    if turn is not None:
        views.append(View("turned", to_pixels(turned_samples(small, turn))))
    return views + _cut(plane, small, factor)


def _cut(plane: Plane, small: Plane, factor: int) -> list[View]:
    lines = find_lines(small)
    found = tighten(lines, choose_boxes(lines))
    views = []
    for one in found:
        box = fit(plane, one.box, factor)
        samples = without_round_corners(box_samples(plane, box), plane, box)
        views.append(View(_name(one, found), to_pixels(samples)))
    return views


def _name(one: Found, found: list[Found]) -> str:
    beside = (other for other in found if other.is_sure and one.is_beside(other))
    return "part" if one.is_sure and any(beside) else "cut"
