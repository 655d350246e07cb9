"""Texts are folded to the reader's script, character by character."""

from __future__ import annotations

import pytest

from ckanext.govdata.speech.script import fold


@pytest.mark.parametrize(
    ("text", "locale", "shown"),
    [
        ("蚌埠市公共汽车线路", "zh_Hant_TW", "蚌埠市公共汽車線路"),
        ("蚌埠市公共汽車線路", "zh_Hans_CN", "蚌埠市公共汽车线路"),
        ("臺北市政府", "zh_Hans_CN", "台北市政府"),
        ("政务数据", "zh_Hant_TW", "政務數據"),
        ("蚌埠市公共汽車線路", "en", "蚌埠市公共汽車線路"),
        ("Bus stops 2020", "zh_Hant_TW", "Bus stops 2020"),
        ("", "zh_Hant_TW", ""),
    ],
)
def test_fold(text, locale, shown):
    assert fold(text, locale) == shown


def test_place_names_are_not_changed_as_phrases():
    """OpenCC's Taiwan phrases turn 蚌埠 into 蚌端口; characters alone do not."""
    assert fold("蚌埠", "zh_Hant_TW") == "蚌埠"
    assert fold("蚌埠" * 60, "zh_Hant_TW") == "蚌埠" * 60
