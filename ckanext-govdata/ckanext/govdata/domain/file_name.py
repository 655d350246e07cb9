"""What a file is called when it leaves the portal, and the header that says so.

Offices call their files in Chinese; the name goes whole into ``filename*`` (RFC 6266, RFC 8187),
beside it an ASCII name for programs that know no other. A name is no place for paths, control
characters, or marks that turn the reading direction and so hide an ending.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST = 120
"""Characters of a name; with four bytes each it stays below what file systems take (255)."""
LONGEST_ENDING = 12
_FORBIDDEN = re.compile(r'[<>:"|?*%;]')
_PLAIN = re.compile(r"[^A-Za-z0-9._ ()-]+")
_HEX = re.compile(rb"%([0-9A-Fa-f]{2})")
_TOKEN = frozenset(b"!#$&+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
"""Bytes that stand in ``filename*`` as they are (RFC 8187, attr-char)."""


def clean(name: str) -> str:
    """The name without a path, control or format characters, or what file systems refuse.

    Empty when nothing is left that tells anything.
    """
    text = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    text = "".join(" " if c.isspace() else c for c in text)
    text = "".join(c for c in text if unicodedata.category(c)[0] != "C")
    text = re.sub(r" +", " ", _FORBIDDEN.sub("_", text)).strip().rstrip(" .")
    bare = text.lstrip(" .")
    only_ending = text.startswith(".") and "." not in bare and bare.isascii()
    stem, ending = split(f".{bare}" if only_ending else bare)
    return stem[: LONGEST - len(ending)].rstrip(" .") + ending


def split(name: str) -> tuple[str, str]:
    """Stem and ending (with its dot, empty if there is none); ``.xlsx`` alone is an ending."""
    if name.startswith(".") and "." not in name[1:]:
        return "", name
    path = PurePosixPath(name)
    ending = path.suffix
    known = ending[1:].isascii() and ending[1:].isalnum() and len(ending) <= LONGEST_ENDING
    return (name.removesuffix(ending), ending) if known else (name, "")


def tells(name: str) -> bool:
    """Whether the name says something beside its ending: ``.xlsx`` and ``_.csv`` do not."""
    return any(c.isalnum() for c in split(name)[0])


def of(title: str, ending: str) -> str:
    """A name from a title and an ending with its dot."""
    return clean(f"{title.replace('/', '_')}{ending}") or f"data{ending}"


def munged(name: str, plain: str) -> str:
    """What CKAN keeps as the name of an uploaded file, where it would keep ``plain``.

    CKAN drops every character that is not ASCII (2023年人口数据.csv becomes 2023.csv); a name
    that has such characters stays as it is. One that comes back percent-encoded, as the address
    of a file has it, is the name that was encoded.
    """
    cleaned = clean(_decoded(name))
    return cleaned if tells(cleaned) and not cleaned.isascii() else plain


def recalled(kept: str, title: str) -> str:
    """What a file was called whose name CKAN cut before names were kept whole, by its title.

    Officers title a file as they call it: what is left of the title in ASCII is then what CKAN
    left of the name. A name of digits alone stays beside the title. Any other name is as it was.
    """
    stem, ending = split(kept)
    named, own = split(clean(title.replace("/", "_")))
    named = named if own.lower() == ending.lower() else f"{named}{own}"
    if not stem.isascii() or named.isascii():
        return kept
    if _ascii(stem) == _ascii(named):
        return of(named, ending)
    if any(c.isalpha() for c in stem):
        return kept
    return of(named if stem.strip("-_. ") in named else f"{named}_{stem.strip('-_. ')}", ending)


def _ascii(text: str) -> str:
    """The letters and digits that CKAN leaves of a name."""
    return "".join(c for c in text.lower() if c.isascii() and c.isalnum())


def disposition(name: str, plain: str = "") -> str:
    """The value of ``Content-Disposition`` for a file that is taken; ``plain`` is used for
    the ASCII name when the true one has no ASCII letters of its own."""
    stem, ending = split(clean(name))
    stem = stem or plain or "data"
    ascii_stem = _PLAIN.sub("", unicodedata.normalize("NFKD", stem)).strip(" ._-()")
    if stem.isascii() or len(ascii_stem) > len(stem) // 2:
        short = ascii_stem
    else:
        short = _PLAIN.sub("", plain).strip(" .")
    fallback = f"{short or 'data'}{ending}"
    return f"attachment; filename=\"{fallback}\"; filename*=UTF-8''{_encoded(stem + ending)}"


def _encoded(text: str) -> str:
    return "".join(chr(b) if b in _TOKEN else f"%{b:02X}" for b in text.encode())


def _decoded(text: str) -> str:
    return _HEX.sub(lambda found: bytes([int(found[1], 16)]), text.encode()).decode(errors="ignore")
