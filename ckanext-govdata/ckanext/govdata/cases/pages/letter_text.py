"""A letter as it is read: an official reply in whole sentences, in the reader's language.

What its folder says and what fills it in stand in the letter; here they become paragraphs, with
what every letter has to say: the term, the facts found, basis, decision, what is given, remedies,
contact.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import ckan.plugins.toolkit as tk

from ... import slices
from ...access import sentences as grant_sentences
from ...domain.field_part import FieldPart
from ...domain.letter import filled
from ...domain.locales import SIMPLIFIED
from ...speech import phrases
from ...speech.language import spoken
from ...speech.when import day_written
from .. import refusal_sentences
from ..answers import LetterContent
from ..engine import declared_procedures
from ..letter_parts import LetterWords
from . import remedies
from .letter_citations import all_cited, cited_words, together
from .letter_facts import number_of
from .letter_words import answered, labelled, said, words_of


@dataclass(frozen=True)
class LetterText:
    """A letter's parts from top to bottom; ``ways`` are the remedies, one paragraph each."""

    issuer: str
    title: str
    number: str
    greeting: str
    paragraphs: tuple[str, ...]
    ways: tuple[str, ...]
    closing: tuple[str, ...]
    day: str

    @property
    def whole(self) -> str:
        """All of it as plain text."""
        parts = (self.issuer, self.title, self.number, self.greeting, *self.paragraphs,
                 *self.ways, *self.closing, self.issuer, self.day)  # fmt: skip
        return "\n".join(filter(None, parts))


def letter_text(letter: LetterContent) -> LetterText:
    """The letter in the reader's language."""
    words = words_of(letter)
    return LetterText(
        issuer=tk.h.govdata_script(letter.get("issuer") or letter["department"]),
        title=title(letter),
        number=number_of(letter),
        greeting=_greeting(letter),
        paragraphs=tuple(filter(None, _paragraphs(letter, words))),
        ways=tuple(_ways(letter, words)),
        closing=tuple(_closing(letter)),
        day=day_written(letter["day"]),
    )


def title(letter: LetterContent) -> str:
    """What a letter is called."""
    words = words_of(letter)
    return phrases.label(words["title"]) if words else tk._("Reply")


def file_name(letter: LetterContent) -> str:
    """What a file of the letter is called, without its ending."""
    words = words_of(letter)
    called = phrases.label(words["short"] or words["title"]) if words else tk._("Reply")
    return f"{called}_{number_of(letter)}"


def _greeting(letter: LetterContent) -> str:
    """The addressee with what he is called, and where it is sent where that stands in it."""
    name = letter.get("to") or letter["applicant"]
    if not name:
        return ""
    body = letter.get("to") or letter["applicant_kind"] not in ("", "person")
    greeted = (tk._("To {name}:") if body else tk._("Dear {name}:")).format(name=name)
    sent = letter.get("sent_to", "")
    return greeted + (phrases.bracketed(tk._("sent to {place}").format(place=sent)) if sent else "")


def _paragraphs(letter: LetterContent, words: LetterWords | None) -> Iterator[str]:
    facts = said(letter)
    opening = [filled(phrases.label(one), facts) for one in (words["opening"] if words else ())]
    yield phrases.joined(filter(None, opening))
    if not _says(words, "entry"):
        what = tk._("Concerning") if letter.get("about") else tk._("Data")
        yield labelled(what, tk.h.govdata_script(letter["entry"]))
    for label, value in (*answered(letter), *_also(letter)):
        yield labelled(label, value)
    yield _heard(letter)
    yield from _term(letter, words)
    yield from _decided(letter, words, facts)
    yield from _given(letter)
    for one in words["then"] if words else ():
        yield filled(phrases.label(one), facts)
    if letter.get("provisional"):
        yield tk._("The working days of that year are not announced yet, so the last day may still "
                   "move; you will be told.")  # fmt: skip


def _decided(
    letter: LetterContent, words: LetterWords | None, facts: dict[str, str]
) -> Iterator[str]:
    """What was found, on which basis, and what was decided."""
    if letter["reason"] and not _says(words, "said.reason"):
        yield tk._("Having examined it: {reason}").format(reason=_ended(letter["reason"]))
    if "cause" in letter and not _says(words, "cause"):
        yield grant_sentences.ended(f"entry:{letter['cause']}")
    decision = filled(phrases.label(words["decision"]), facts) if words else ""
    if letter["basis"]:
        decision = tk._("Under {cited}, {decision}").format(
            cited=all_cited(letter), decision=decision
        )
    yield decision[:1].upper() + decision[1:]
    if "reply" in letter:
        yield tk._("It is a reply of the kind described in {article}.").format(
            article=cited_words(letter["reply"]["cited"], text=False)
        )
    if letter["conditions"]:
        yield tk._("It is given on these conditions: {conditions}").format(
            conditions=_ended(letter["conditions"])
        )


def _term(letter: LetterContent, words: LetterWords | None) -> Iterator[str]:
    """The last day of the term with its article, and by how much a decision came after it."""
    if not letter["due"] or not letter["outcome"]:
        return
    if not (_says(words, "due") or _says(words, "term")):
        said = tk._("The last day for this reply was {day}{article}.")
        if "objected" in letter:
            said = tk._("The last day for judging the objection was {day}{article}.")
        yield said.format(
            day=day_written(letter["due"]), article=phrases.bracketed(_article(letter))
        )
    for first, last in letter.get("stood", []):
        yield tk._("The term stood from {first} to {last} (the portal's own rule).").format(
            first=day_written(first), last=day_written(last)
        )
    days = (date.fromisoformat(letter["day"]) - date.fromisoformat(letter["due"])).days
    if days > 0:
        yield tk.ungettext(
            "This reply comes {n} day after that last day.",
            "This reply comes {n} days after that last day.",
            days,
        ).format(n=days)


