"""The colours of charts and pages, each with its twin for dark pages.

Charts are drawn with the light ones. A page knows each colour by its name (``var(--inbound)``), and
gives the name its dark twin where the reader's screen is dark. So no two names share a light value.
Blue and orange carry the meaning, which the common kinds of colour blindness leave apart.
"""

LIGHT: dict[str, str] = {
    "surface": "#ffffff",
    "ink": "#1c2430",
    "muted": "#586372",
    "grid": "#e4e8ed",
    "inbound": "#2a67a9",
    "responses": "#1b8a70",
    "pending": "#c55f1a",
    "soft": "#9fb8d6",
    "negative": "#c2482e",
    "neutral": "#b0b8c2",
    "positive": "#2b6cb1",
    "unknown": "#e2e6eb",
    "demand-0": "#f1f4f8",
    "demand-1": "#d5e4f3",
    "demand-2": "#a9c9e8",
    "demand-3": "#76a8d8",
    "demand-4": "#4484c0",
    "demand-5": "#205c99",
    "cover-0": "#f1f6f4",
    "cover-1": "#cfe9e0",
    "cover-2": "#9dd2c0",
    "cover-3": "#65b59c",
    "cover-4": "#2f9379",
    "cover-5": "#0f6a53",
    "series-0": "#2a67aa",
    "series-1": "#c55f1b",
    "series-2": "#1b8a71",
    "series-3": "#8a4fa3",
    "series-4": "#6b7280",
    "series-5": "#a8811b",
}
"""Names and values on a light page."""

DARK: dict[str, str] = {
    "surface": "#171c23",
    "ink": "#e7ebf0",
    "muted": "#a5b0bd",
    "grid": "#313a45",
    "inbound": "#6fade9",
    "responses": "#4fc2a2",
    "pending": "#f09a5c",
    "soft": "#4d6c8f",
    "negative": "#ec8069",
    "neutral": "#74808d",
    "positive": "#64a4e4",
    "unknown": "#3a434e",
    "demand-0": "#1f262f",
    "demand-1": "#223c57",
    "demand-2": "#29547d",
    "demand-3": "#3672a8",
    "demand-4": "#5c9dd6",
    "demand-5": "#a5d2f5",
    "cover-0": "#1f2a28",
    "cover-1": "#21463d",
    "cover-2": "#266352",
    "cover-3": "#318570",
    "cover-4": "#53b095",
    "cover-5": "#9be0ca",
    "series-0": "#6fadea",
    "series-1": "#f09a5d",
    "series-2": "#4fc2a3",
    "series-3": "#c396dc",
    "series-4": "#9aa5b1",
    "series-5": "#d9b45a",
}
"""Names and values on a dark page."""


def scale(name: str) -> list[str]:
    """The colours of a scale such as `demand`, from weak to strong.

    >>> scale("series")[:2]
    ['#2a67aa', '#c55f1b']
    """
    return [value for key, value in LIGHT.items() if key.startswith(f"{name}-")]
