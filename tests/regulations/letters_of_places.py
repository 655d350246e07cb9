"""Every kind of letter of every place, read as its addressee reads it: the page and the paper."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from bs4 import BeautifulSoup
from ckan.tests.helpers import call_action
from pypdfium2 import PdfDocument

from ckanext.govdata import now
from ckanext.govdata.cases.time.sweep import sweep
from tests.cases.conftest import World, call, heard, make_body, make_entry, site

FIRST_DAY = date(2026, 11, 2)
WHY = "所申请的客流数据涉及公交公司的商业秘密，本机关于11月3日书面征求其意见，其不同意公开。"
SEARCHED = "本机关检索了2020年以来的业务系统和档案，没有制作或者取得分时段客流数据。"
ELSEWHERE = "该数据由市交通运输局负责，联系电话0551-62640000，请向其提出申请。"
MISSING = "1. 安全承诺书未加盖公章；\n2. 缺少数据使用人员名单。"
OBJECTION = "商业秘密的认定没有说明理由，请复查。"
MISUSED = "经核查，贵方将所获取的客流数据提供给第三方用于商业推广，超出申请用途。"
TERMS_OF_USE = "数据使用条款（2026-2）第三条"
CONDITIONS = "成果公开前须注明数据来源"
OGI = "《中华人民共和国政府信息公开条例》"


@dataclass(frozen=True)
class Place:
    """A place as its letters name it; without a ``term`` the portal's own rule sets it."""

    id: str
    department: str
    authority: str
    government: str
    level: str
    region: str
    ground: str
    cited: str
    quoted: str
    classed: str
    term: str = ""
    paper: bool = True
    power: tuple[str, ...] = ()
    """By which the authority notifies; none where no text says so."""


PLACES = (
    Place("yaohai", "瑶海区民政局", "瑶海区数据资源管理局", "合肥市瑶海区人民政府",
          "county", "340102", "yaohai:第十五条",
          "《合肥市瑶海区政务数据资源共享开放管理办法》（瑶政办〔2024〕2号）第十五条",
          "按照无条件开放、依申请开放和依法不予开放三类进行管理", "依法不予开放",
          "《合肥市瑶海区政务数据资源共享开放管理办法》（瑶政办〔2024〕2号）第十七条",
          power=("yaohai:第二十四条",)),
    Place("huaining", "怀宁县交通局", "怀宁县数据资源管理局", "怀宁县人民政府", "county", "340822",
          "huaining:第二十四条",
          "《怀宁县政务数据资源管理暂行办法》（怀政办发〔2021〕5号）第二十四条",
          "分为无条件开放类、有条件开放类和非开放类三种类型", "非开放类",
          power=("huaining:第三十一条",)),
    Place("xinxian", "新县交通局", "新县政务服务和大数据管理局", "新县人民政府", "county", "411523",
          "xinxian:第二十六条", "《新县政务数据资源共享开放管理办法》第二十六条",
          "政务数据开放分为无条件开放、有条件开放和不予开放三种类型", "不予开放"),
    Place("anhui", "安徽省交通厅", "安徽省数据资源局", "安徽省人民政府", "province", "34",
          "anhui:第三十六条", "《安徽省政务数据资源管理办法》（安徽省人民政府令第299号）第三十六条",
          "政务数据分为无条件开放类、有条件开放类和非开放类", "非开放类", paper=False,
          power=("anhui:第四十三条",)),
)  # fmt: skip


@dataclass(frozen=True)
class ReadLetter:
    """One letter: what its page says and what its paper says, without blanks; its file's name."""

    page: str
    paper: str
    file: str
    kept: dict[str, Any]

    def says(self, *words: str) -> None:
        """Page and paper have all of these words."""
        for text in (self.page, self.paper):
            missing = [one for one in words if flat(one) not in text]
            assert not missing, f"{missing} not in {text}"

    def omits(self, *words: str) -> None:
        """Neither has any of these words."""
        for text in (self.page, self.paper):
            assert not [one for one in words if flat(one) in text]


def flat(text: str) -> str:
    """Without blanks, and with the marks that fonts of PDF write in another way."""
    return re.sub(r"\s", "", text).replace("\ufffe", "-").replace("⼀", "一")


Letters = dict[str, ReadLetter]
KNOWN: dict[str, Letters] = {}
"""By place, so that each is made once however many lines are asked of it."""


def seated(world: World, place: Place) -> World:
    """The world with a department and an authority of that place, its people working there."""
    if place.id == "yaohai":
        department, authority = world.department, world.authority
    else:
        own = {"level": place.level, "region": place.region}
        above = make_body(f"{place.id}-gov", place.government, jurisdiction=place.id,
                          role="government", **own)  # fmt: skip
        within = [{"name": above["name"]}]
        department = make_body(f"{place.id}-dept", place.department, groups=within, **own)
        authority = make_body(f"{place.id}-data", place.authority, groups=within,
                              role="authority", **own)  # fmt: skip
        for body, user, role in ((department, "officer", "editor"), (department, "head", "admin"),
                                 (authority, "authority", "admin")):  # fmt: skip
            tk.get_action("organization_member_create")(
                site(), {"id": body["id"], "username": user, "role": role}
            )
    for body, phone in ((department, "0551-62620001"), (authority, "0551-62620002")):
        tk.get_action("organization_patch")(
            site(), {"id": body["id"], "contact_office": "政务公开科", "contact_phone": phone}
        )
    return World(department, authority, make_entry(department["id"], open_basis=f"{OGI}第十五条"))


