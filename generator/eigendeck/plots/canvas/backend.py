"""A backend of Matplotlib whose drawing is the page's: for artists where a page's own marks do not serve.

A kind writes `with figure_on(page) as figure`; and `savefig` takes `backend="module://eigendeck.plots.canvas.backend"`.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib
import numpy as np
from matplotlib.backend_bases import FigureCanvasBase, GraphicsContextBase, RendererBase
from matplotlib.cbook import open_file_cm
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.path import Path
from matplotlib.transforms import BboxTransformTo, Transform

from eigendeck.plots.canvas import svg
from eigendeck.plots.canvas.letters import CAPITAL, DESCENT, TEXT_SIZE, text_width
from eigendeck.plots.canvas.page import Page
from eigendeck.plots.canvas.paths import segments

_SETTINGS: dict[Any, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": TEXT_SIZE,
    "text.parse_math": False,  # labels come from strangers
}


@contextmanager
def figure_on(page: Page) -> Iterator[Figure]:
    """Lends a figure of the page's size whose pixels are points, and draws on the page what was put on it.

    Inside are Matplotlib's own defaults, whatever the user's may be, and the plots' settings.
    """
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        figure = Figure(figsize=(page.width / 72, page.height / 72), dpi=72, frameon=False)
        FigureCanvas(figure)
        yield figure
        figure.draw(Renderer(page))


class Renderer(RendererBase):
    """Draws on a page. It has no images, and of hatches those of lines."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.page = page

    def flipy(self) -> bool:
        """Returns whether y counts downwards."""
        return False

    def get_canvas_width_height(self) -> tuple[float, float]:
        """Returns the page's size."""
        return self.page.width, self.page.height

    def draw_path(self, gc: GraphicsContextBase, path: Path, transform: Transform, rgbFace: Any = None) -> None:
        """Fills, hatches and outlines a path."""
        data, clip = _data(path, transform), self._clip(gc)
        looks = []
        if rgbFace is not None:
            alpha = gc.get_alpha() if gc.get_forced_alpha() else (*rgbFace, 1.0)[3]
            looks.append(svg.ground(to_hex(rgbFace[:3]), alpha))
        if gc.get_hatch():
            name = self.page.define(svg.hatching(gc.get_hatch(), to_hex(gc.get_hatch_color())))
            looks.append(f'fill="url(#{name})"')
        if gc.get_linewidth():
            dash: Any = gc.get_dashes()[1] or ()
            edge = svg.stroke(to_hex(gc.get_rgb()), gc.get_linewidth(), dash, gc.get_capstyle(), gc.get_rgb()[3])
            looks.append(f'{edge} stroke-linejoin="{gc.get_joinstyle()}"')
        for look in looks:
            self.page.marks.append(svg.Mark(2, "path", look + clip, data, alone=True))

    def _clip(self, gc: GraphicsContextBase) -> str:
        """Returns the attribute that cuts a mark off, if anything does; the id says how: equal ids are equal things."""
        path: Any
        path, transform = gc.get_clip_path()
        box = gc.get_clip_rectangle()
        if path is None and box is not None:
            path, transform = Path.unit_rectangle(), BboxTransformTo(box)
        if path is None or transform is None:
            return ""
        data = _data(path, transform)
        name = f"c{zlib.crc32(data.encode()):08x}"
        self.page.define((name, f'<clipPath id="{name}"><path d="{data}"/></clipPath>'))
        return f' clip-path="url(#{name})"'

    def draw_text(
        self, gc: Any, x: float, y: float, s: str, prop: Any, angle: float, ismath: Any = False, mtext: Any = None
    ) -> None:
        """Writes an upright line with the page's letters, and draws the outlines of any other."""
        if ismath or angle:
            super().draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        size = prop.get_size_in_points()
        self.page.text((x, y - size * DESCENT), s, to_hex(gc.get_rgb()), (-1, -1), size=size)

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> tuple[float, float, float]:
        """Returns the size of a text as the page writes it."""
        if ismath:
            return super().get_text_width_height_descent(s, prop, ismath)
        size = prop.get_size_in_points()
        return text_width(s, size), (CAPITAL + DESCENT) * size, DESCENT * size


class FigureCanvas(FigureCanvasBase):
    """What Matplotlib looks for in a backend: it saves figures as the plots are written."""

    filetypes = {"svg": "Scalable Vector Graphics"}  # noqa: RUF012  as the class above has it

    def print_svg(self, filename: Any, **_: Any) -> None:
        """Writes the figure to a path or an open text file."""
        self.figure.dpi = 72
        page = Page()
        page.resize(*(72 * self.figure.get_size_inches()))
        self.figure.draw(Renderer(page))
        with open_file_cm(filename, "w", encoding="utf-8") as file:
            file.write(page.document())


def _data(path: Path, transform: Transform) -> str:
    whole = path.cleaned(transform, remove_nans=True, curves=True)
    vertices, codes = np.asarray(whole.vertices).tolist(), np.asarray(whole.codes).tolist()
    return svg.path_data(segments(vertices[:-1], codes[:-1]))  # the last says only that it is the last
