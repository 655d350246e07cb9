"""The post as a whole: by classes in turn, in one call for many, and nothing lost, held or doubled
by a server that refuses, closes, breaks off or says nothing, or by a restart."""

from __future__ import annotations

import runpy
import signal
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import ckan.model as model
import pytest
import sqlalchemy as sa

import ckanext.govdata
from ckanext.govdata import now
from ckanext.govdata.domain.letter_class import LetterClass
from ckanext.govdata.job import Job, UnbrokenSteps, Unfinished
from ckanext.govdata.notices import mail_delivery, outbox, sentences
from ckanext.govdata.notices.model import outbox as table
from ckanext.govdata.notices.notice import Telling, tell
from ckanext.govdata.notices.outbox import Post
from ckanext.govdata.scheduler import timetable
from ckanext.govdata.security import smtp
from tests.mailbox import portal_mailbox

E, D, R, G = LetterClass
FACTS = {"reference": "KF-瑶海-2026-000001", "due": "2026-12-04", "count": 7, "name": "x"}


@pytest.fixture
def server(ckan_config, monkeypatch):
    with portal_mailbox(ckan_config, monkeypatch) as found:
        yield found


@pytest.fixture
def readers(fresh):
    """Ids of ten who are told each notice by a letter."""
    made = [model.User(name=f"reader{n}", email=f"reader{n}@example.invalid", password="x" * 20)
            for n in range(10)]
    model.Session.add_all(made)
    model.Session.commit()
    return [one.id for one in made]


@pytest.fixture
def deliver(app):
    def all_due():
        with app.flask_app.app_context():
            return mail_delivery.deliver()

    return all_due


def say(user, key, kind="accepted", together=False):
    tell(model.Session, [Telling(key, user, kind, "case-1", FACTS)], together)
    model.Session.commit()


def say_all(readers):
    for number, reader in enumerate(readers):
        say(reader, f"k{number}")


def waiting():
    query = sa.select(table).where(table.c.sent.is_(None)).order_by(table.c.id)
    return model.Session.execute(query).all()


def all_due_again():
    model.Session.execute(sa.update(table).values(next_try=now.now() - timedelta(seconds=1)))
    model.Session.commit()


# --- Classes ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("emergency_late", E), ("accepted", D), ("refused", D), ("overdue", R), ("reminder", R),
        ("overdue_many", R), ("grant_ending", R), ("lapsed", D), ("a_new_procedures_event", D),
    ],
)
def test_a_letter_is_of_the_class_of_what_it_tells(readers, kind, expected):
    say(readers[0], "k", kind)
    assert [row.urgency for row in waiting()] == [expected]


def test_whatever_has_a_class_has_words():
    assert set(sentences.CLASSES) <= set(sentences.WORDS)


def test_a_letter_of_several_is_of_the_class_of_what_presses_most(readers):
    kinds = ("reminder", "lapsed", "overdue")
    tellings = [Telling(kind, readers[0], kind, "case-1", FACTS) for kind in kinds]
    tellings.append(Telling("other", readers[1], "reminder", "case-1", FACTS))
    assert tell(model.Session, tellings, together=True) == 4
    assert sorted(row.urgency for row in waiting()) == [D, R]


def put(*posts: tuple[str, LetterClass]) -> None:
    outbox.post(model.Session, [Post(key, "x", urgency=urgency) for key, urgency in posts])
    model.Session.commit()


def sent_in_order(during=lambda key: None) -> list[str]:
    seen: list[str] = []

    def send(_session, row) -> str:
        seen.append(row.key)
        during(row.key)
        return ""

    mail_delivery.empty(("x",), send)
    return seen


def test_an_emergency_waits_for_nobody(fresh):
    put(*((f"g{n}", G) for n in range(300)), *((f"d{n}", D) for n in range(300)), ("e", E))
    assert sent_in_order()[0] == "e"


def test_an_emergency_that_comes_in_the_middle_of_a_run_is_the_next(fresh):
    put(*((f"g{n}", G) for n in range(20)))

    def declared(key):
        if key == "g3":
            outbox.post(model.Session, [Post("e", "x", urgency=E)])

    assert sent_in_order(declared)[3:6] == ["g3", "e", "g4"]


