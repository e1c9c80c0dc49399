"""«Версия для слабовидящих»: size, colours and pictures, kept in a cookie so that visitors have it too."""
from dataclasses import dataclass

COOKIE = "appearance"
COOKIE_AGE = 60 * 60 * 24 * 365
SIZES = {"100": "обычный", "150": "крупный, 150\xa0%", "200": "очень крупный, 200\xa0%"}
SCHEMES = {
    "plain": "обычные",
    "white": "чёрным по белому",
    "black": "белым по чёрному",
    "blue": "тёмно-синим по голубому",
}
IMAGES = {"on": "показывать", "off": "не показывать"}


@dataclass(frozen=True)
class Appearance:
    """How one reader wants the site to look."""

    size: str = "100"
    scheme: str = "plain"
    images: str = "on"

    @classmethod
    def read(cls, request):
        """From the cookie; whatever is not one of ours counts as the ordinary look."""
        size, _, rest = request.COOKIES.get(COOKIE, "").partition(".")
        scheme, _, images = rest.partition(".")
        if size in SIZES and scheme in SCHEMES and images in IMAGES:
            return cls(size, scheme, images)
        return cls()

    @property
    def cookie(self):
        return f"{self.size}.{self.scheme}.{self.images}"

    @property
    def is_special(self):
        return self != Appearance()

    @property
    def classes(self):
        """Classes of the html element; the ordinary look has none."""
        names = []
        if self.size != "100":
            names.append(f"size-{self.size}")
        if self.scheme != "plain":
            names.append(f"scheme-{self.scheme}")
        if self.images == "off":
            names.append("no-images")
        return " ".join(names)
