"""What the actions of cases answer; pages and letters are made of the same."""

from __future__ import annotations

from typing import TypeAlias, TypedDict

from ..access.grantable import GivenAnswer
from ..pager import PageHead
from .case_figures import DepartmentRate
from .letter_parts import CitedText, SelfTold

Words: TypeAlias = dict[str, str]
"""Words by language."""


class CaseSummary(TypedDict):
    """A case in a list; days and instants as ISO.

    ``holder`` is the role that has to act, ``about`` what kind of thing it is about and ``place``
    where exactly that is; ``withdrawn`` where its applicant does not see the entry any more.
    """

    id: str
    kind: str
    kind_title: Words
    reference: str | None
    state: str
    state_title: Words
    holder: str
    open: bool
    outcome: str | None
    about: str
    place: dict[str, str]
    dataset_id: str | None
    dataset_title: str
    organization_id: str
    organization_title: str
    assigned: str | None
    received: str | None
    decided: str | None
    due: str | None
    lapses: str | None
    provisional: bool
    overdue: bool
    days_left: int | None
    modified: str
    withdrawn: bool


class CasePage(PageHead):
    """One page of cases."""

    results: list[CaseSummary]


class ApplicantAnswer(TypedDict, total=False):
    """Who applied, masked; without any key where he is hidden or nobody knows it."""

    kind: str
    document: str
    name: str
    number: str


class ClockAnswer(TypedDict):
    """A term: since when it runs, until when, by which article, and when it was paused. One that
    ``stopped`` was ``answered``, or nobody waits for the answer any more. Pauses of an opening are
    the portal's own rule, whatever article sets the term."""

    start: str
    due: str
    amount: int
    extension: int
    unit: str
    article: str
    document: str
    own_rule: bool
    runs: bool
    paused_since: str | None
    stopped: str | None
    pauses: list[list[str]]
    provisional: bool
    late: bool
    answered: bool


class BarredAnswer(TypedDict):
    """What a person may not do whatever his role, and why."""

    command: str
    why: str


class CaseEventAnswer(TypedDict):
    """What happened in a case; ``by`` and ``in_place_of`` only for those who work on it.

    ``title`` is empty where no file declares the command any more.
    """

    number: int
    name: str
    command: str
    title: Words
    role: str
    by: str
    in_place_of: str
    day: str
    at: str
    state: str
    state_title: Words
    fields: dict[str, object]


class EffectsTold(GivenAnswer, total=False):
    """What effects put into a letter; ``also`` are lines of other slices, code and words."""

    also: list[list[str]]


class BegunTerm(TypedDict, total=False):
    """Which clock an act began."""

    term: str


class TermTold(BegunTerm):
    """The term that an act ended or began: its last day, and the article that sets it."""

    due: str
    article: str


class WhereToTurn(TypedDict, total=False):
    """The body of a remedy and where it is reached; none where this portal knows none."""

    body: Words
    address: str
    online: str


class RemedyLine(WhereToTurn):
    """One thing that the law gives whoever does not agree (``domain/remedy.py``), with its span and
    articles."""

    way: str
    days: int
    months: int
    cited: list[CitedText]


class RemedyTold(TypedDict, total=False):
    """Until when and to whom one may object on this portal, ``object_to`` being empty where nobody
    could answer, and what the law gives; where that is so of a record about oneself alone,
    ``own_record`` are the articles on those."""

    object_until: str
    object_to: str
    remedies: list[RemedyLine]
    own_record: list[CitedText]


class JudgementTold(TypedDict, total=False):
    """Of a judged objection: who judged it, when it came, until when it is decided anew."""

    issuer: str
    objected: str
    anew_until: str


class UnservedTold(TypedDict, total=False):
    """To how many of those asked the letter could not be delivered, and of how many nobody noted
    whether it was, if any."""

    unserved: int
    unnoted: int


class HeardTold(UnservedTold):
    """How many third parties were asked, their answers by code, and how many were silent."""

    asked: int
    answers: dict[str, int]
    silent: int


class AddressedCopy(TypedDict, total=False):
    """Where the addressee's own copy is sent, if he has no account."""

    sent_to: str


