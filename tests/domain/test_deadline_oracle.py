"""Ten thousand cases, 2018 to 2027, through the engine, against a clock that walks day by day.

The oracle shares no code with the engine: it keeps a diary of what was done on which day, and for
each clock goes through the calendar one day after the other, crossing out days off by a printed
list and days on which the clock stood.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from case_world import AUTHORITY, CITIZEN, CLOCKS, HEAD, OFFICER, choices, procedure, terms_of
from test_case_machine import FIELDS, filled
from test_clock import STRIP, UNPUBLISHED, is_worked

from ckanext.govdata.domain.case import Case, apply, open_case
from ckanext.govdata.domain.clock import Unit
from ckanext.govdata.domain.decision import Refused, decide
from ckanext.govdata.domain.elapse import elapse, recounted
from ckanext.govdata.domain.refusal import Refusal
from ckanext.govdata.rules.rule_files import load_calendar

CALENDAR = load_calendar()
CASES = 10_000
DAY = timedelta(days=1)
PLACE = {day: number for number, day in enumerate(STRIP)}
LAST_START = PLACE[date(2027, 4, 1)]
ROLES = {
    "accept": OFFICER, "request_supplement": OFFICER, "supply": CITIZEN, "extend": HEAD,
    "propose": OFFICER, "send_back": HEAD, "refuse": HEAD, "object": CITIZEN,
    "notify_decision": AUTHORITY, "uphold": AUTHORITY, "withdraw": CITIZEN,
    "approve": HEAD, "consult": OFFICER, "end_consultation": OFFICER,
    "note_answer": OFFICER,
}
WAYS = {
    "submitted": ("accept", "request_supplement", "accept", "withdraw"),
    "accepted": ("propose", "propose", "consult", "extend"),
    "consulting": ("consult", "note_answer", "note_answer", "end_consultation"),
    "supplement": ("supply", "supply", "supply", "withdraw"),
    "prepared": ("refuse", "refuse", "send_back", "extend", "approve"),
    "refused": ("object", "object"),
    "objected": ("notify_decision", "uphold"),
}
FINAL = {"approved", "partly_approved", "upheld", "withdrawn", "lapsed", "discarded"}


@dataclass
class Diary:
    """What the oracle knows of one clock."""

    start: date
    amount: int
    working: bool
    stood: list[list[date]] = field(default_factory=list)
    stopped: date | None = None
    longer: int = 0

    def due(self) -> date | None:
        """Walk until so many days have counted; None while the clock stands, for nobody knows."""
        if self.standing():
            return None
        left, number = self.amount, PLACE[self.start]
        while left:
            number += 1
            day = STRIP[number]
            counts = not self.working or is_worked(day)
            left -= counts and not any(since < day <= until for since, until in self.stood)
        return STRIP[number]

    def standing(self) -> bool:
        return bool(self.stood) and self.stood[-1][1] == date.max


class Oracle:
    """The diaries of a case: which clock which act starts, stops, halts and sets going again."""

    def __init__(self, days: dict[str, int], working: dict[str, bool]) -> None:
        self.days, self.working = days, working
        self.clocks: dict[str, Diary] = {}
        self.unanswered: list[date | None] = []

    def begin(self, name: str, day: date) -> None:
        self.clocks[name] = Diary(day, self.days[name], self.working[name])

    def end(self, day: date, *names: str) -> None:
        for name in names:
            clock = self.clocks.get(name)
            if clock and clock.stopped is None:
                if clock.standing():
                    clock.stood[-1][1] = day
                clock.stopped = day

    def write(self, act: str, day: date) -> None:  # noqa: C901
        decide_clock = self.clocks.get("decide")
        if act == "submit":
            self.begin("check", day)
            self.begin("decide", day)
        elif act == "request_supplement":
            self.end(day, "check")
            decide_clock.stood.append([day, date.max])
            self.begin("supplement", day)
        elif act == "deem":
            self.end(day, "check")
        elif act == "consult":
            # The text's own term of the answer runs on; that of the third party counts from when
            # the letter is there, at the latest from the last day for serving it.
            self.unanswered.append(day)
            self.begin("consult", self.reached(day))
        elif act == "note_answer":  # who answered was reached: nobody's days are counted for him
            self.unanswered[-1] = None
            self.begin("consult", self.reached(day))
        elif act == "end_consultation":
            self.end(day, "consult")
        elif act == "supply":
            self.end(day, "supplement")
            decide_clock.stood[-1][1] = day
        elif act == "accept":
            self.end(day, "check")
        elif act == "extend":
            decide_clock.amount += self.days["extension"]
            decide_clock.longer = self.days["extension"]
        elif act == "refuse":
            self.end(day, "decide")
            if "object" not in self.clocks:  # one may object once: an ordered decision is the last
                self.begin("object", day)
        elif act == "object":
            self.end(day, "object")
            self.begin("review", day)
        elif act == "notify_decision":
            self.end(day, "review")
            self.begin("decide", day)
        elif act in ("uphold", "approve", "withdraw", "lapse"):
            self.end(day, *self.clocks)
            if act == "lapse":
                self.begin("reopen", day)

    def reached(self, today: date) -> date:
        """From when the days of third parties count, of whom nothing but answers is noted."""
        waiting = max(filter(None, self.unanswered), default=None)
        if waiting is None:
            return today
        return Diary(waiting, self.days["serve"], self.working["serve"]).due()

    def owe(self) -> None:
        """Nothing is there to be fetched: of the same day of receipt the data is due, too."""
        decide_clock = self.clocks["decide"]
        self.begin("provide", decide_clock.start)
        self.clocks["provide"].amount += decide_clock.longer
        self.clocks["provide"].stood = [list(one) for one in decide_clock.stood]


def check(case: Case, oracle: Oracle, today: date) -> int:
    """Compare every clock of the engine with its diary; how many days were compared."""
    assert set(case.clocks) == set(oracle.clocks)
    for name, clock in case.clocks.items():
        diary = oracle.clocks[name]
        assert (clock.start, clock.stopped) == (diary.start, diary.stopped), name
        assert clock.runs == (diary.stopped is None and not diary.standing()), name
        if clock.runs or clock.stopped:
            due = diary.due()
            assert clock.due == due, (name, clock, diary)
            assert clock.late(today) == (due < (diary.stopped or today)), name
            counted = STRIP[PLACE[clock.start] + 1 : PLACE[due] + 1]
            provisional = any(day.year == 2027 for day in counted)
            assert clock.provisional == provisional, (name, clock)
    return len(case.clocks)


def swept(case: Case, oracle: Oracle, rules, today: date) -> Case:
    """What time did by today, dated to the day on which it became true; a second look is empty."""
    before = {name: (diary.due(), diary.standing()) for name, diary in oracle.clocks.items()}
    for event in elapse(case, rules, CALENDAR, today):
        name = event.fields["clock"]
        due, standing = before[name]
        assert not standing
        assert due < today
        assert event.day == max(due + DAY, case.last)
        if event.name == "acceptance_deemed":
            assert (name, event.fields["accepted"]) == ("check", due.isoformat())
            oracle.write("deem", max(due, case.last))
        elif event.name == "consultation_ended":
            assert name == "consult"
            oracle.write("end_consultation", max(due, case.last))
        elif event.name == "lapsed":
            assert name == "supplement"
            oracle.write("lapse", event.day)
        else:
            assert event.name == "overdue"
            assert name in ("decide", "review")
        case = apply(case, event)
    assert elapse(case, rules, CALENDAR, today) == ()
    running = (name for name, clock in case.clocks.items() if clock.runs and clock.due < today)
    for name in running:
        assert case.clocks[name].overdue_said or name in ("object", "reopen"), name
    return case


def story(chance: random.Random) -> int:
    """One case from submission to its end, acts on random days; how many clocks were compared."""
    days = {name: chance.randint(1, 20) for name in (*CLOCKS, "extension")}
    working = {name: chance.random() < 0.85 for name in CLOCKS}
    units = {name: Unit.WORKING_DAYS if working[name] else Unit.CALENDAR_DAYS for name in CLOCKS}
    rules = terms_of(days, units, STRIP[0])
    oracle, compared = Oracle(days, working), 0
    today = STRIP[chance.randrange(LAST_START)]
    case = open_case(procedure(), CITIZEN.id, today)
    act, actor = "submit", CITIZEN
    for _turn in range(14):
        fields = filled(act, today, case)
        if act == "submit":
            fields = {**fields, "period_from": today.isoformat()}
        if act == "note_answer":
            latest = str(case.asked_parties[-1].number)
            fields = {**fields, "party_letter": latest, "party_answer": "agreed"}
        there = chance.random() < 0.5
        known = choices(today) if there else replace(choices(today), fetchable=frozenset())
        answer = decide(case, act, fields, actor, rules, CALENDAR, known)
        if isinstance(answer, Refused):
            assert {reason.code for reason in answer.reasons} <= {
                "already_given", "too_late", "parties_not_heard", "delivery_not_noted"
            }  # fmt: skip
        else:
            case = apply(case, answer)
            oracle.write(act, today)
            if act == "approve" and not there:
                oracle.owe()
        compared += check(case, oracle, today)
        if case.state in FINAL:
            break
        today += timedelta(days=chance.choice((0, 0, 1, 1, 2, 3, 5, 8, 13, 34)))
        if today > date(2027, 8, 1):
            break
        if chance.random() < 0.7:
            case = swept(case, oracle, rules, today)
        ways = WAYS.get(case.state)
        if not ways:
            break
        act = chance.choice(ways)
        actor = ROLES[act]
    return compared + check(case, oracle, today)


@pytest.mark.parametrize("part", range(10))
def test_ten_thousand_cases_have_the_oracles_days(part):
    chance = random.Random(f"govdata {part}")
    compared = sum(story(chance) for _ in range(CASES // 10))
    assert compared > CASES // 10 * 4


def test_the_stories_reach_every_clock_and_the_hard_days(monkeypatch):
    seen: set[str] = set()
    original = Diary.due

    def noted(self):
        found = original(self)
        if found is None:
            return None
        walked = STRIP[PLACE[self.start] + 1 : PLACE[found] + 1]
        seen.add("pause" if self.stood else "no pause")
        seen.update(f"year {day.year}" for day in walked)
        seen.update("make-up day" for day in walked if day.isoweekday() > 5 and is_worked(day))
        seen.update("holiday" for day in walked if day.isoweekday() <= 5 and not is_worked(day))
        seen.update("unpublished" for day in walked if day in UNPUBLISHED)
        seen.update("year end" for day in walked if (day.month, day.day) == (12, 31))
        return found

    monkeypatch.setattr(Diary, "due", noted)
    chance = random.Random("coverage")
    for _ in range(1_000):
        story(chance)
    years = {f"year {year}" for year in range(2018, 2028)}
    special = {"make-up day", "holiday", "unpublished", "year end", "pause", "no pause"}
    assert years | special <= seen


def test_a_notice_for_the_provisional_year_moves_cases_to_the_oracles_new_days(monkeypatch):
    """When the notice for 2027 comes the same stories have the days of the new calendar."""
    import test_clock

    moved = 0
    later = {date(2027, 3, 1), date(2027, 3, 2), date(2027, 3, 3)}
    special = next(iter(CALENDAR.special.values()))
    published = replace(
        CALENDAR,
        special={
            **CALENDAR.special,
            **{day: replace(special, kind=type(special.kind).HOLIDAY) for day in later},
        },
        noticed=CALENDAR.noticed | {2027},
        computed=CALENDAR.computed - {2027},
    )
    chance = random.Random("notice")
    cases = []
    for _ in range(300):
        today = date(2027, 1, 15) + timedelta(days=chance.randint(0, 60))
        days = {name: chance.randint(1, 20) for name in (*CLOCKS, "extension")}
        units = dict.fromkeys(CLOCKS, Unit.WORKING_DAYS)
        oracle = Oracle(days, dict.fromkeys(CLOCKS, True))
        case = open_case(procedure(), CITIZEN.id, today)
        event = decide(
            case, "submit", {**FIELDS["submit"], "period_from": today.isoformat()}, CITIZEN,
            terms_of(days, units, STRIP[0]), CALENDAR, choices(today),
        )
        assert not isinstance(event, (Refused, Refusal)), event
        oracle.write("submit", today)
        cases.append((apply(case, event), oracle))
    monkeypatch.setattr(test_clock, "UNPUBLISHED", UNPUBLISHED | later)
    for case, oracle in cases:
        event = recounted(case, published)
        assert event is not None, "at least it is not provisional any more"
        after = apply(case, event)
        moved += bool(event.fields["due"])
        for name, clock in after.clocks.items():
            assert clock.due == oracle.clocks[name].due()
            assert not clock.provisional
        assert recounted(after, published) is None
    assert moved > 100