def test_no_class_waits_for_the_end_of_another(fresh):
    put(*((f"{one.name} {n}", one) for one in (D, R, G) for n in range(50)))
    first = sent_in_order()[:20]
    assert {key.split()[0] for key in first} == {"DECISION", "REMINDER", "DIGEST"}
    counts = [sum(key.startswith(one.name) for key in first) for one in (D, R, G)]
    assert counts == sorted(counts, reverse=True)


def test_what_waits_at_the_upgrade_gets_a_class(fresh):
    migration = runpy.run_path(str(
        Path(ckanext.govdata.__file__).parent
        / "migration/govdata/versions/028_letter_classes.py"))
    model.Session.execute(sa.text(migration["DOWN"]))
    kinds = ("mail", "digest", "emergency_mail", "emergency_confirm", "former_address")
    for kind in kinds:
        model.Session.execute(sa.text(
            "INSERT INTO govdata_outbox (key, kind, payload, at, next_try)"
            f" VALUES ('{kind}', '{kind}', '{{}}', now(), now())"))
    model.Session.execute(sa.text(migration["UP"]))
    model.Session.commit()
    assert {row.kind: row.urgency for row in waiting()} == {
        "mail": D, "digest": G, "emergency_mail": E, "emergency_confirm": D, "former_address": D}


# --- The mail server --------------------------------------------------------------------------


def test_many_letters_are_one_call(readers, server, deliver):
    say_all(readers)
    assert deliver() == {"sent": 10, "failed": 0}
    assert server.calls == 1


def test_after_so_many_letters_the_server_is_called_anew(readers, server, deliver, monkeypatch):
    monkeypatch.setattr(smtp, "LETTERS", 4)
    say_all(readers)
    assert deliver() == {"sent": 10, "failed": 0}
    assert server.calls == 3


def test_an_address_that_is_refused_holds_nobody(readers, server, deliver):
    server.unknown = ["reader3@"]
    say_all(readers)
    assert deliver() == {"sent": 9, "failed": 1}
    assert server.calls == 1
    [row] = waiting()
    assert row.tries == 1
    assert "550" in row.problem
    server.unknown = []
    all_due_again()
    assert deliver() == {"sent": 1, "failed": 0}


@pytest.mark.parametrize("letters", [1, 3])
def test_a_server_that_closes_after_some_letters_gets_all_of_them_once(
    readers, server, deliver, letters
):
    server.closes_after = letters
    say_all(readers)
    assert deliver() == {"sent": 10, "failed": 0}
    assert len({one["Message-ID"] for one in server.letters}) == len(server.letters) == 10


def test_a_server_that_says_nothing_costs_a_moment_and_no_letter_a_try(
    readers, server, deliver, monkeypatch
):
    monkeypatch.setattr(smtp, "SECONDS", 0.2)
    server.silent = True
    say_all(readers)
    began = time.monotonic()
    with pytest.raises(Unfinished, match="cannot be reached"):
        deliver()
    assert time.monotonic() - began < 5
    assert server.calls == 1
    assert [row.tries for row in waiting()] == [0] * 10
    server.silent = False
    assert deliver() == {"sent": 10, "failed": 0}


def test_the_time_for_a_silent_server_is_some_seconds():
    assert smtp.SECONDS <= 15


def test_a_server_that_is_away_counts_against_no_letter_and_operators_are_told(
    readers, server, app, monkeypatch, ckan_config
):
    monkeypatch.setitem(ckan_config, "smtp.server", "127.0.0.1:1")
    say(readers[0], "k")
    job = Job("outbox", "* * * * *", mail_delivery.deliver)
    monkeypatch.setattr(timetable.slices, "listed", lambda *_of: [job])
    timetable.run(app.flask_app, job)
    assert [row.tries for row in waiting()] == [0]
    [said] = timetable.warnings()
    assert "ConnectionRefusedError" in said
    monkeypatch.setitem(ckan_config, "smtp.server", server.place)
    assert timetable.run(app.flask_app, job)
    assert waiting() == []
    assert timetable.warnings() == []


def test_a_line_that_breaks_is_counted_against_the_letter_under_way_alone(
    readers, server, deliver
):
    server.breaks = True
    say_all(readers)
    with pytest.raises(Unfinished):
        deliver()
    assert server.calls == 1
    assert sorted(row.tries for row in waiting()) == [0] * 9 + [1]
    server.breaks = False
    assert deliver() == {"sent": 9, "failed": 0}, "what may have broken it waits longer"


