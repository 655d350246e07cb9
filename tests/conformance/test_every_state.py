"""Every folder in ``schemas/procedures`` is walked with real cases, and every page on the way read.

In each state that a case comes to, everybody who may see it sees its page in each language, all in
that language; each button leads somewhere, each letter is printed, each event is worded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import urlencode, urlsplit

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action
from lxml import html

from ckanext.govdata import now
from ckanext.govdata.cases.engine import declared_procedures
from ckanext.govdata.cases.engine.beginnings import ADDRESSED, NAMED_BY
from ckanext.govdata.cases.engine.case_rules import UNPROVIDED
from ckanext.govdata.cases.engine.declared_procedures import OPTIONS
from ckanext.govdata.domain import line_ends
from ckanext.govdata.domain.instrument import Extension, Level
from ckanext.govdata.domain.locales import LOCALES, SIMPLIFIED
from ckanext.govdata.domain.procedure import Outcome, Procedure, Role
from ckanext.govdata.domain.rulebook import Rulebook
from ckanext.govdata.domain.ruling import TermRuling
from ckanext.govdata.rules import in_force
from ckanext.govdata.rules.rule_files import load_grounds, load_rulebook
from tests.cases.conftest import CLAUSE, call
from tests.conformance import case_walks, page_words
from tests.conformance.case_routes import Move, routes, way_to
from tests.conformance.case_walks import CaseWalk, District
from tests.conformance.procedure_standard import WORDS
from tests.conformance.test_procedure_standard import KINDS
from tests.snapshots import restored

FIRST_DAY = date(2026, 11, 23)
"""On which Yaohai's own text binds."""
PLACES = ["yaohai", "anhui", "huaining", "xinxian"]
"""Where cases are walked: in the first of them whatever can be."""


