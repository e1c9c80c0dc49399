"""The pages' fonts: PT Sans and PT Serif of the system, whole, as WOFF2 of our own site.

Whole files under their own family names: a subset would have to be renamed by their licence.
"""
from pathlib import Path

from projectoffice.common.house.places import data_dir, say
from projectoffice.common.house.setup import FONT_DIRECTORIES, SetupError

FONTS = {
    "pt-sans-regular.woff2": "PTS55F.ttf",
    "pt-sans-bold.woff2": "PTS75F.ttf",
    "pt-serif-regular.woff2": "PTF55F.ttf",
    "pt-serif-bold.woff2": "PTF75F.ttf",
}


def make_fonts() -> None:
    missing = {target: source for target, source in FONTS.items() if not (fonts_dir() / target).exists()}
    if not missing:
        return
    say("Готовлю шрифты страниц…")
    fonts_dir().mkdir(parents=True, exist_ok=True)
    for target, source in missing.items():
        compress(installed(source), fonts_dir() / target)


def fonts_dir() -> Path:
    return data_dir() / "fonts"


def installed(name: str) -> Path:
    found = [file for place in FONT_DIRECTORIES for file in place.rglob(name)]
    if not found:
        raise SetupError(f"Не найден шрифт {name}. Установите пакет fonts-paratype и повторите.")
    return found[0]


def compress(source: Path, target: Path) -> None:
    from fontTools.ttLib import TTFont

    font = TTFont(source)
    font.flavor = "woff2"
    draft = target.with_suffix(".new")
    font.save(draft)
    draft.replace(target)


if __name__ == "__main__":
    make_fonts()