class ToldBySome(EffectsTold, RemedyTold, JudgementTold, SelfTold, AddressedCopy, total=False):
    """What only some letters say; those from before have no ``letter_number``.

    ``about`` where it is no entry, ``cause`` the code of what became of the entry where a grant
    ended with it; ``lines`` are answers that are repeated, by field; ``heard`` tells of the third
    parties that were asked, and not who they are;
    ``stood`` are the days, first and last, on which its term stood by the portal's own rule."""

    about: str
    cause: str
    letter_number: str
    lines: list[list[object]]
    heard: HeardTold
    stood: list[list[str]]


class LetterContent(ToldBySome, TermTold):
    """What a letter says, as it is kept."""

    reference: str
    kind: str
    decision: str
    outcome: str
    day: str
    received: str
    applicant: str
    applicant_kind: str
    entry: str
    department: str
    reason: str
    basis: list[str]
    conditions: str


class VerifiedLetter(LetterContent):
    """A letter as whoever holds it checks it: whether what is kept still has its digest."""

    digest: str
    number: int
    genuine: bool


class LetterAnswer(VerifiedLetter):
    """A letter with its case."""

    case_id: str


class ShownToSome(TypedDict, total=False):
    """What those see who decide (``reports_missed``, of other grants), the applicant of what
    he has not handed in (``draft``, by field), and whoever looks at letters before they are
    written: what they say, as one word, by which they are written just so (``read``)."""

    reports_missed: int
    read: str
    draft: dict[str, object]


class CaseAnswer(CaseSummary, ShownToSome):
    """Everything of a case that a person may see; ``answers`` are by field."""

    roles: list[str]
    applicant: ApplicantAnswer
    jurisdiction: str
    answers: dict[str, object]
    clocks: dict[str, ClockAnswer]
    main_clock: str
    barred: list[BarredAnswer]
    events: list[CaseEventAnswer]
    letters: list[LetterAnswer]
    grant: str | None


class FieldAnswer(TypedDict):
    """A field that a command asks for; options by code."""

    name: str
    title: Words
    help: Words
    type: str
    required: bool
    options: dict[str, Words]


Way = TypedDict("Way", {"from": list[str], "to": str | None})


class ToldBefore(TypedDict, total=False):
    """What whoever decides is told before, in his language, and what the form begins with."""

    cautions: list[str]
    preset: dict[str, object]


class CommandAnswer(Way, ToldBefore):
    """A command: from which states it leads where, who may give it, and what it asks for."""

    name: str
    title: Words
    by: list[str]
    draft: bool
    fields: list[FieldAnswer]


class StateAnswer(TypedDict):
    """A state: who has to act, which clocks run or pause, and what a case came to in it."""

    title: Words
    holder: str
    clocks: list[str]
    pauses: list[str]
    outcome: str | None
    final: bool


class ProcedureAnswer(TypedDict):
    """A procedure as its folder declares it."""

    kind: str
    title: Words
    initial: str
    clocks: dict[str, Words]
    states: dict[str, StateAnswer]
    commands: list[CommandAnswer]


class ObjectionAnswer(TypedDict):
    """What became of an objection, in the words of whoever judged it."""

    kind: str
    issuer: str
    decision: str
    day: str
    reason: str
    basis: list[str]


class DecisionAnswer(TypedDict):
    """A decision as everybody sees it; ``days`` are calendar days from receipt."""

    reference: str | None
    kind: str
    about: str
    place: dict[str, str]
    outcome: str | None
    dataset_id: str
    dataset_title: str
    organization_id: str
    organization_title: str
    received: str
    decided: str
    days: int
    in_time: bool
    reason: str
    basis: list[str]
    objections: list[ObjectionAnswer]


class DecisionPage(PageHead):
    """One page of decisions of a kind, and the rates of every department by it."""

    results: list[DecisionAnswer]
    kind: str
    departments: list[DepartmentRate]


class CountAnswer(TypedDict):
    """Grants that end or are suspended, cases that can only be refused or that move on."""

    revoked: int
    suspended: int
    hindered: int
    moved: int


class ConsequencesAnswer(TypedDict):
    """What depends on an entry, and what each kind of change would do to that."""

    dataset_id: str
    grants: int
    cases: int
    changes: dict[str, CountAnswer]
