"""The languages of the portal: every word that a file of ours declares stands in all of them."""

from __future__ import annotations

from collections.abc import Mapping

SIMPLIFIED = "zh_Hans_CN"
TRADITIONAL = "zh_Hant_TW"
ENGLISH = "en"
LOCALES = (SIMPLIFIED, TRADITIONAL, ENGLISH)

Label = Mapping[str, str]
"""Words by language; all of :data:`LOCALES` are there."""
