"""How charts look, and the interval that goes with a share; notebooks draw the rest.

Pictures are SVG made on this machine: they need no browser, no script and no network to be seen.
"""

from __future__ import annotations

import textwrap
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

# Okabe and Ito's colours, which people with any colour vision can tell apart (Wong 2011, "Points
# of view: Color blindness", Nature Methods 8). Each means one thing in all notebooks.
KNOWN: Final = "#0072B2"  # stated, exact, kept
BOUND: Final = "#D55E00"  # a bound, missing, removed
SECOND: Final = "#009E73"
COVERAGE: Final = "#A6A6A6"  # what was seen at all
PALETTE: Final = (KNOWN, BOUND, SECOND, "#E69F00", "#CC79A7", "#56B4E9", "#F0E442", "#000000")
CONTRAST: Final = (KNOWN, BOUND)
STEPS: Final = ("#9ECAE1", "#4292C6", "#08519C", "#041F4A")  # few to many; ColorBrewer's blues

# The first comes with the SVG maker; all of them have the same widths and every Vietnamese letter.
FONT: Final = "Liberation Sans, Arimo, Arial, Helvetica, sans-serif"
INK: Final = "#222222"
PALE_INK: Final = "#5A5A5A"
WIDTH: Final = 660
# Characters of a title and of a subtitle that fit into WIDTH.
_TITLE: Final = 86
_SUBTITLE: Final = 118
_NORMAL: Final = 1.959964  # 97.5th percentile of the normal distribution


def use() -> None:
    """Draw all charts of this session in the house style, as SVG; show texts in tables whole."""
    pd.options.display.max_colwidth = None
    alt.theme.register("baotinh", enable=True)(theme)
    alt.renderers.enable("svg")
    alt.data_transformers.disable_max_rows()


def theme() -> alt.theme.ThemeConfig:
    """The house style: sizes, fonts that know Vietnamese, colours anybody can tell apart."""
    return {
        "config": {
            "font": FONT,
            "background": "white",
            "view": {"stroke": None, "continuousWidth": WIDTH, "continuousHeight": 260},
            "range": {
                "category": list(PALETTE),
                "ordinal": {"scheme": "viridis"},
                "ramp": {"scheme": "viridis"},
                "heatmap": {"scheme": "viridis"},
            },
            "title": {
                "anchor": "start", "frame": "bounds", "fontSize": 16, "lineHeight": 20,
                "color": INK, "offset": 16, "subtitleFontSize": 12, "subtitleLineHeight": 16,
                "subtitleColor": PALE_INK, "subtitlePadding": 6,
            },
            "axis": {
                "labelFontSize": 11, "labelColor": INK, "labelLimit": 320, "titleFontSize": 11,
                "titleFontWeight": "normal", "titleColor": PALE_INK, "titlePadding": 8,
                "gridColor": "#E6E6E6", "domainColor": "#999999", "tickColor": "#999999",
            },
            "axisY": {  # read as text is, above the axis
                "titleAngle": 0, "titleAlign": "left", "titleX": 0, "titleY": -8,
            },
            "legend": {
                "orient": "top", "labelFontSize": 11, "labelColor": INK, "labelLimit": 320,
                "titleFontSize": 11, "titleFontWeight": "normal", "titleColor": PALE_INK,
                "symbolSize": 90, "offset": 22, "tickCount": 4,
            },
            "header": {
                "labelFontSize": 11, "labelColor": INK, "labelAnchor": "start", "labelLimit": 320,
                "titleFontSize": 11, "titleFontWeight": "normal", "titleColor": PALE_INK,
            },
            "scale": {"minSize": 40, "maxSize": 420},
            "text": {"fontSize": 11, "color": INK},
            "bar": {"color": KNOWN},
            "line": {"color": KNOWN, "strokeWidth": 2},
            "point": {"color": KNOWN, "filled": True, "size": 60},
            "rule": {"color": KNOWN},
        }
    }  # fmt: skip


def title(finding: str, explanation: str = "") -> alt.Title:
    """What a chart shows as its title, and how to read it below; both broken into lines that fit.

    >>> title("Most silence is no evidence").text
    ['Most silence is no evidence']
    """
    lines = textwrap.wrap(finding, _TITLE)
    more: dict[str, Any] = {}
    if explanation:
        more["subtitle"] = textwrap.wrap(explanation, _SUBTITLE)
    return alt.Title(lines, **more)


def heading(text: str) -> alt.Title:
    """The title of one of several charts in a picture."""
    return alt.Title(text, fontSize=12, frame="group", offset=8)


def money_axis() -> alt.Axis:
    """Powers of ten on an axis of đồng, in the units of Vietnamese prose."""
    label = (
        "datum.value >= 1e9 ? format(datum.value / 1e9, ',') + ' tỷ' : "
        "datum.value >= 1e6 ? format(datum.value / 1e6, ',') + ' triệu' : "
        "datum.value >= 1e3 ? format(datum.value / 1e3, ',') + ' nghìn' : datum.value"
    )
    return alt.Axis(values=[10.0**k for k in range(16)], labelExpr=label)


def wilson(part: ArrayLike, whole: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wilson's 95 % interval of part / whole, in percent; NaN where that is no share.

    It stays within 0 and 100 and has a width even for 12 of 12 (Wilson 1927, J. Am. Stat. Assoc.
    22, 209-212).

    >>> low, high = wilson([229, 12, 13], [321, 12, 12])
    >>> low.round(1).tolist(), high.round(1).tolist()
    ([66.2, 75.8, nan], [76.0, 100.0, nan])
    """
    k, n = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    n = np.where((n > 0) & (k >= 0) & (k <= n), n, np.nan)
    share, z2 = k / n, _NORMAL**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _NORMAL * np.sqrt(share * (1 - share) / n + z2 / (4 * n**2)) / (1 + z2 / n)
    return 100 * (centre - half), 100 * (centre + half)
