"""Catalogues are compiled when they changed, and only then."""
from __future__ import annotations

import gettext
import os

from ckanext.govdata.stack.translations import compile_catalogues


def test_a_changed_catalogue_is_compiled(tmp_path):
    folder = tmp_path / "zh_Hans_CN" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    source = folder / "ckanext-govdata.po"
    source.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
                      'msgid "About"\nmsgstr "关于"\n', "utf-8")
    assert compile_catalogues(tmp_path) == 1
    with source.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("About") == "关于"
    assert compile_catalogues(tmp_path) == 0
    later = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (later, later))
    assert compile_catalogues(tmp_path) == 1
