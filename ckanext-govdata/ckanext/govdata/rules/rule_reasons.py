"""Why a term binds, in the reader's words: what each text sets, and which number gives way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import ckan.plugins.toolkit as tk

from ..domain.ceiling import Ceiling, Yielded, YieldingPart
from ..domain.instrument import Asking, Instrument, ShareType, Term
from ..domain.locales import ENGLISH
from ..domain.rule_steps import ChainStep, Conflict, Verdict, matters
from ..speech import phrases
from ..speech.language import spoken
from . import in_force, sentences
from .answers import CeilingAnswer, ConflictAnswer, NumberOfText, RuleStep, YieldAnswer


def document_of(text: Instrument) -> str:
    """The document's title and number, as it is cited; nothing where no text is known."""
    title = phrases.label(text.document)
    if not title:
        return ""
    if spoken() == ENGLISH:
        return f"{title} ({text.number})" if text.number else title
    return f"《{title}》（{text.number}）" if text.number else f"《{title}》"


def span_of(term: Term) -> str:
    """A term's number, and its extension's: ``7 working days + 7``."""
    words = sentences.span(term.amount, term.unit.value)
    return f"{words} + {term.extension.amount}" if term.extension else words


def cited(text: Instrument, article: str) -> str:
    """An article with its document."""
    return f"{document_of(text)} {phrases.article(article)}".strip()


def yielding(gone: Yielded) -> str:
    """That a number gives way, and to which article."""
    if gone.part is YieldingPart.TERM:
        words = tk._("{place}: {was} yield to {now} by {source}")
    elif gone.now:
        words = tk._("{place}: an extension of {was} yields to {now} by {source}")
    else:
        words = tk._("{place}: an extension of {was} yields, there is none by {source}")
    return words.format(
        place=phrases.label(gone.source.name),
        was=sentences.span(gone.was, gone.unit.value),
        now=sentences.span(gone.now, gone.unit.value),
        source=cited(gone.to, gone.article),
    )


def describe_yield(gone: Yielded) -> YieldAnswer:
    """A number that gave way."""
    return {
        "part": gone.part.value,
        "rule_from": gone.source.id,
        "was": gone.was,
        "now": gone.now,
        "by": gone.to.id,
        "document": document_of(gone.to),
        "article": gone.article,
        "words": yielding(gone),
    }


def describe_ceiling(ceiling: Ceiling) -> CeilingAnswer:
    """A limit of a higher text."""
    term = ceiling.term
    return {
        "rule_from": ceiling.source.id,
        "document": document_of(ceiling.source),
        "article": term.article,
        "amount": term.amount,
        "unit": term.unit.value,
        "from": term.start.value,
        "extension": term.most - term.amount,
        "words": tk._("At the latest {span} {start} by {source}").format(
            span=sentences.span(term.amount, term.unit.value),
            start=sentences.starts()[term.start.value],
            source=cited(ceiling.source, term.article),
        ),
    }


def whom(askings: tuple[Asking, ...]) -> str:
    """For whom something is so; nothing where it is for everybody."""
    askers, types = matters(askings)
    known = sentences.askers()
    found = [known[code] for code in known if code in askers]
    found += [_share_type(one) for one in ShareType if one in types]
    return sentences.listed(found)


def _share_type(kind: ShareType) -> str:
    return share_types()[kind.value]


def share_types() -> dict[str, str]:
    """The share types by the portal's names."""
    names = in_force.own_names()
    return {one.value: phrases.label(names[f"share_type.{one.value}"]) for one in ShareType}


def describe_step(step: ChainStep, day: date) -> RuleStep:
    """A text's part in what binds."""
    text, term = step.source, step.term
    return {
        "rule_from": text.id,
        "title": phrases.label(text.name),
        "document": document_of(text),
        "rank": text.rank.value if text.document else "",
        "verdict": step.verdict.value,
        "article": term.article if term else "",
        "words": _part(step, day),
    }


def _part(step: ChainStep, day: date) -> str:
    """What a text sets and why it binds, yields or says nothing."""
    said = [_PARTS[step.verdict]()]
    said += [yielding(gone) for gone in step.yields]
    last, term = step.source.in_force.last, step.term
    article = phrases.article(term.article) if term else ""
    facts = {
        "day": day.isoformat(),
        "last": last.isoformat() if last else "",
        "span": span_of(term) if term else "",
        "start": sentences.starts()[term.start.value] if term else "",
        "article": phrases.bracketed(article) if article else "",
        "whom": _spoken_of(term) if term else "",
    }
    return sentences.joined([said[0].format(**facts), *said[1:]])


def _spoken_of(term: Term) -> str:
    known = sentences.askers()
    found = [known[code] for code in known if code in term.askers]
    return sentences.listed([*found, *(_share_type(one) for one in ShareType
                                       if one in term.share_types)])  # fmt: skip


_PARTS: Mapping[Verdict, Callable[[], str]] = {
    Verdict.NO_TEXT: lambda: tk._("No text of its own is known"),
    Verdict.NOT_YET: lambda: tk._("Not in force on {day}"),
    Verdict.LAPSED: lambda: tk._("Lapsed: its last day was {last}"),
    Verdict.UNREAD: lambda: tk._("The text is not at hand here, so nothing is taken from it"),
    Verdict.SILENT: lambda: tk._("Says nothing on this"),
    Verdict.OTHERS: lambda: tk._("Sets {span} {start}{article}, but for {whom} only"),
    Verdict.BINDS: lambda: tk._("Sets {span} {start}{article}: this binds"),
    Verdict.YIELDS: lambda: tk._("Sets {span} {start}{article}"),
    Verdict.BEHIND: lambda: tk._("Sets {span} {start}{article}, but a nearer text sets it, too"),
    Verdict.NOT_NEEDED: lambda: tk._("{span} {start}, were every text silent"),
    Verdict.CAPS: lambda: tk._("Sets {span} {start}{article}, which no text below may exceed"),
    Verdict.WITHIN: lambda: tk._(
        "Sets {span} {start}{article} at most, and what binds is within it"
    ),
    Verdict.LATEST: lambda: tk._(
        "Sets {span} {start}{article}: whichever of the two days comes first is the last one"
    ),
    Verdict.OUTER: lambda: tk._(
        "Sets {span} {start}{article} at most for requests for government information, and what "
        "binds is within it"
    ),
}


def describe_conflict(conflict: Conflict) -> ConflictAnswer:
    """Two texts that contradict each other, and what became of it."""
    settled = bool(conflict.yields)
    said = [yielding(gone) for gone in conflict.yields] or [
        tk._(
            "A longer term than that of the text above it, which is no ceiling by its rank: both "
            "stand, and the nearer one is counted until a jurist has said which yields"
        )
    ]
    return {
        "term": conflict.name,
        "title": sentences.terms().get(conflict.name, conflict.name),
        "for_whom": whom(conflict.askings),
        "lower": _number(conflict.lower, conflict.lower_term),
        "upper": _number(conflict.upper, conflict.upper_term),
        "settled": settled,
        "words": sentences.joined(said),
    }


def _number(text: Instrument, term: Term) -> NumberOfText:
    return {
        "rule_from": text.id,
        "document": document_of(text),
        "span": span_of(term),
        "article": term.article,
    }
