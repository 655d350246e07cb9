"""Collect the extension's strings into the translation catalogues: ``make i18n``.

A catalogue lists its messages sorted by msgid, without places and without fuzzy
guesses, so that two people can add strings and merge. Strings of CKAN's own that
stand on our pages and that CKAN left untranslated are kept in the catalogues too:
``CORE`` names the templates that we use as they are.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import polib
from babel.messages.extract import extract_from_file
from ckan.lib.extract import extract_ckan

from ..domain.locales import SIMPLIFIED, TRADITIONAL

ROOT = Path(__file__).resolve().parent.parent
DOMAIN = "ckanext-govdata"
LOCALES = (SIMPLIFIED, TRADITIONAL)
KEYWORDS = {
    "_": None,
    "gettext": None,
    "N_": None,
    "ungettext": (1, 2),
    "ngettext": (1, 2),
}
CORE = (
    "templates/*.html",
    "templates/activity_streams/*.html",
    "templates/dashboard/**/*.html",
    "templates/group/**/*.html",
    "templates/macros/**/*.html",
    "templates/organization/**/*.html",
    "templates/package/*.html",
    "templates/package/snippets/*.html",
    "templates/snippets/**/*.html",
    "templates/user/**/*.html",
    "views/api.py",
    "views/dashboard.py",
    "views/dataset.py",
    "views/group.py",
    "views/resource.py",
    "views/user.py",
)
"""Places in CKAN whose strings our users see."""

MISTAKEN = ("登陆", "登陸")
"""Words in CKAN's translations that are wrong: 登陆 is what troops do on a beach."""

Message = tuple[str, str]
"""msgid and plural (empty where there is none)."""


def _messages(path: Path) -> Iterator[Message]:
    method: Any = {".py": "python", ".js": "javascript"}.get(path.suffix, extract_ckan)
    for _line, found, _comments, _context in extract_from_file(
        method, str(path), keywords=KEYWORDS, options={}
    ):
        if isinstance(found, tuple):
            yield (found[0], found[1] if len(found) > 1 else "")
        elif found:
            yield (found, "")


def own_files() -> Iterator[Path]:
    """Every file of the extension that may hold strings."""
    for suffix in ("py", "html", "txt", "js"):
        for path in sorted(ROOT.rglob(f"*.{suffix}")):
            inside = path.relative_to(ROOT).parts
            if inside[0] not in ("i18n", "migration") and (
                suffix in ("py", "js") or inside[0] == "templates"
            ):
                yield path


def own_messages() -> dict[str, str]:
    """msgid -> plural of all strings that the extension uses."""
    return {msgid: plural for path in own_files() for msgid, plural in _messages(path)}


def core_path() -> Path:
    """Where CKAN is installed."""
    spec = find_spec("ckan")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("CKAN is not installed")
    return Path(next(iter(spec.submodule_search_locations)))


def core_catalogue(locale: str) -> polib.POFile:
    """CKAN's own translations."""
    return polib.pofile(str(core_path() / "i18n" / locale / "LC_MESSAGES" / "ckan.po"))


def untranslated_in_core(locale: str) -> dict[str, str]:
    """Strings of CKAN's that our users see and that CKAN translates not at all or wrongly."""
    done = {
        entry.msgid
        for entry in core_catalogue(locale).translated_entries()
        if not any(word in text_of(entry) for word in MISTAKEN)
    }
    seen = {
        msgid: plural
        for pattern in CORE
        for path in sorted(core_path().glob(pattern))
        for msgid, plural in _messages(path)
    }
    return {msgid: plural for msgid, plural in seen.items() if msgid not in done}


def catalogue_path(locale: str) -> Path:
    """The catalogue of a locale."""
    return ROOT / "i18n" / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def wanted(locale: str) -> dict[str, str]:
    """All strings that the catalogue of a locale must translate."""
    return {**untranslated_in_core(locale), **own_messages()}


def updated(locale: str) -> polib.POFile:
    """The catalogue with new strings added and unused ones gone; translations are kept."""
    path = catalogue_path(locale)
    old = {entry.msgid: entry for entry in polib.pofile(str(path))} if path.exists() else {}
    new = polib.POFile(wrapwidth=0)
    new.metadata = {
        "Project-Id-Version": DOMAIN,
        "Language": locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for msgid, plural in sorted(wanted(locale).items()):
        kept = old.get(msgid)
        entry = polib.POEntry(msgid=msgid, msgid_plural=plural)
        if plural:
            text = (kept.msgstr_plural.get(0) or kept.msgstr) if kept else ""
            entry.msgstr_plural = {0: text}
        else:
            entry.msgstr = (kept.msgstr or kept.msgstr_plural.get(0, "")) if kept else ""
        new.append(entry)
    return new


def text_of(entry: polib.POEntry) -> str:
    """An entry's translation; Chinese has one form for every number."""
    return entry.msgstr_plural.get(0, "") if entry.msgid_plural else entry.msgstr


def main() -> int:
    """Update and compile all catalogues; 1 when translations are missing."""
    missing = 0
    for locale in LOCALES:
        catalogue = updated(locale)
        path = catalogue_path(locale)
        path.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))
        blank = [entry.msgid for entry in catalogue if not text_of(entry)]
        missing += len(blank)
        sys.stdout.write(f"{locale}: {len(catalogue)} strings, {len(blank)} untranslated\n")
        for msgid in blank:
            sys.stdout.write(f"  {msgid}\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
