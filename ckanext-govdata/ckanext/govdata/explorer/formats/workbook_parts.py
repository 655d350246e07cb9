"""The parts of a workbook beside its rows, as few as programs need (ECMA-376)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

HEAD, DAY, MOMENT = 1, 2, 3
"""Styles of cells."""
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
SHEET_END = "</sheetData></worksheet>"
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\'\0-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST = 31
"""UTF-16 units of a sheet's name."""
_TYPES = f"""{_XML}<Types xmlns="{_PACKAGE}/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Default Extension="xml" ContentType="{_KIND}.worksheet+xml"/>\
<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>\
<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>\
<Override PartName="/docProps/core.xml" \
ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"""
_RELATIONS = f"""{_XML}<Relationships xmlns="{_PACKAGE}/relationships">\
<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>\
<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties" \
Target="docProps/core.xml"/></Relationships>"""
_STYLES = f"""{_XML}<styleSheet xmlns="{_MAIN}"><numFmts count="2">\
<numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>\
<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>\
<fonts count="2"><font><sz val="11"/><name val="宋体"/></font>\
<font><b/><sz val="11"/><name val="宋体"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="4"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>\
<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>\
</styleSheet>"""


def first() -> Iterator[tuple[str, bytes]]:
    """What stands before the sheets: programs know a workbook by how it begins."""
    yield "[Content_Types].xml", _TYPES.encode()
    yield "_rels/.rels", _RELATIONS.encode()
    yield "xl/styles.xml", _STYLES.encode()


def last(names: Sequence[str], title: str, at: datetime) -> Iterator[tuple[str, bytes]]:
    """What is known when the sheets are written."""
    numbered = list(enumerate(names, 1))
    sheets = "".join(f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
                     for n, name in numbered)
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" '
        f'Target="worksheets/sheet{n}.xml"/>' for n, _ in numbered)
    styles = (f'<Relationship Id="rId{len(names) + 1}" Type="{_OFFICE}/styles" '
              'Target="styles.xml"/>')
    yield "xl/workbook.xml", (
        f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets>'
        "</workbook>").encode()
    yield "xl/_rels/workbook.xml.rels", (
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{relations}{styles}'
        "</Relationships>").encode()
    yield "docProps/core.xml", _core(title, at).encode()


def _core(title: str, at: datetime) -> str:
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(_NOT_IN_NAMES.sub(' ', title))}</dc:title>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{at:%Y-%m-%dT%H:%M:%SZ}</dcterms:created>'
        "</cp:coreProperties>")


def place(sheet: int) -> str:
    """Where the sheet of that number stands."""
    return f"xl/worksheets/sheet{sheet}.xml"


def sheet_head(widths: Sequence[int], frozen: bool = True) -> str:
    """How a sheet begins, whose columns are so wide; the headings stay in view."""
    columns = "".join(f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
                      for n, width in enumerate(widths, 1))
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    return (f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
            f'{pane if frozen else ""}</sheetView></sheetViews>'
            f"<cols>{columns}</cols><sheetData>")


def names(title: str, sheets: int, notes: str) -> list[str]:
    """What the sheets are called: so many by the title, and the sheet of notes."""
    stem = _NOT_IN_NAMES.sub(" ", title).strip() or "data"
    found = [_short(stem, f" ({n})" if n > 1 else "") for n in range(1, sheets + 1)]
    last_one = _short(notes, "")
    while last_one.casefold() in map(str.casefold, found):
        last_one += "_"
    return [*found, last_one]


def _short(stem: str, ending: str) -> str:
    kept = stem.encode("utf-16-le")[: 2 * (_LONGEST - len(ending))].decode("utf-16-le", "ignore")
    return kept.rstrip() + ending
