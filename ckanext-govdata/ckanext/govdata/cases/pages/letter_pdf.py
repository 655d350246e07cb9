"""A letter as PDF, with the Chinese letters that it uses embedded."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

import ckan.plugins.toolkit as tk

from ... import slices
from ...domain.field_base import Titles
from ...domain.instrument import PORTAL
from ...domain.locales import SIMPLIFIED
from ...domain.procedure import Field
from ...forms import form_reader
from ...rules import in_force
from ...speech import phrases
from .. import refusal_sentences
from ..answers import LetterContent, VerifiedLetter
from ..engine import declared_procedures
from . import remedies
from .outcomes import decided, issuer, title_of
from .outcomes import remedy as declared_remedy

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "NotoSansCJK"
GREY, BLACK = (90, 90, 90), (0, 0, 0)


@lru_cache(maxsize=1)
def font_path() -> str:
    """Noto Sans CJK (SIL Open Font License), from its package."""
    return str(files("cvttf_NotoSansCJK_Regular") / "NotoSansCJKtc-Regular.otf")


def letter_pdf(letter: VerifiedLetter, address: str) -> bytes:
    """The letter as a PDF of A4 pages; ``address`` is where its digest can be checked."""
    from fpdf import FPDF  # here: 18 MiB, which an import or a worker does without

    page = FPDF(format="A4")
    page.set_title(letter["reference"])
    page.set_lang(str(tk.h.lang()).replace("_", "-"))
    page.set_margins(24, 22, 24)
    page.set_auto_page_break(True, 24)
    page.add_font(FONT, fname=font_path())
    # The font holds the shapes of both scripts; punctuation stands elsewhere in each.
    script = "zh-Hant" if "Hant" in str(tk.h.lang()) else "zh-Hans"
    page.set_text_shaping(True, script="hani", language=script)
    page.add_page()
    from_whom = tk.h.govdata_script(issuer(letter))
    _line(page, from_whom, 20, align="C")
    _line(page, title_of(letter), 15, align="C")
    _line(page, letter["reference"], 11, GREY, align="R")
    page.ln(4)
    for label, words in rows(letter):
        _line(page, label, 9.5, GREY)
        _line(page, words, 12)
        page.ln(1.5)
    page.ln(8)
    _line(page, from_whom, 12, align="R")
    _line(page, letter["day"], 12, align="R")
    page.ln(10)
    _line(page, tk._("Digest (SHA-256): {digest}").format(digest=letter["digest"]), 8, GREY)
    _line(
        page,
        tk._("Whoever holds this letter can check it at {address}").format(address=address),
        8,
        GREY,
    )
    return bytes(page.output())


def rows(letter: LetterContent) -> list[tuple[str, str]]:
    """The letter's lines: what each is, and its words."""
    fold = tk.h.govdata_script
    found = [
        (tk._("To"), letter["applicant"]),
        (tk._("Concerning") if letter.get("about") else tk._("Data"), fold(letter["entry"])),
        (tk._("Received on"), letter["received"]),
        (tk._("Objection received on"), letter.get("objected", "")),
        (_term_of(letter), _term(letter)),
        (tk._("Late"), _late(letter)),
        (tk._("Decision of"), fold(letter["department"]) if "objected" in letter else ""),
        *_repeated(letter),
        (tk._("Decision") if letter["outcome"] else tk._("State"), decided(letter)),
        (tk._("Reason"), letter["reason"]),
        (tk._("Basis"), "\n".join(fold(basis) for basis in letter["basis"])),
    ]
    found += _also(letter)
    scope = letter.get("scope")
    if scope:
        comma = tk._(", ")
        listed = [
            fold(": ".join(filter(None, (one["name"], comma.join(one["columns"])))))
            for one in scope["resources"]
        ]
        found.append((tk._("Granted"), "\n".join(listed)))
        found.append((tk._("Period"), f"{scope['from']} – {scope['until']}"))
        if scope["row_limit"]:
            found.append((tk._("Largest number of rows"), str(scope["row_limit"])))
    if letter.get("not_given"):
        words = refusal_sentences.not_given(
            letter.get("not_given", []), letter.get("opening_rule", {})
        )
        found.append((tk._("Not given"), words))
    found.append((tk._("Conditions"), letter["conditions"]))
    found.append((tk._("The department decides anew by"), letter.get("anew_until", "")))
    found.append((tk._("If you do not agree"), _remedies(letter)))
    return [(label, words) for label, words in found if words]