@dataclass
class Reading:
    """Whoever may look at a case looks at it, in each language; what is wrong is gathered."""

    app: Any
    printed: list[str]
    known: set[str]
    wrong: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """What is wrong, and on which pages."""
    tokens: dict[str, str] = field(default_factory=dict[str, str])
    seen: set[object] = field(default_factory=set[object])
    turns: int = 0
    judged: dict[object, list[str]] = field(default_factory=dict[object, list[str]])

    def blame(self, where: str, *faults: str) -> None:
        """Something is wrong there."""
        for one in faults:
            self.wrong.setdefault(one, []).append(where)

    def finds_nothing(self) -> None:
        """Fails with all that is wrong."""
        said = [f"{one} ({len(pages)}: {pages[0]})" for one, pages in self.wrong.items()]
        assert not said, "\n".join(said)

    def get(self, who: str, path: str, data: dict[str, str] | None = None) -> Any:
        """The answer to somebody, with redirects followed."""
        if who not in self.tokens:
            made = call_action("api_token_create", context={"user": who}, user=who, name="w")
            self.tokens[who] = made["token"]
        how = {"headers": {"Authorization": self.tokens[who]}, "follow_redirects": True}
        return self.app.get(path, **how) if data is None else self.app.post(path, data=data, **how)

    def page(
        self, where: str, who: str, path: str, locale: str, walk: CaseWalk, status: int = 200
    ) -> Any:
        """Read a page; nothing on it may be of another language."""
        posted = {} if status == 409 else None
        answer = self.get(who, path, posted)
        if answer.status_code != status:
            self.blame(where, f"{path} answers {answer.status_code}, not {status}")
            return html.fromstring("<main/>")
        page = html.fromstring(answer.body)
        self.judge(where, page_words.read(page), locale, walk)
        return page

    def judge(self, where: str, texts: list[str], locale: str, walk: CaseWalk) -> None:
        """Blame what is wrong with texts; most of them stand on many pages."""
        for text in texts:
            place = (text, locale, walk.procedure.kind)
            if place not in self.judged:
                self.judged[place] = page_words.faults([text], locale, self.known, codes(walk))
            self.blame(where, *self.judged[place])

    def case(self, walk: CaseWalk, roles: Collection[Role] = tuple(Role)) -> None:
        """Look at a case as it stands now, as everybody of the cast in one of these roles.

        Where the engine tells two of them the same and offers them the same, the second one looks
        at it in one language: in each state in another one.
        """
        everybody = {walk.persons(role)[0]: role for role in roles}
        for who, role in everybody.items():
            try:
                shown = call(who, "govdata_case_show", id=walk.id)
            except (tk.NotAuthorized, tk.ObjectNotFound):
                self.hidden(walk, who)
                continue
            offered = walk.offered(who)
            told = json.dumps([offered, {**shown, "roles": "applicant" in shown["roles"]}])
            for locale in LOCALES if told not in self.seen else (self.turn(),):
                where = f"{walk.procedure.kind} {shown['state']} {role.value} {locale}"
                self.seen_by(where, who, locale, walk, shown, offered)
            self.seen.add(told)

    def turn(self) -> str:
        """The languages in turn."""
        self.turns += 1
        return LOCALES[self.turns % len(LOCALES)]

    def hidden(self, walk: CaseWalk, who: str) -> None:
        """Who may not see it is not shown it."""
        if self.get(who, f"/cases/{walk.id}").status_code not in (403, 404):
            self.blame(walk.row.state, f"{who} is shown what he may not see")

    def seen_by(
        self, where: str, who: str, locale: str, walk: CaseWalk, shown: Any, offered: list[str]
    ) -> None:
        """The case's page, and all to which it leads."""
        folder = walk.procedure
        page = self.page(where, who, f"/{locale}/cases/{walk.id}", locale, walk)
        self.history(where, page, locale, shown, folder)
        begins = folder.applied_for and shown["state"] == folder.initial
        commands = {name: folder.commands[name] for name in offered}
        self.buttons(where, page, {name for name, one in commands.items()
                                   if not (one.partial or (begins and one.receives))})  # fmt: skip
        for one in page.xpath("//main//a[contains(@class, 'gd-btn')]/@href"):
            self.once(where, who, one, locale, walk)
        for step in folder.form.pages if begins and folder.form else ():
            self.once(where, who, f"/{locale}/cases/{walk.id}/step/{step.id}", locale, walk)
        for name in offered:
            if not commands[name].partial:
                self.refused(where, who, name, locale, walk)
        for letter in shown["letters"]:
            self.letter(where, who, letter, locale, walk)

    def history(self, where: str, page: Any, locale: str, shown: Any, folder: Procedure) -> None:
        """Each event that he may know of is told, by the words of the folder where it has some."""
        found = page.xpath("//ol[contains(@class, 'gd-case-timeline')]//strong")
        said = [one.text_content().strip() for one in found]
        events = list(reversed(shown["events"]))
        if len(said) != len(events):
            self.blame(where, f"{len(said)} events of {len(events)} are told")
        for words, event in zip(said, events, strict=False):
            declared = folder.words.events.get(event["name"], {}).get(locale, words)
            if words != declared or words == event["name"] or not words:
                self.blame(where, f"{event['name']} is told as {words!r}")

    def buttons(self, where: str, page: Any, offered: set[str]) -> None:
        """What he may do there is a button for, and no button is for anything else."""
        leads = [*page.xpath("//main//form/@action"), *page.xpath("//main//a/@href")]
        there = {urlsplit(one).path.rsplit("/", 1)[1] for one in leads if "/do/" in one}
        if there != offered:
            self.blame(where, f"buttons {sorted(there)} for {sorted(offered)}")

    def refused(self, where: str, who: str, name: str, locale: str, walk: CaseWalk) -> None:
        """A form that is sent empty comes back in the reader's words, once for each command."""
        command = walk.procedure.commands[name]
        empty = [one for one in walk.procedure.asked(command) if one.required]
        needed = [one for one in empty if one.name not in command.optional]
        if not needed or (name, locale) in self.seen:
            return
        self.seen.add((name, locale))
        path = f"/{locale}/cases/{walk.id}/do/{name}"
        self.page(f"{where} refused {name}", who, path, locale, walk, status=409)

    def letter(self, where: str, who: str, letter: Any, locale: str, walk: CaseWalk) -> None:
        """A letter, once for the applicant and once for somebody else, and once on paper."""
        mine, decision = who == walk.applicant, (letter["decision"], walk.grain)
        if (decision, locale, mine) in self.seen:
            return
        self.seen.add((decision, locale, mine))
        where, path = f"{where} letter {decision[0]}", f"/{locale}/cases/{walk.id}/letter"
        self.page(where, who, f"{path}/{letter['number']}", locale, walk)
        if (decision, locale, not mine) in self.seen:
            return
        self.printed.clear()
        answer = self.get(who, f"{path}/{letter['number']}.pdf")
        if answer.status_code != 200 or not answer.data.startswith(b"%PDF"):
            self.blame(where, f"not printed, {answer.status_code}")
        self.judge(f"{where} on paper", self.printed, locale, walk)

    def once(self, where: str, who: str, path: str, locale: str, walk: CaseWalk) -> None:
        """A page to which a button leads, once in each language."""
        if (path, who == walk.applicant) not in self.seen:
            self.seen.add((path, who == walk.applicant))
            self.page(f"{where} {path}", who, path, locale, walk)


