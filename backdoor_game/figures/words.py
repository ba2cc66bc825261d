"""Words as they are drawn: fonts that have their letters, escapes where none has, long specs cut and wrapped."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable

from ..ground._matplotlib import styles

FAMILY = "DejaVu Sans"  # comes with matplotlib, so that figures are the same bytes everywhere
# Asked first: plain, wide in coverage, common. A font's name is looked for in full.
PREFERRED = (
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "WenQuanYi Micro Hei",
    "Droid Sans Fallback",
    "PingFang SC",
    "Hiragino Sans",
    "Microsoft YaHei",
    "Yu Gothic",
    "Malgun Gothic",
    "SimHei",
    "Noto Sans",
    "Arial Unicode MS",
    "Unifont",
)
# Bitmaps and tables of symbols of one colour or of other meanings: their outlines are not the letters.
NO_LETTERS = re.compile(r"emoji|last ?resort|^cm|^stix|symbol|icon|dingbats|awesome", re.IGNORECASE)
PLAIN = (400, "normal", "regular")
MOST_FONTS = 400  # of those installed that are opened in search of a letter: some ten milliseconds each
# A line may end behind a space that is not beside a sign of equality, and behind the punctuation of a spec.
BREAKS = re.compile(r"(?<=[^=] )(?!=)|(?<=[,;:])(?! )|(?<=[/\\])(?=\w{3})|(?<=\w[=(\[{])")
CUT = "…"
EM, USUAL = 100, 0.576  # pixels of an em at which letters are measured; ems of a letter of the usual width


def spelled(words: str) -> str:
    """The words with an escape such as ``\\u4e2d`` for each letter that no installed font has or that is not printed.

    Nothing else is changed: dollars, underscores, carets and backslashes are drawn as they are typed.
    """
    return "".join(letter if letter == "\n" or _drawable(letter) else _escaped(letter) for letter in words)


def families(words: Iterable[str]) -> list[str]:
    """DejaVu Sans, and behind it the installed fonts that have what it lacks."""
    found = [FAMILY]
    for letter in dict.fromkeys("".join(words)):
        other = None if letter in "\n" or ord(letter) in _letters(FAMILY) else _font_with(letter)
        if other is not None and other not in found:
            found.append(other)
    return found


def cut(words: str, most: int) -> str:
    """The words, or their beginning and end around an ellipsis, at most so many letters wide."""
    if width(words) <= most:
        return words
    head, tail, room = "", "", most - width(CUT)
    for step in range(len(words)):
        place = step // 2 if step % 2 == 0 else -1 - step // 2
        room -= width(words[place])
        if room < 0:
            break
        head, tail = (head + words[place], tail) if place >= 0 else (head, words[place] + tail)
    return head + CUT + tail


def width(words: str) -> float:
    """How many letters of usual width the words take: capitals are wider, East Asian letters twice as wide."""
    return sum(map(_width, words))


@functools.lru_cache(maxsize=4096)
def _width(letter: str) -> float:
    """One letter's advance in DejaVu Sans; a guess for letters of other fonts."""
    if unicodedata.combining(letter):
        return 0.0
    if ord(letter) not in _letters(FAMILY):
        return 2.0 if unicodedata.east_asian_width(letter) in "WF" else 1.0
    from matplotlib.font_manager import FontProperties, findfont, get_font

    font = get_font(findfont(FontProperties(family=[FAMILY])))
    font.set_size(EM, 72)
    return float(font.load_char(ord(letter)).linearHoriAdvance) / 2**16 / EM / USUAL


def wrapped(words: str, letters: int, indent: str = "") -> str:
    """The words in lines of at most so many letters, broken behind spaces and punctuation where that can be."""
    lines, letters = [""], max(letters, 4)
    for part in BREAKS.split(words):
        fits = width(indent + part.rstrip()) <= letters  # into a line of its own
        if fits and width(lines[-1] + part.rstrip()) > letters and lines[-1].strip():
            lines.append(indent)
        while width(lines[-1] + part.rstrip()) > letters:
            least = 1 if lines[-1] == indent else 0  # a letter at least, also where the indent leaves no room
            room = next(n for n in range(len(part), -1, -1) if n == least or width(lines[-1] + part[:n]) <= letters)
            lines[-1] += part[:room]
            lines.append(indent)
            part = part[room:]
        lines[-1] += part
    return "\n".join(line.rstrip() for line in lines)


def _drawable(letter: str) -> bool:
    if not letter.isprintable():
        return False
    return ord(letter) in _letters(FAMILY) or _font_with(letter) is not None


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


@functools.lru_cache(maxsize=4096)
def _font_with(letter: str) -> str | None:
    """The first of the installed fonts that has this letter, by name."""
    return next((name for name in _installed() if ord(letter) in _letters(name)), None)


@functools.cache
def _installed() -> tuple[str, ...]:
    """Names of installed fonts that may stand in, the preferred ones first."""
    styles()  # matplotlib loads whatever backend the environment names
    from matplotlib.font_manager import fontManager

    upright = [one for one in fontManager.ttflist if one.style == one.stretch == "normal" and one.weight in PLAIN]
    names = {one.name for one in upright} - {FAMILY}  # matplotlib complains where it must take another face
    preferred = [name for name in PREFERRED if name in names]
    others = sorted(name for name in names - set(preferred) if not NO_LETTERS.search(name))
    return (*preferred, *others)[:MOST_FONTS]


@functools.lru_cache(maxsize=MOST_FONTS + 1)
def _letters(name: str) -> frozenset[int]:
    """The code points that a font has outlines for; none where its file cannot be read or holds bitmaps alone."""
    styles()
    from matplotlib.font_manager import FontProperties, findfont, get_font

    try:
        font = get_font(findfont(FontProperties(family=[name]), fallback_to_default=False))
        return frozenset(font.get_charmap()) if font.scalable else frozenset()
    except (OSError, RuntimeError, ValueError):
        return frozenset()