class Writing:
    """Cases of one place, from which the letters come."""

    def __init__(self, world: World, place: Place, app: Any) -> None:
        self.world, self.place, self.app = world, place, app
        token = call_action("api_token_create", context={"user": "citizen"}, user="citizen",
                            name=f"letters-{place.id}")  # fmt: skip
        self.headers = {"Authorization": token["token"]}
        grounds = [place.ground, "open_government_information:第十五条"]
        self.withheld = {"reason": WHY, "basis": grounds}
        self.found: Letters = {}

    def read(self, name: str, case_id: str, event: str) -> None:
        """The letter of that event as its addressee reads it."""
        letters = call("citizen", "govdata_case_show", id=case_id)["letters"]
        kept = next(one for one in reversed(letters) if one["decision"] == event)
        address = f"/zh_Hans_CN/cases/{case_id}/letter/{kept['number']}"
        shown = BeautifulSoup(self.app.get(address, headers=self.headers).body, "html.parser")
        page = shown.select_one("article")
        assert page is not None
        answer = self.app.get(f"{address}.pdf", headers=self.headers)
        sheets = PdfDocument(answer.get_data())
        paper = "".join(sheet.get_textpage().get_text_range() for sheet in sheets)
        name_of_file = answer.headers["Content-Disposition"]
        self.found[name] = ReadLetter(flat(page.text), flat(paper), name_of_file, kept)

    def prepared(self, proposal: str = "refuse", **more: Any) -> dict[str, Any]:
        case = self.world.apply(**more)
        self.world.act("officer", case["id"], "accept")
        return self.world.act("officer", case["id"], "propose", proposal=proposal, note="拟办")

    def refuse(self, name: str, **fields: Any) -> str:
        case = self.prepared()
        self.world.act("head", case["id"], "refuse", **fields)
        self.read(name, case["id"], "refused")
        return case["id"]

    def all(self) -> Letters:
        act = self.world.act
        refused = self.refuse("withheld", **self.withheld)
        self.read("receipt", refused, "submitted")
        act("citizen", refused, "object", grounds=OBJECTION)
        act("authority", refused, "uphold", **self.withheld)
        self.read("upheld", refused, "upheld")
        ground = "open_government_information:第三十六条第{}项".format
        self.refuse("absent", reason=SEARCHED, basis=[ground("四")])
        self.refuse("not_ours", reason=ELSEWHERE, basis=[ground("五")])
        ordered = self.refuse("again", **self.withheld)
        act("citizen", ordered, "object", grounds=OBJECTION)
        act("authority", ordered, "notify_decision", reason=WHY, power=list(self.place.power))
        self.read("ordered", ordered, "decision_notified")
        act("officer", ordered, "propose", proposal="refuse", note="拟不予开放")
        act("head", ordered, "refuse", **self.withheld)
        self.read("spent", ordered, "refused")
        self.granted()
        self.late()
        self.lapsed()
        return self.found

    def granted(self) -> None:
        case = self.prepared("approve")
        self.world.act(
            "head", case["id"], "approve_conditionally", conditions=CONDITIONS, reason=WHY,
            basis=["personal_information:第二十五条"],
        )  # fmt: skip
        self.read("conditions", case["id"], "conditionally_approved")
        file = self.world.entry["resources"][0]["id"]
        case = self.prepared("approve_partly")
        form = self.world.form()
        self.world.act(
            "head", case["id"], "approve_partly", grant_resources=[file],
            grant_columns={file: ["线路名称"]}, valid_from=form["period_from"],
            valid_until=form["period_until"], **self.withheld,
        )  # fmt: skip
        self.read("partly", case["id"], "partly_approved")
        case = self.prepared("approve_partly")
        self.world.act(
            "head", case["id"], "approve_partly", grant_resources=[file], row_limit=100,
            grant_columns={file: ["线路名称", "客流量"]}, valid_from=form["period_from"],
            valid_until=form["period_until"], **self.withheld,
        )  # fmt: skip
        self.read("rows", case["id"], "partly_approved")
        case = self.prepared("approve")
        self.world.act("head", case["id"], "approve")
        self.read("granted", case["id"], "approved")
        for how, name in ((True, "grant_suspended"), (False, "grant_revoked")):
            call("head", "govdata_grant_revoke", id=self.grant_of(case["id"]), suspend=how,
                 reason=MISUSED, basis=TERMS_OF_USE, **({} if how else heard()))  # fmt: skip
            self.read(name, case["id"], name)

    def grant_of(self, case_id: str) -> str:
        return call("head", "govdata_case_show", id=case_id)["grant"]

    def late(self) -> None:
        case = self.prepared()
        now.move(date.fromisoformat(case["due"]) + timedelta(days=2))
        self.world.act("head", case["id"], "refuse", **self.withheld)
        self.read("late", case["id"], "refused")
        now.move(FIRST_DAY)

    def lapsed(self) -> None:
        case = self.world.apply()
        shown = self.world.act("officer", case["id"], "request_supplement", missing_items=MISSING)
        self.read("supplement", case["id"], "supplement_requested")
        after = date.fromisoformat(shown["lapses"]) + timedelta(days=1)
        now.move(after)
        assert not sweep(model.Session, after)[1]
        self.read("lapsed", case["id"], "lapsed")


def letters_of(place: Place, portal: Callable[[], Iterable[Any]]) -> Letters:
    """All letters of a place; its cases are written, in a ``portal`` made for them (a world and
    its web application), on a day when all its texts are in force."""
    if place.id not in KNOWN:
        world, app = portal()
        now.move(FIRST_DAY)
        try:
            KNOWN[place.id] = Writing(seated(world, place), place, app).all()
        finally:
            now.move(None)
    return KNOWN[place.id]