def codes(walk: CaseWalk) -> set[str]:
    """What a folder calls things for the machine alone."""
    one = walk.procedure
    events = {command.event for command in one.commands.values()}
    return {one.kind, *one.states, *one.commands, *one.clocks, *one.fields, *events}


@pytest.fixture(params=KINDS)
def procedure(request, with_plugins, monkeypatch) -> Procedure:
    """A folder's procedure; in the last of the places every term can be extended."""
    found = declared_procedures.procedures()[request.param]
    book = with_extensions(load_rulebook(), found)
    monkeypatch.setattr(in_force, "rulebook", lambda *_any: book)
    return found


@pytest.fixture
def district(fresh) -> Iterator[District]:
    now.move(FIRST_DAY)
    department = restored("every state", case_walks.people)
    yield District(department, case_walks.put_up(department, "unconditional"),
                   case_walks.put_up(department, "conditional"),
                   case_walks.put_up(department, "conditional", empty=True))  # fmt: skip
    now.move(None)


@pytest.fixture
def reading(app, procedure, monkeypatch) -> Reading:
    from fpdf import FPDF

    printed: list[str] = []
    write, broken = FPDF.multi_cell, line_ends.lines

    def noting(page: Any, width: float, height: float, text: str, **more: Any) -> Any:
        printed.append(text)
        return write(page, width, height, text, **more)

    def noting_paragraph(text: str, *more: Any) -> Any:
        printed.append(text)
        return broken(text, *more)

    monkeypatch.setattr(FPDF, "multi_cell", noting)
    monkeypatch.setattr(line_ends, "lines", noting_paragraph)
    return Reading(app, printed, content(in_force.rulebook()))


@pytest.fixture
def set_option(ckan_config, monkeypatch):
    """Lets a jurisdiction have an option of the configuration, or none any."""
    def setting(jurisdiction: str, option: str = "") -> None:
        names = [option] if option else [one for one in OPTIONS if in_config(one) in ckan_config]
        for name in names:
            monkeypatch.setitem(ckan_config, in_config(name), jurisdiction)

    return setting


def in_config(option: str) -> str:
    """Where a jurisdiction's option is configured."""
    return f"ckanext.govdata.cases.{option}"


def content(book: Rulebook) -> set[str]:
    """Texts that are content: of departments, entries, people and regulations."""
    titles = ("瑶海区人民政府", "瑶海区民政局", "瑶海区数据资源管理局", "瑶海区政务公开办")
    entry = ("行政村名录", "行政村", "村名", "户数", "浒湾村", "书记电话", "瑶海", "原件")
    people = (*case_walks.NAMES, "辛一", "王小明", "王**", "王")
    typed = (WORDS.format(number=number) for number in range(90))
    levels = [level for versions in book.versions.values() for level in versions]
    texts = (level for level in levels if level.document and level.level is not Level.PORTAL)
    documents = {text.document[SIMPLIFIED] for text in texts}
    here = (load_grounds().of(book, place, FIRST_DAY) for place in PLACES)
    cited = {words for grounds in here for one in grounds.offered.values()
             for words in (one.citation, one.article)}  # fmt: skip
    terms = (CLAUSE, *re.split("（.*）", CLAUSE))
    said = {*terms, *documents, *cited, *titles, *entry, *people, *typed}
    return {*said, *page_words.chinese_texts(book)}


