"""
Edits of the same kinds as in `edits.py`, with everything about them drawn by lot from a seed.

Nothing was tuned on these: they tell whether `edits.py` was learned by heart.
"""

import edit_parts as parts
import numpy as np
from edit_parts import Colour, Screen
from edits import Edit
from PIL import Image, ImageOps

Picture = Image.Image

KINDS = ("borders", "letterbox", "pillars", "meme", "screenshots", "stories", "collages", "turned")


def random_edits(seed: int, *, of_each: int) -> list[Edit]:
    """
    Draw edits of each kind.
    """
    edits = []
    for kind in KINDS:
        for number in range(of_each):
            draw = _Draw(seed, kind, number)
            edits.append(Edit(f"random-{kind}-{number}", f"random {kind}", draw.make))
    return edits


class _Draw:
    """
    One edit; for the same photo it always comes out the same.
    """

    def __init__(self, seed: int, kind: str, number: int) -> None:
        self._seed = seed, KINDS.index(kind), number
        self._kind = kind

    def make(self, picture: Picture, others: list[Picture]) -> bytes:
        rng = np.random.default_rng([*self._seed, sum(picture.resize((8, 8)).tobytes())])
        if rng.random() < 0.2:
            picture = ImageOps.mirror(picture)
        made = getattr(self, f"_{self._kind}")(picture, others, rng)
        long = max(made.size)
        if long > 1000:
            made = parts.resized(made, rng.uniform(700, max(701, min(long, 1600))) / long)
        return parts.encode(made, quality=int(rng.integers(35, 96)))

    def _borders(self, picture: Picture, _: list[Picture], rng: np.random.Generator) -> Picture:
        fills: list[Colour | str] = [_colour(rng), _colour(rng), "gradient", "noise", "noisy-dark"]
        fill = fills[rng.integers(len(fills))]
        widths = rng.uniform(0.02, 0.3, 4) if rng.random() < 0.5 else [rng.uniform(0.02, 0.25)] * 4
        return parts.bordered(picture, tuple(widths), fill=fill, seed=int(rng.integers(1000)))

    def _letterbox(self, picture: Picture, _: list[Picture], rng: np.random.Generator) -> Picture:
        shape = picture.width / picture.height * rng.uniform(0.5, 0.85)
        return parts.boxed(picture, shape=shape, fill=_bar(rng), place=_place(rng))

    def _pillars(self, picture: Picture, _: list[Picture], rng: np.random.Generator) -> Picture:
        shape = picture.width / picture.height * rng.uniform(1.2, 2.2)
        return parts.boxed(picture, shape=shape, fill=_bar(rng), place=_place(rng))

    def _meme(self, picture: Picture, _: list[Picture], rng: np.random.Generator) -> Picture:
        above, below = rng.uniform(0.08, 0.45), float(rng.choice([0.0, rng.uniform(0.1, 0.3)]))
        margin = float(rng.choice([0, rng.uniform(0.01, 0.08)]))
        return parts.meme(picture, above=above, below=below, margin=margin, fill=_colour(rng))

    def _screenshots(self, picture: Picture, _: list[Picture], rng: np.random.Generator) -> Picture:
        margin = int(rng.choice([0, int(rng.integers(20, 200))]))
        screen = Screen(
            is_dark=bool(rng.random() < 0.5),
            top=int(rng.integers(250, 900)),
            margin=margin,
            radius=int(rng.integers(0, 50)) if margin else 0,
            most_height=1300,
            page=_colour(rng) if rng.random() < 0.3 else None,
            has_avatar=bool(rng.random() < 0.7),
            has_buttons=bool(rng.random() < 0.7),
            lines=int(rng.integers(0, 7)),
        )
        return parts.screenshot(picture, screen, width=int(rng.integers(720, 1440)))

    def _stories(self, picture: Picture, _: list[Picture], rng: np.random.Generator) -> Picture:
        backgrounds: list[Colour | str] = ["blurred", "gradient", _colour(rng)]
        return parts.story(
            picture,
            background=backgrounds[rng.integers(3)],
            scale=rng.uniform(0.65, 1),
            across=rng.random(),
            down=rng.uniform(0.2, 0.8),
            text=bool(rng.random() < 0.5),
        )

    def _collages(
        self, picture: Picture, others: list[Picture], rng: np.random.Generator
    ) -> Picture:
        count = int(rng.choice([2, 2, 4]))
        pictures = others[: count - 1]
        pictures.insert(int(rng.integers(count)), picture)
        gap = float(rng.choice([0, rng.uniform(0.01, 0.05)]))
        columns = 2 if count == 4 else int(rng.integers(1, 3))
        return parts.collage(pictures, columns=columns, gap=gap, fill=_colour(rng))

    def _turned(self, picture: Picture, _: list[Picture], rng: np.random.Generator) -> Picture:
        degrees = rng.uniform(1, 10) * rng.choice([-1, 1])
        fill = _colour(rng)
        return parts.turned(picture, degrees, fill=fill, grows=bool(rng.random() < 0.5))


def _colour(rng: np.random.Generator) -> Colour:
    if rng.random() < 0.5:
        return (0, 0, 0) if rng.random() < 0.5 else (255, 255, 255)
    red, green, blue = (int(value) for value in rng.integers(0, 256, 3))
    return red, green, blue


def _bar(rng: np.random.Generator) -> Colour | str:
    return "blurred" if rng.random() < 0.3 else _colour(rng)


def _place(rng: np.random.Generator) -> float:
    return float(rng.choice([0.5, rng.random()]))