def _term_of(letter: LetterContent) -> str:
    """What the term of a letter is for; a receipt names the step that is due first."""
    procedure = declared_procedures.procedures().get(letter["kind"])
    clock = procedure.clocks.get(letter.get("term", "")) if procedure else None
    if clock is None:
        return tk._("Last day of the term")
    step = phrases.label(clock.label)
    return tk._("Last day of the term: {step}").format(step=step)


def _term(letter: LetterContent) -> str:
    """The last day of the term, with its article; empty where no term runs."""
    if not letter["due"]:
        return ""
    own = in_force.rulebook().versions[PORTAL][-1].document
    ruled_here = letter["article"] == own[SIMPLIFIED]  # it is cited so, and has words of its own
    said = phrases.label(own) if ruled_here else tk.h.govdata_script(letter["article"])
    return f"{letter['due']}{phrases.bracketed(said)}"


def _late(letter: LetterContent) -> str:
    """By how much a decision came after its term; empty where it came in time."""
    if not (letter["outcome"] and letter["due"]):
        return ""
    days = (date.fromisoformat(letter["day"]) - date.fromisoformat(letter["due"])).days
    if days <= 0:
        return ""
    words = tk.ungettext("{n} day after the last day of the term",
                         "{n} days after the last day of the term", days)  # fmt: skip
    return words.format(n=days)


def _also(letter: LetterContent) -> list[tuple[str, str]]:
    """The lines that effects of other slices have put into the letter."""
    labels, fold = slices.registered("letter_lines"), tk.h.govdata_script
    return [(str(labels[code]()), fold(words)) for code, words in letter.get("also", ())]


def _repeated(letter: LetterContent) -> list[tuple[str, str]]:
    """The answers that the letter repeats."""
    procedure = declared_procedures.procedures().get(letter["kind"])
    fields = procedure.fields if procedure else {}
    lines = ((str(name), value) for name, value in letter.get("lines", ()))
    said = [(fields[name], value) for name, value in lines if name in fields]
    return [(phrases.label(one.label), form_reader.words(one, value, _named(one, value)))
            for one, value in said]  # fmt: skip


def _named(field: Field, value: object) -> Titles:
    """What the chosen things of a letter are called: it keeps attached files by their names."""
    if field.type != "attachments" or not isinstance(value, list):
        return {}
    return {"attachments": {str(one): str(one) for one in value}}


def _remedies(letter: LetterContent) -> str:
    """What the law gives, then what this portal does, each with its number where there are several;
    the portal's own way says that it is no more."""
    found = remedies.sentences(letter.get("remedies", []))
    own = _remedy(letter)
    if found and own:
        own = tk._("{sentence} This is the portal's own rule; it neither replaces nor stops the "
                   "ways above.").format(sentence=own)  # fmt: skip
    found += filter(None, [own])
    if len(found) < 2:
        return "".join(found)
    listed = (f"{number}. {words}" for number, words in enumerate(found, 1))
    return "\n".join(listed)


def _remedy(letter: LetterContent) -> str:
    """What may be done on this portal, as long as it may be done, else what the procedure's own
    words say; nothing that is spent."""
    body = letter.get("object_to")
    until = letter.get("object_until")
    if until:
        sentence = tk._("You may object once to {body}, until {day}, on the page of your case.")
        named = tk.h.govdata_script(body) or tk._("the data authority")
        return sentence.format(body=named, day=until)
    if body == "":
        return tk._(
            "This portal knows no body above the department that decides on objections. Turn to "
            "the government of the place, or to the authority above the department."
        )
    return declared_remedy(letter)


def _line(
    page: FPDF, words: str, size: float, colour: tuple[int, int, int] = BLACK, align: str = "L"
) -> None:
    page.set_font(FONT, size=size)
    page.set_text_color(*colour)
    page.multi_cell(0, size * 0.6, words, align=align, new_x="LMARGIN", new_y="NEXT")