def with_extensions(book: Rulebook, procedure: Procedure) -> Rulebook:
    """The regulations, as if the last of the places let each term be extended that a command of
    the folder extends: where no text that we have does, another city's may."""
    here, versions = PLACES[-1], dict(book.versions)
    for command in procedure.commands.values():
        name = procedure.term(command.extends)
        term = next((term for place in [here, *versions] for level in versions[place]
                     for term in level.terms
                     if command.extends and term.name == name and not term.outer_limit),
                    None)  # fmt: skip
        allowed = (book.term(one, procedure.term(command.needs), FIRST_DAY) for one in PLACES)
        if term is None or any(isinstance(one, TermRuling) for one in allowed):
            continue
        longer = Extension(5, (command.by[0].value,), once=True)
        term = replace(term, extension=longer, askers=frozenset(), share_types=frozenset())
        versions[here] = tuple(
            replace(one, terms=(term, *(own for own in one.terms if own.name != name)))
            for one in versions[here]
        )
    return replace(book, versions=versions)


def test_every_state_every_role_every_language(procedure, district, reading, set_option):
    ways, unreached = routes(procedure, PLACES, partial(case_walks.possible, procedure))
    assert not unreached, "no walk comes to these commands"
    about = next(iter(case_walks.subjects(procedure, district).values()))
    for way in ways:
        waits = any(move.option == UNPROVIDED for move in way.moves)
        here = {"dataset_id": district.empty_entry["id"]} if waits else about
        walk = begun(procedure, district, here, way.jurisdiction, set_option)
        follow(walk, way.moves, reading)
    reading.finds_nothing()


def test_about_whatever_a_case_can_be(procedure, district, reading, set_option):
    """Beginning and granted, about each kind of thing; other tests go all ways of the first one."""
    way = way_to(procedure, Outcome.GRANTED)
    for grain, about in list(case_walks.subjects(procedure, district).items())[1:]:
        walk = begun(procedure, district, about, PLACES[0], set_option)
        walk.grain = grain
        for locale in LOCALES:
            where, asked = f"{procedure.kind} {grain} {locale}", urlencode(addressed(about))
            path = f"/{locale}/begin/{procedure.kind}?{asked}"
            reading.page(where, walk.applicant, path, locale, walk)
        for _ in walk.begin(way[0]):
            pass
        for move in way[1:]:
            walk.make(move)
        reading.case(walk, (Role.APPLICANT,))
    reading.finds_nothing()


def addressed(about: dict[str, Any]) -> dict[str, str]:
    """What a page's address calls what a case is about."""
    names = {NAMED_BY[topic]: key for key, topic in ADDRESSED.items()}
    return {names[key]: value if isinstance(value, str) else json.dumps(value)
            for key, value in about.items()}  # fmt: skip


def begun(procedure, district, about, jurisdiction, set_option) -> CaseWalk:
    """A walk on the first day, in a place of its own rules, by both applicants in turn."""
    now.move(FIRST_DAY)
    district.belong_to(jurisdiction)
    district.put_back()
    set_option("")
    walk = CaseWalk(procedure, district, about, partial(set_option, jurisdiction))
    walk.applicant = case_walks.applicant_of(walk.procedure, district.number)
    return walk


def follow(walk: CaseWalk, moves: list[Move], reading: Reading) -> None:
    """Go the way, and look at the case wherever it has not been looked at, and at the end."""
    for _ in walk.begin(moves[0]):
        look(walk, reading)
    for move in moves[1:]:
        if move.option:
            walk.bring_about(move.option)
            look(walk, reading)
        walk.make(move)
        look(walk, reading, last=move is moves[-1])


def look(walk: CaseWalk, reading: Reading, last: bool = False) -> None:
    """Look at a case: as everybody when it first comes to a state; when it is late there, an option
    came about or its way ends, as the applicant and as whoever has it."""
    row = walk.row
    place = (row.state, row.overdue_said, frozenset(walk.options))
    if row.state not in reading.seen:
        reading.case(walk)
    elif last or place not in reading.seen:
        holder = walk.procedure.states[row.state].holder or Role.OFFICER
        reading.case(walk, (holder, Role.APPLICANT))
    reading.seen |= {row.state, place}
