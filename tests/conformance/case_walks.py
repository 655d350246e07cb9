"""A real case on its way through a procedure: begun, led and answered by people of the right roles.

Nothing here knows a kind: what is given, by whom and with which answers the folder says.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from werkzeug.datastructures import FileStorage

from ckanext.govdata import now
from ckanext.govdata.access import grants
from ckanext.govdata.cases.engine import new_case, record
from ckanext.govdata.cases.engine.case_rules import (
    GRANT_IS_SUSPENDED,
    OPENNESS_OFFICE,
    PARTIES_ASKED,
    SUPERIORS,
    UNPROVIDED,
)
from ckanext.govdata.cases.pages import case_choices
from ckanext.govdata.cases.time.sweep import sweep
from ckanext.govdata.departments.offices import offices
from ckanext.govdata.domain import form
from ckanext.govdata.domain.bound_rules import Rules
from ckanext.govdata.domain.decision import consents_of
from ckanext.govdata.domain.field_base import Choices
from ckanext.govdata.domain.field_part import FieldPart
from ckanext.govdata.domain.hindrance import OPTION as HINDERED
from ckanext.govdata.domain.party_letter import choosable
from ckanext.govdata.domain.procedure import Applicant, Command, Procedure, Role
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.domain.topic import Topic
from ckanext.govdata.forms import attachments
from ckanext.govdata.rules import in_force
from tests.cases.conftest import (
    CLAUSE,
    ID_NUMBER,
    OTHER_NUMBER,
    call,
    make_body,
    make_entry,
    make_user,
    seat,
    site,
)
from tests.conformance import party_walks
from tests.conformance.case_routes import Move
from tests.conformance.procedure_standard import WORDS, answer

NAMES = ("甲一", "甲二", "乙一", "乙二", "丙一", "丙二", "丁一", "丁二", "戊一", "己一", "庚一")
NEIGHBOUR = "neighbour"
"""Somebody of another department, which applies where departments do."""
CAST: Mapping[Role, tuple[str, ...]] = {
    Role.APPLICANT: ("citizen", "other"),
    Role.OFFICER: ("officer", "officer2"),
    Role.HEAD: ("head", "head2"),
    Role.AUTHORITY: ("authority", "authority2"),
    Role.OPENNESS_OFFICE: ("openness",),
    Role.GOVERNMENT: ("mayor",),
    Role.OBJECTION_BODY: ("authority", "authority2", "mayor"),
    Role.AUDITOR: ("auditor",),
}
"""Who may be asked in each role, in turn: a second one where the first has another duty."""
ITEMS = [
    {"name": "村名", "name_en": "village", "type": "C", "opened": True, "key": True},
    {"name": "户数", "type": "N", "opened": True},
    {"name": "书记电话", "type": "C", "sensitive": True},
]
PLACE = {"row": {"村名": "浒湾村"}, "column": "户数"}


@dataclass
class District:
    """Departments and two entries with a table each, one that is open and one on conditions."""

    department: str
    open_entry: dict[str, Any]
    conditional_entry: dict[str, Any]
    empty_entry: dict[str, Any]
    number: int = 0
    """Of the case, for nobody hands in the same twice."""

    def entry_for(self, procedure: Procedure) -> dict[str, Any]:
        """What a case is about: one whose data must be applied for where it leads to data."""
        return self.conditional_entry if procedure.gives_data else self.open_entry

    def belong_to(self, jurisdiction: str) -> None:
        """Let all departments be of another place."""
        tk.get_action("organization_patch")(site(), {"id": "yaohai", "jurisdiction": jurisdiction})

    def have_authority(self, there: bool) -> None:
        """Let the place have a data authority, or none."""
        role = "authority" if there else ""
        tk.get_action("organization_patch")(site(), {"id": "yaohai-shujuju", "role": role})

    def have_government(self, there: bool) -> None:
        """Let the place have a government, or none."""
        role = "government" if there else ""
        tk.get_action("organization_patch")(site(), {"id": "yaohai", "role": role})

    def put_back(self) -> None:
        """Let the entries be in the catalogue again, authority and government in their offices."""
        if "authority" not in offices().values():
            self.have_authority(True)
        if "government" not in offices().values():
            self.have_government(True)
        for entry in (self.open_entry, self.conditional_entry, self.empty_entry):
            if model.Package.get(entry["id"]).private:
                tk.get_action("package_patch")(site(), {"id": entry["id"], "private": False})


def people() -> str:
    """Everybody of the cast with a seat of his role; the id of the department."""
    everybody = dict.fromkeys(who for persons in CAST.values() for who in persons)
    for who, name in zip(everybody, NAMES, strict=True):
        make_user(who, fullname=name)
    district = make_body("yaohai", "瑶海区人民政府", jurisdiction="yaohai", role="government")
    below = {"groups": [{"name": district["name"]}]}
    department = make_body("yaohai-minzhengju", "瑶海区民政局", **below)
    authority = make_body("yaohai-shujuju", "瑶海区数据资源管理局", role="authority", **below)
    office = {"role": "openness_office", **below}
    openness = make_body("yaohai-gongkaiban", "瑶海区政务公开办", **office)
    for organization, who, capacity in (
        (department, "officer", "editor"), (department, "officer2", "editor"),
        (department, "head", "admin"), (department, "head2", "admin"),
        (authority, "authority", "admin"), (authority, "authority2", "admin"),
        (openness, "openness", "admin"), (district, "mayor", "admin"),
    ):  # fmt: skip
        seat(organization["id"], who, capacity)
    make_user(NEIGHBOUR, fullname="辛一")
    seat(make_body("yaohai-jiaoyuju", "瑶海区教育局", **below)["id"], NEIGHBOUR, "editor")
    for who, number in (("citizen", ID_NUMBER), ("other", OTHER_NUMBER)):
        call(who, "govdata_identity_update", kind="person", name="王小明", number=number)
    return department["id"]


def applicant_of(procedure: Procedure, turn: int) -> str:
    """Who applies: both citizens in turn, or, where departments do, one of the provider's or of
    another one, whichever may."""
    if procedure.applicants != (Applicant.DEPARTMENT,):
        return CAST[Role.APPLICANT][turn % 2]
    if "authority_of_place" in procedure.begins:
        return "authority"
    return NEIGHBOUR if "other_department" in procedure.begins else "officer2"


def put_up(department: str, attribute: str, empty: bool = False) -> dict[str, Any]:
    """An entry with a table of one village; or ``empty``, before anything was put up."""
    conditions = {} if attribute == "conditional" else {"open_conditions": "", "open_basis": ""}
    entry = make_entry(department, title="行政村名录", notes="全区行政村的名称和户数。",
                       open_attribute=attribute, information_items=ITEMS,
                       resources=[], **conditions)  # fmt: skip
    if empty:
        return entry
    tk.get_action("datastore_create")(site(), {
        "resource": {"package_id": entry["id"], "name": "行政村.csv", "format": "CSV"},
        "fields": [{"id": "村名", "type": "text"}, {"id": "户数", "type": "int"},
                   {"id": "书记电话", "type": "text"}], "primary_key": ["村名"],
        "records": [{"村名": "浒湾村", "户数": 127, "书记电话": "13900000001"}],
    })  # fmt: skip
    return tk.get_action("package_show")(site(), {"id": entry["id"]})


def subjects(procedure: Procedure, district: District) -> dict[str, dict[str, Any]]:
    """What a case of this procedure can be about, as its parameters name it."""
    entry = {"dataset_id": district.entry_for(procedure)["id"]}
    file = {**entry, "resource_id": district.entry_for(procedure)["resources"][0]["id"]}
    named = {
        Topic.ENTRY: {"entry": entry},
        Topic.RESOURCE: {"file": file},
        Topic.COLUMN: {"item": {**entry, "column": PLACE["column"]},
                       "column": {**file, "column": PLACE["column"]}},
        Topic.ROW: {"row": {**file, "row": PLACE["row"]}, "cell": {**file, **PLACE}},
        Topic.DEPARTMENT: {"department": {"department_id": district.department}},
        Topic.NOTHING: {"nothing": {}},
    }  # fmt: skip
    return {grain: one for topic in procedure.about for grain, one in named[topic].items()}


@dataclass
class CaseWalk:
    """One case, and how it is led on."""

    procedure: Procedure
    district: District
    about: dict[str, Any]
    set_option: Callable[[str], None]
    """Lets the jurisdiction have an option."""
    id: str = ""
    applicant: str = "citizen"
    grain: str = ""
    """What kind of thing it is about, where that is not the usual one."""
    options: set[str] = field(default_factory=set[str])

    def __post_init__(self) -> None:
        self.district.number += 1

    @property
    def row(self) -> Any:
        """The case as the database has it."""
        return record.row_of(model.Session, self.id)

    def begin(self, first: Move) -> Iterator[Any]:
        """Begin it so that this move can be made or, where nobody can wait in between, by it."""
        command = self.procedure.commands[first.command]
        asked = {"kind": self.procedure.kind, **self.about}
        if not self.procedure.applied_for:
            self.id = new_case.begin(self.procedure, self.about["dataset_id"])
            model.Session.commit()
        elif command in self.procedure.recording:
            form = self.answers(command, Choices(now.today()), {})
            clerk = next(who for role in command.by for who in CAST[role])
            self.id = call(clerk, "govdata_case_create", **asked, form=form, submit=True,
                           command=command.name)["id"]  # fmt: skip
        else:
            self.id = call(self.applicant, "govdata_case_create", **asked, form={})["id"]
            yield
            self.make(first)
        yield

    def make(self, move: Move) -> None:
        """Lead the case on; it stands then where the folder says."""
        if move.command:
            self.give(self.procedure.commands[move.command])
        else:
            self.keep_silent()
        assert self.row.state == move.target, move

    def give(self, command: Command) -> None:
        """Give a command as somebody to whom it is offered."""
        for name in command.checks:
            BEFORE.get(name, lambda _walk: None)(self)
        party_walks.prepare(self, command)
        lapses = self.procedure.states[self.row.state].lapses
        if lapses and lapses.event == command.event:  # by hand, before the night does it
            self.let_days_pass()
        roles = (*command.by, *((Role.HEAD,) if command.heads_alone else ()))
        persons = dict.fromkeys(who for role in roles for who in self.persons(role))
        who = next((one for one in persons if command.name in self.offered(one)), None)
        assert who, f"{command.name} is offered to none of {list(persons)} in {self.row.state}"
        row, every = self.row, {one.type for one in self.procedure.fields.values()}
        shown = call(who, "govdata_case_show", id=self.id)
        answers = self.answers(command, case_choices.choices(row, every), shown["answers"])
        for one in self.procedure.asked(command):
            if one.type == "attachments":
                answers[one.name] = [self.attach(who)]
        call(who, "govdata_case_act", id=self.id, command=command.name, fields=answers)
        if FieldPart.PARTY in self.procedure.names_by_part(command):
            self.ask_another(who, command)

    def ask_another(self, who: str, command: Command) -> None:
        """A second party is asked, with whom the consultation goes on when the first was heard."""
        self.district.number += 1
        answers = self.answers(command, Choices(now.today()), {})
        fields = {name: answers[name] for name in command.fields}
        call(who, "govdata_case_act", id=self.id, command=command.name, fields=fields)

    def persons(self, role: Role) -> tuple[str, ...]:
        """Who has this role in this case."""
        return (self.applicant,) if role is Role.APPLICANT else CAST[role]

    def offered(self, who: str) -> list[str]:
        """The commands that somebody may give now."""
        try:
            return [one["name"] for one in call(who, "govdata_case_commands", id=self.id)]
        except (tk.NotAuthorized, tk.ObjectNotFound):
            return []

    def answers(
        self, command: Command, choices: Choices, before: Mapping[str, Any]
    ) -> dict[str, Any]:
        """What somebody fills in: every field of the command that can be filled in here."""
        asked = list(self.procedure.asked(command))
        row = record.row_of(model.Session, self.id) if self.id else None
        written = record.case_of(model.Session, row).party_letters if row else ()
        about = choosable(written, self.procedure.names_by_part(command))
        letters = frozenset(str(one.number) for one in about)
        open_to = replace(form.among(choices, asked, before), party_letters=letters)
        found = {
            one.name: before.get(one.as_in) or answer(one, open_to, self.district.number)
            for one in asked
        }
        return {name: value for name, value in found.items() if value is not None}

    def attach(self, who: str) -> str:
        """A file that somebody sends along, as the page keeps it."""
        file = FileStorage(io.BytesIO("原件".encode()), "原件.txt")
        person = model.User.by_name(who).id
        [found] = attachments.keep(model.Session, self.id, person, [file], "files")
        model.Session.commit()
        return found

    def keep_silent(self) -> None:
        """Let the day pass on which something is due, and the night come."""
        self.let_days_pass()
        counts, failures = sweep(model.Session, now.today())
        assert not failures, failures
        assert counts

    def let_days_pass(self) -> None:
        """The day passes on which something is due."""
        last = self.row.lapses or self.row.due
        now.move(max(now.today(), last + timedelta(days=1)))

    def bring_about(self, option: str) -> None:
        """See to it that what is open by an option alone is open."""
        self.options.add(option)
        OPTIONS[option](self)

    def withdraw_entry(self) -> None:
        """The entry is taken off the catalogue: what is asked for cannot be given any more."""
        tk.get_action("package_patch")(site(), {"id": self.about["dataset_id"], "private": True})

    def grow_late(self) -> None:
        """Nobody answered until the day after the term."""
        now.move(max(now.today(), self.row.due + timedelta(days=1)))

    def abolish_authority(self) -> None:
        """There is no data authority any more: the government judges itself."""
        self.district.have_authority(False)

    def abolish_government(self) -> None:
        """There is no government on this portal that is above both departments."""
        self.district.have_government(False)

    def suspend_grant(self) -> None:
        """Its head has suspended what the case gave."""
        grant = call("head", "govdata_case_show", id=self.id)["grant"]
        held = grants.get(model.Session, grant)
        if held and held.suspended:
            return
        call("head", "govdata_grant_revoke", id=grant, suspend=True, basis=CLAUSE,
             reason=WORDS.format(number=1))

    def mend(self) -> None:
        """The department corrects what the case is about, however finely that is named."""
        entry = self.district.entry_for(self.procedure)
        file, households = entry["resources"][0]["id"], 200 + self.district.number
        tk.get_action("datastore_upsert")(site(), {
            "resource_id": file, "force": True, "method": "update",
            "records": [{"村名": "浒湾村", "户数": households}],
        })  # fmt: skip
        tk.get_action("resource_patch")(site(), {"id": file, "description": str(households)})


BEFORE: Mapping[str, Callable[[CaseWalk], None]] = {
    "mended": CaseWalk.mend,
    "objections_weighed": party_walks.hear_out,
}
"""What must have been done before a check of this name is passed, where anything must."""
OPTIONS: Mapping[str, Callable[[CaseWalk], None]] = {
    "one_step": lambda walk: walk.set_option("one_step"),
    HINDERED: CaseWalk.withdraw_entry,
    "overdue": CaseWalk.grow_late,
    UNPROVIDED: CaseWalk.grow_late,  # of an entry without files: the walk is about that one
    PARTIES_ASKED: lambda walk: None,  # the route has asked them before
    GRANT_IS_SUSPENDED: CaseWalk.suspend_grant,
    "authority_judges": lambda walk: None,  # so it is where there is one
    "government_judges": CaseWalk.abolish_authority,
    SUPERIORS[Role.AUTHORITY]: CaseWalk.abolish_authority,
    SUPERIORS[Role.GOVERNMENT]: CaseWalk.abolish_government,
    OPENNESS_OFFICE: lambda walk: None,  # the district has one: its text says whether it reviews
    "represented": lambda walk: None,  # it was recorded at a counter: the route begins so
}
"""How each option comes about (``declared_procedures.OPTIONS``)."""


def possible(procedure: Procedure, jurisdiction: str, move: Move) -> bool:
    """Whether the texts of a jurisdiction let a move be made at all: they have the term that it
    needs, name somebody who gives it, or give silence the meaning that it has here."""
    rules = Rules(in_force.rulebook(), jurisdiction, now.today())
    command = procedure.commands.get(move.command)
    if command is None:
        lapses = procedure.states[move.source].lapses
        ruling = rules.term(procedure.term(lapses.clock)) if lapses else None
        if isinstance(ruling, Refusal):
            return False
        return not (lapses and lapses.silence) or ruling.term.on_lapse.value == lapses.silence
    reviews = rules.book.clause(jurisdiction, "attribute_review", now.today())
    openly = not isinstance(reviews, Refusal)
    asks = OPENNESS_OFFICE in (command.unless, move.option)
    if asks and openly is not (move.option == OPENNESS_OFFICE):
        return False
    if command.needs and isinstance(rules.term(procedure.term(command.needs)), Refusal):
        return False
    consents = consents_of(procedure, command, rules) if command.extends else ()
    return not consents or bool(set(consents) & {role.value for role in command.by})