def test_an_address_stands_in_no_word_about_a_broken_line(fresh):
    problem = smtp.smtplib.SMTPRecipientsRefused({"wang@example.invalid": (421, b"bye")})
    assert "wang" not in smtp.LineBroken(problem, midway=True).brief


# --- Giving up --------------------------------------------------------------------------------


def test_for_how_many_days_a_letter_is_tried_is_set_in_one_place(
    readers, server, deliver, monkeypatch, ckan_config, app
):
    monkeypatch.setitem(ckan_config, "ckanext.govdata.notices.patience", 3)
    server.refuses = True
    say(readers[0], "k", "reminder")
    for _ in range(2):
        old = now.now() - timedelta(days=4)
        model.Session.execute(sa.update(table).values(at=old, next_try=old))
        model.Session.commit()
        assert deliver() == {"sent": 0, "failed": 1}
    assert waiting() == []
    with app.flask_app.app_context():
        [said] = mail_delivery.warnings()
    assert "3 days of trying: 1 reminder" in said


def test_what_waited_for_a_server_that_was_away_is_not_given_up_at_its_first_try(
    readers, server, deliver
):
    say(readers[0], "k")
    old = now.now() - timedelta(days=30)
    model.Session.execute(sa.update(table).values(at=old, next_try=old))
    model.Session.commit()
    server.refuses = True
    deliver()
    assert [row.tries for row in waiting()] == [1]


# --- A restart --------------------------------------------------------------------------------


def test_who_is_told_to_end_ends_between_two_letters(readers, server, app, monkeypatch):
    steps = UnbrokenSteps()
    monkeypatch.setattr(mail_delivery, "steps", steps)
    say_all(readers)
    ended: list[bool] = []
    ending = threading.Thread(target=lambda: ended.append(steps.end(10)))

    def at_third(_letter):
        if len(server.letters) == 3:
            ending.start()
            while not steps._ending:
                pass

    server.at_letter = at_third
    with app.flask_app.app_context():
        done = mail_delivery.deliver()
    ending.join()
    assert ended == [True]
    assert done == {"sent": 3, "failed": 0}
    monkeypatch.setattr(mail_delivery, "steps", UnbrokenSteps())
    with app.flask_app.app_context():
        mail_delivery.deliver()
    assert len(server.letters) == 10
    assert len({one["Message-ID"] for one in server.letters}) == 10


def test_the_end_waits_for_a_step_that_hangs_no_longer_than_it_may():
    steps = UnbrokenSteps()
    with steps.step() as goes_on:
        assert goes_on
        assert not steps.end(0.01)
    assert steps.end(0)
    with steps.step() as goes_on:
        assert not goes_on


ENDED = """
import os, signal, sys, threading
from ckanext.govdata.job import steps
from ckanext.govdata.scheduler import timetable
signal.signal(signal.SIGTERM, timetable.end)
inside = threading.Event()
def work():
    with steps.step():
        inside.set()
        told.wait()
        while not steps._ending:
            pass
        print("noted", flush=True)
told = threading.Event()
threading.Thread(target=work, daemon=True).start()
inside.wait()
told.set()
os.kill(os.getpid(), signal.SIGTERM)
print("still there")
"""


def test_a_scheduler_that_is_told_to_end_notes_the_letter_under_way_and_ends():
    done = subprocess.run([sys.executable, "-c", ENDED], capture_output=True, text=True, timeout=60)
    assert done.stdout == "noted\n", done.stderr
    assert done.returncode == -signal.SIGTERM


def test_a_kill_in_the_middle_sends_one_letter_again_with_the_same_key(
    readers, server, app, monkeypatch
):
    say_all(readers)
    note = mail_delivery._note

    def killed(session, row, values):
        if len(server.letters) == 4:
            raise SystemExit
        note(session, row, values)

    monkeypatch.setattr(mail_delivery, "_note", killed)
    with app.flask_app.app_context(), pytest.raises(SystemExit):
        mail_delivery.deliver()
    model.Session.remove()
    monkeypatch.setattr(mail_delivery, "_note", note)
    with app.flask_app.app_context():
        mail_delivery.deliver()
    keys = [one["Message-ID"] for one in server.letters]
    assert len(keys) == 11
    assert len(set(keys)) == 10
