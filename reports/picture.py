"""The picture of a camera, drawn: the floor that it sees from above, people as blobs, its clock.

Pictures are plans, not perspectives, and there are no faces in them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from math import cos, radians, sin

from PIL import Image, ImageDraw, ImageFont

from controller.interface.fieldofview import FieldOfView
from reports.film import Body

WIDTH, HEIGHT = 640, 360
_EDGE, _BAND = 14, 26
GROUND, FLOOR, WALL, DOOR = (24, 28, 32), (92, 98, 104), (188, 194, 200), (120, 190, 140)
PERSON, LYING, TEXT = (255, 214, 64), (255, 96, 48), (240, 240, 240)
_BLOCKED, _NO_SIGNAL = (10, 9, 8), (0, 24, 96)
_BODY_M, _LENGTH_M = 0.24, 0.8
_LEAST_PX, _EDGED_PX = 2.0, 4.0
_OPAQUE_PER_M = 3.0
"""Smoke of this extinction hides a floor wholly: a person a metre away (K V = 3, Jin)."""
_DIM = 0.3

Xy = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ground:
    """What does not move: outlines of the spaces in view, their portals, the field of view."""

    outlines: Mapping[str, Sequence[Xy]]
    doors: Sequence[Xy]
    field: FieldOfView


@dataclass(frozen=True, slots=True)
class Moment:
    """What is to be seen at one time, and in which state the camera is.

    `state` is "", "lens-blocked" or "off"; `smoke` extinction by space, 1/m; `label` is burnt in.
    """

    bodies: Sequence[Body]
    smoke: Mapping[str, float]
    dark: bool
    state: str
    label: str


class Easel:
    """Draws the pictures of one camera; what does not move is drawn once."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        points = [at for outline in ground.outlines.values() for at in outline]
        points = [at for at in points if ground.field.holds(*at)] + _arc(ground.field, points)
        xs, ys = [x for x, _ in points] or [0.0, 1.0], [y for _, y in points] or [0.0, 1.0]
        width, height = max(xs) - min(xs) or 1.0, max(ys) - min(ys) or 1.0
        room = (WIDTH - 2 * _EDGE, HEIGHT - 2 * _EDGE - _BAND)
        self._scale = min(room[0] / width, room[1] / height)
        self._left = (WIDTH - width * self._scale) / 2 - min(xs) * self._scale
        self._foot = _BAND + _EDGE + room[1] / 2 + (max(ys) + min(ys)) / 2 * self._scale
        self._floor = self._draw_floor()

    def visible(self, bodies: Iterable[Body]) -> list[Body]:
        """Those of some bodies who are in view."""
        field, spaces = self._ground.field, self._ground.outlines
        return [one for one in bodies if one.space in spaces and field.holds(one.x, one.y)]

    def draw(self, moment: Moment) -> Image.Image:
        """The picture at one time, 640 x 360."""
        if moment.state == "off":
            image = Image.new("RGB", (WIDTH, HEIGHT), _NO_SIGNAL)
            _write(image, "NO SIGNAL", (WIDTH // 2 - 50, HEIGHT // 2 - 8))
        elif moment.state == "lens-blocked":
            image = Image.new("RGB", (WIDTH, HEIGHT), _BLOCKED)
        else:
            image = self._show(moment)
        _write(image, moment.label, (8, 6))
        return image

    def _show(self, moment: Moment) -> Image.Image:
        image = self._floor.copy()
        pen = ImageDraw.Draw(image)
        for body in self.visible(moment.bodies):
            self._blob(pen, body)
        for space, extinction in moment.smoke.items():
            image = self._haze(image, space, extinction)
        return (
            image.point([round(level * _DIM) for level in range(256)] * 3) if moment.dark else image
        )

    def _blob(self, pen: ImageDraw.ImageDraw, body: Body) -> None:
        x, y = self._at((body.x, body.y))
        high = max(_LEAST_PX, _BODY_M * self._scale)
        wide = max(2 * _LEAST_PX, _LENGTH_M * self._scale) if body.fallen else high
        colour = LYING if body.fallen else PERSON
        edge = GROUND if high > _EDGED_PX else None  # people who touch are still two
        pen.ellipse((x - wide, y - high, x + wide, y + high), fill=colour, outline=edge)

    def _haze(self, image: Image.Image, space: str, extinction: float) -> Image.Image:
        outline = self._ground.outlines.get(space)
        if not outline or extinction <= 0.0:
            return image
        veil = Image.new("L", image.size, 0)
        shade = round(245 * min(1.0, extinction / _OPAQUE_PER_M))
        ImageDraw.Draw(veil).polygon([self._at(at) for at in outline], fill=shade)
        return Image.composite(Image.new("RGB", image.size, (70, 70, 72)), image, veil)

    def _draw_floor(self) -> Image.Image:
        image = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
        pen = ImageDraw.Draw(image)
        for outline in self._ground.outlines.values():
            pen.polygon([self._at(at) for at in outline], fill=FLOOR, outline=WALL, width=2)
        for at in self._ground.doors:
            x, y = self._at(at)
            pen.rectangle((x - 3, y - 3, x + 3, y + 3), outline=DOOR)
        edge = _arc(self._ground.field, [])
        if edge:
            pen.line([self._at(at) for at in edge], fill=DOOR)
        pen.rectangle((0, 0, WIDTH, _BAND), fill=GROUND)
        return image

    def _at(self, place: Xy) -> Xy:
        return self._left + place[0] * self._scale, self._foot - place[1] * self._scale


def jpeg(image: Image.Image) -> bytes:
    """A picture as a JPEG."""
    store = BytesIO()
    image.save(store, "JPEG", quality=80)
    return store.getvalue()


def gif(images: Sequence[Image.Image], step_ms: int) -> bytes:
    """Pictures as an animated GIF that shows each for `step_ms`."""
    store = BytesIO()
    first, *rest = [image.quantize(32) for image in images]
    first.save(store, "GIF", save_all=True, append_images=rest, duration=step_ms, loop=0)
    return store.getvalue()


def _arc(field: FieldOfView, within: Sequence[Xy]) -> list[Xy]:
    """The edge of a field of view: a polygon's corners, or a sector's centre, its arc and back;
    empty if it is the whole plan.

    With points `within`, its reach is cut to the farthest of them.
    """
    if field.corners:
        return [*field.corners.at, field.corners.at[0]]
    if field.at is None or (field.angle >= 360.0 and field.range_m >= 1000.0):
        return []
    reach = min(field.range_m, max((field.away_m(*at) for at in within), default=field.range_m))
    steps = range(17)
    turns = [radians(field.direction + field.angle * (k / 16 - 0.5)) for k in steps]
    arc = [(field.at[0] + reach * cos(a), field.at[1] + reach * sin(a)) for a in turns]
    return arc if field.angle >= 360.0 else [field.at, *arc, field.at]


def _write(image: Image.Image, text: str, at: tuple[int, int]) -> None:
    ImageDraw.Draw(image).text(at, text, fill=TEXT, font=_font())


@cache
def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(14)