def _heard(letter: LetterContent) -> str:
    """What third parties said who were asked in writing; nobody is named."""
    told = letter.get("heard")
    if not told:
        return ""
    fields = declared_procedures.fields_of(letter["kind"])
    options = next((one.options for one in fields if one.part is FieldPart.PARTY_ANSWER), {})
    said_so = [(phrases.label(options.get(code, {})) or code, number)
               for code, number in told["answers"].items()]  # fmt: skip
    if told["silent"]:
        said_so.append((tk._("no answer"), told["silent"]))
    if told.get("unserved"):
        said_so.append((tk._("the letter could not be delivered"), told.get("unserved", 0)))
    if told.get("unnoted"):
        said_so.append((tk._("delivery not noted"), told.get("unnoted", 0)))
    return tk._("Third parties whose rights are concerned were asked in writing ({asked}): "
                "{answers}.").format(
        asked=told["asked"],
        answers=tk._(", ").join(f"{words} {number}" for words, number in said_so),
    )  # fmt: skip


def _article(letter: LetterContent) -> str:
    return said(letter).get("term", "") or tk.h.govdata_script(letter["article"])


def _given(letter: LetterContent) -> Iterator[str]:
    """What of the data is given, how long, and what is not."""
    scope = letter.get("scope")
    if scope:
        comma, fold = tk._(", "), tk.h.govdata_script
        listed = [
            fold(one["name"]) + (phrases.bracketed(fold(comma.join(one["columns"])))
                                 if one["columns"] else "")
            for one in scope["resources"]
        ]  # fmt: skip
        period = tk._("{first} to {last}").format(
            first=day_written(scope["from"]), last=day_written(scope["until"])
        )
        yield tk._("Given: {data}. Period: {period}.").format(
            data=comma.join(listed), period=period
        )
        if scope["row_limit"]:
            yield labelled(tk._("Largest number of rows"), str(scope["row_limit"]))
    yield refusal_sentences.not_given(
        letter.get("not_given", []), letter.get("opening_rule", {})
    )


def _also(letter: LetterContent) -> list[tuple[str, str]]:
    """The lines that effects of other slices have put into the letter."""
    labels, fold = slices.registered("letter_lines"), tk.h.govdata_script
    return [(str(labels[code]()), fold(words)) for code, words in letter.get("also", ())]


def _ways(letter: LetterContent, words: LetterWords | None) -> list[str]:
    """What the law gives, then what this portal does, each with its number where there are several;
    the portal's own way says that it is no more."""
    found = remedies.sentences(letter.get("remedies", []))
    own = _own_way(letter, words)
    if found and own:
        own = tk._("{sentence} This is the portal's own rule; it neither replaces nor stops the "
                   "ways above.").format(sentence=own)  # fmt: skip
    found += filter(None, [own])
    if len(found) < 2:
        return found
    listed = [f"{number}. {one}" for number, one in enumerate(found, 1)]
    own_record = letter.get("own_record")
    if not own_record:
        return [tk._("If you do not agree:"), *listed]
    said = tk._("Where the record is about yourself ({cited}) and you do not agree:")
    return [said.format(cited=together(own_record)), *listed]


def _own_way(letter: LetterContent, words: LetterWords | None) -> str:
    """What may be done on this portal, as long as it may be done, else what the procedure's own
    words say; nothing that is spent."""
    body = letter.get("object_to")
    until = letter.get("object_until")
    if until:
        sentence = tk._("You may object once to {body}, until {day}, on the page of your case.")
        named = tk.h.govdata_script(body) or tk._("the data authority")
        return sentence.format(body=named, day=day_written(until))
    if body == "":
        return tk._(
            "This portal knows no body above the department that decides on objections. Turn to "
            "the government of the place, or to the authority above the department."
        )
    return phrases.label(words["remedy"]) if words else ""


def _closing(letter: LetterContent) -> Iterator[str]:
    """Where to ask, and which language binds."""
    contact, fold = letter.get("contact") or {}, tk.h.govdata_script
    office, phone = fold(contact.get("office")), contact.get("phone", "")
    if office and phone:
        yield tk._("For questions: {office}, telephone {phone}.").format(office=office, phone=phone)
    elif office or phone:
        yield tk._("For questions: {contact}.").format(contact=office or phone)
    if spoken() != SIMPLIFIED:
        yield tk._("The text in simplified Chinese is the one that binds.")


def _says(words: LetterWords | None, name: str) -> bool:
    """Whether the folder's own words have it, so that it is not said twice."""
    if not words:
        return False
    told = (*words["opening"], words["decision"], *words["then"])
    return any(f"{{{name}}}" in text for one in told for text in one.values())


def _ended(text: str) -> str:
    """What somebody wrote, as a whole sentence."""
    text = text.strip()
    stop = "." if phrases.spaced() and text[-1:].isascii() else "。"
    return text if text[-1:] in "。．.！!？?；;" else text + stop
