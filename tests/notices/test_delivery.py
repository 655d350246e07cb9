"""The outbox: a real mail server hears each letter once, and a failure is tried again."""

import json
from datetime import date, timedelta
from itertools import pairwise

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata import now, settings
from ckanext.govdata.notices import mail_delivery, sentences
from ckanext.govdata.notices.model import outbox
from ckanext.govdata.notices.notice import FEW, Telling, gathered, tell
from tests.mailbox import portal_mailbox


@pytest.fixture
def server(ckan_config, monkeypatch):
    with portal_mailbox(ckan_config, monkeypatch) as found:
        yield found


@pytest.fixture
def reader(fresh):
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    made = tk.get_action("user_create")(
        {"ignore_auth": True, "user": user["name"]},
        {"name": "reader", "email": "reader@example.invalid", "password": "Correct-horse-7"},
    )
    yield made["id"]
    now.move(None)


def prefer(mail: str) -> None:
    tk.get_action("govdata_notice_preference_update")(
        {"user": "reader", "auth_user_obj": model.User.get("reader")}, {"mail": mail}
    )


FACTS = {
    "reference": "KF-瑶海-2026-000001", "title": "公交线路", "due": "2026-12-04",
    "procedure": "open_application", "role": "applicant",
}


def say(reader, key="k1", kind="received"):
    count = tell(model.Session, [Telling(key, reader, kind, "case-1", FACTS)])
    model.Session.commit()
    return count


def waiting():
    return model.Session.execute(sa.select(outbox)).all()


def test_a_letter_is_sent_once_with_a_key(reader, server, app):
    assert say(reader) == 1
    assert say(reader) == 0
    with app.flask_app.app_context():
        assert mail_delivery.deliver() == {"sent": 1, "failed": 0}
        assert mail_delivery.deliver() == {"sent": 0, "failed": 0}
    [letter] = server.letters
    assert letter["To"] == "reader <reader@example.invalid>"
    assert letter["Message-ID"] == "<mail.k1@govdata-test>"
    assert "KF-瑶海-2026-000001" in letter.get_content()
    assert "/cases/case-1" in letter.get_content()


@pytest.mark.parametrize(("language", "subject", "first", "last"), [
    ("zh_Hans_CN", "KF-瑶海-2026-000001 “公交线路”：回执", "reader，您好：", "年"),
    ("en", "KF-瑶海-2026-000001 “公交线路”: Receipt", "Dear reader,", "20"),
])  # fmt: skip
def test_a_letter_greets_says_what_next_and_who_writes(
    reader, server, app, language, subject, first, last
):
    """And its subject names the case, and is not the sentence over again."""
    tk.get_action("govdata_notice_preference_update")(
        {"user": "reader", "auth_user_obj": model.User.get(reader)},
        {"mail": "each", "language": language},
    )
    say(reader)
    with app.flask_app.app_context():
        mail_delivery.deliver()
    [letter] = server.letters
    assert letter["Subject"] == f"[{settings.site_title()}] {subject}"
    lines = letter.get_content().strip().split("\n")
    assert lines[0] == first
    assert [one for one in lines if one.endswith("/cases/case-1") and not one.startswith("http")]
    assert lines[-2] == settings.site_title()
    assert last in lines[-1]


def test_a_failure_is_tried_again_later_and_nothing_is_lost(reader, server, app):
    say(reader)
    server.refuses = True
    with app.flask_app.app_context():
        assert mail_delivery.deliver() == {"sent": 0, "failed": 1}
        [row] = waiting()
        assert row.tries == 1
        assert "451" in row.problem or "later" in row.problem
        server.refuses = False
        assert mail_delivery.deliver() == {"sent": 0, "failed": 0}
        model.Session.execute(sa.update(outbox).values(next_try=now.now() - timedelta(seconds=1)))
        model.Session.commit()
        assert mail_delivery.deliver() == {"sent": 1, "failed": 0}
    assert len(server.letters) == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh_Hans_CN", "答复期限"), ("zh_Hant_TW", "答覆期限"), ("en", "was received")],
)
def test_the_letter_is_in_the_readers_language(reader, server, app, language, words):
    user = model.User.get(reader)
    tk.get_action("govdata_notice_preference_update")(
        {"user": "reader", "auth_user_obj": user}, {"mail": "each", "language": language}
    )
    say(reader)
    with app.flask_app.app_context():
        mail_delivery.deliver()
    assert words in server.letters[0].get_content()


def test_one_digest_a_day(reader, server, app):
    user = model.User.get(reader)
    tk.get_action("govdata_notice_preference_update")(
        {"user": "reader", "auth_user_obj": user}, {"mail": "daily"}
    )
    say(reader)
    say(reader, "k2", "accepted")
    assert waiting() == []
    with app.flask_app.app_context():
        assert mail_delivery.digests() == 1
        mail_delivery.digests()
        assert mail_delivery.deliver() == {"sent": 1, "failed": 0}
    text = server.letters[0].get_content()
    assert text.count("KF-瑶海-2026-000001") == 2
    assert "how you want to be told" in text


def test_a_digest_tells_what_came_since_the_last_one_and_nothing_twice(reader, server, app):
    user = model.User.get(reader)
    tk.get_action("govdata_notice_preference_update")(
        {"user": "reader", "auth_user_obj": user}, {"mail": "daily"}
    )

    def digest(day: int) -> str:
        now.move(date(2026, 3, day))
        with app.flask_app.app_context():
            mail_delivery.digests()
            mail_delivery.deliver()
        return server.letters.pop().get_content() if server.letters else ""

    try:
        now.move(date(2026, 3, 2))
        say(reader, "k1")
        assert digest(2).count("KF-瑶海-2026-000001") == 1
        say(reader, "k2", "accepted")  # and for three days the scheduler is down
        text = digest(5)
        assert text.count("KF-瑶海-2026-000001") == 1
        assert digest(6) == ""
    finally:
        now.move(None)


def test_a_digest_goes_back_a_week_at_most(reader, server, app):
    prefer("daily")
    now.move(date(2026, 3, 2))
    say(reader, "k1")
    with app.flask_app.app_context():
        assert mail_delivery.digests() == 1
        mail_delivery.deliver()
        for day in (3, 9):  # and for ten days the scheduler is down
            now.move(date(2026, 3, day))
            say(reader, f"told on {day}")
        now.move(date(2026, 3, 12))
        assert mail_delivery.digests() == 1
        mail_delivery.deliver()
    assert server.letters[-1].get_content().count("KF-瑶海-2026-000001") == 1


@pytest.mark.parametrize("mail", ["each", "none"])
def test_only_who_asked_for_a_digest_gets_one(reader, server, app, mail):
    prefer(mail)
    say(reader)
    with app.flask_app.app_context():
        assert mail_delivery.digests() == 0


def test_what_was_read_is_in_no_digest(reader, server, app):
    context = {"user": "reader", "auth_user_obj": model.User.get(reader)}
    tk.get_action("govdata_notice_preference_update")(dict(context), {"mail": "daily"})
    say(reader)
    tk.get_action("govdata_notice_read")(dict(context), {})
    with app.flask_app.app_context():
        assert mail_delivery.digests() == 0


def test_who_chose_no_language_is_written_to_in_the_portals(
    reader, server, app, ckan_config, monkeypatch
):
    monkeypatch.setitem(ckan_config, "ckan.locale_default", "zh_Hant_TW")
    assert mail_delivery.language_of(model.Session, reader) == "zh_Hant_TW"


def test_the_operator_is_not_told_of_what_failed_just_now(reader, server, app):
    say(reader)
    server.refuses = True
    with app.flask_app.app_context():
        assert mail_delivery.deliver() == {"sent": 0, "failed": 1}
        assert mail_delivery.warnings() == []


def test_a_user_who_is_gone_gets_no_mail_and_blocks_nothing(reader, server, app):
    say(reader)
    model.User.get(reader).delete()
    model.Session.commit()
    with app.flask_app.app_context():
        assert mail_delivery.deliver()["failed"] == 0
    assert server.letters == []
    assert waiting()[0].problem == "nobody to send it to"


@pytest.mark.parametrize("bad", [{"mail": "hourly"}, {"mail": "each", "language": "klingon"}, {}])
def test_a_preference_that_does_not_exist_is_refused(reader, bad):
    with pytest.raises(tk.ValidationError):
        tk.get_action("govdata_notice_preference_update")(
            {"user": "reader", "auth_user_obj": model.User.get(reader)}, bad
        )


def test_notices_are_ones_own(reader):
    say(reader)
    user = model.User.get(reader)
    context = {"user": "reader", "auth_user_obj": user}
    found = tk.get_action("govdata_notice_list")(dict(context), {})
    assert found["unread"] == 1
    assert "KF-瑶海-2026-000001" in json.dumps(found, ensure_ascii=False)
    assert tk.get_action("govdata_notice_read")(dict(context), {}) == {"read": 1}
    with pytest.raises(tk.NotAuthorized):
        tk.get_action("govdata_notice_list")({"user": "", "ignore_auth": False}, {})


def test_what_the_sweep_says_comes_in_one_mail_that_lists_the_first(reader, server, app):
    count = mail_delivery.LISTED + 2
    tellings = [
        Telling(f"k{n}", reader, "overdue", f"case-{n}", {**FACTS, "reference": f"KF-{n:03}-"})
        for n in range(count)
    ]
    assert tell(model.Session, tellings, together=True) == count
    assert tell(model.Session, tellings, together=True) == 0
    model.Session.commit()
    with app.flask_app.app_context():
        assert mail_delivery.deliver() == {"sent": 1, "failed": 0}
    text = server.letters[0].get_content()
    assert text.count("KF-") == mail_delivery.LISTED
    assert "… and 2 more." in text
    assert "/notices" in text


@pytest.mark.parametrize("number", [FEW, FEW + 1])
def test_more_than_a_few_are_gathered_into_their_number(number):
    tellings = [Telling(f"c{n}:u", "u", "overdue", f"c{n}", FACTS) for n in range(number)]
    other = Telling("c9:v", "v", "overdue", "c9", FACTS)
    found = gathered([*tellings, other])
    assert other in found
    kinds = {one.kind for one in found if one.user_id == "u"}
    assert kinds == ({"overdue"} if number == FEW else {"overdue_many"})
    assert gathered(reversed([*tellings, other]))[0].key in {one.key for one in found}


@pytest.mark.parametrize(
    "kind", ["overdue_many", "reminder_many", "overdue_reminder_many", "x_many"]
)
def test_a_number_of_cases_leads_to_the_desk(app, kind):
    with app.flask_app.test_request_context():
        words = sentences.sentence(kind, {"count": 12, "due": "2026-12-04"})
        assert "12 cases" in words
        assert "{" not in words
        assert "/cases/desk" in sentences.address(kind, None, {})
        assert sentences.address("overdue", "c1", {}).endswith("/cases/c1")


# --- One that fails for ever does not stop the others -----------------------------------------


def put(key: str, payload: str = "{}", **more) -> None:
    """A post that was put into the outbox before any other and is due."""
    instant = now.now() - timedelta(days=1)
    row = {"key": key, "kind": "mail", "payload": payload, "at": instant, "next_try": instant,
           "tries": 0, "problem": "", "recipient": "", **more}
    model.Session.execute(sa.insert(outbox).values(row))
    model.Session.commit()


BROKEN = {
    "no such fields": '{"user": "somebody"}',
    "no JSON": "{",
    "an instant that the database refuses": '{"user": "somebody", "at": "yesterday-ish"}',
    "of another kind": '["notice"]',
    "a number": "7",
}


@pytest.mark.parametrize("payload", BROKEN.values(), ids=BROKEN)
def test_a_post_that_cannot_be_read_does_not_stop_the_others(reader, server, app, payload):
    put("broken", payload)
    say(reader)
    with app.flask_app.app_context():
        assert mail_delivery.deliver() == {"sent": 1, "failed": 1}
    assert len(server.letters) == 1
    [row] = [row for row in waiting() if row.key == "broken"]
    assert row.tries == 1
    assert row.sent is None
    assert row.next_try > now.now()


@pytest.mark.parametrize("tries", [10, 41, 1000, 2**31 - 2])
def test_a_letter_that_failed_often_waits_half_a_day_at_most(reader, server, app, tries):
    say(reader)
    model.Session.execute(sa.update(outbox).values(tries=tries))
    model.Session.commit()
    server.refuses = True
    with app.flask_app.app_context():
        assert mail_delivery.deliver() == {"sent": 0, "failed": 1}
        [row] = waiting()
        assert timedelta(0) < row.next_try - now.now() <= timedelta(hours=12)
        server.refuses = False
        say(reader, "k2")
        assert mail_delivery.deliver() == {"sent": 1, "failed": 0}


def test_each_failure_makes_the_next_wait_longer(reader, server, app):
    say(reader)
    server.refuses = True
    waits = []
    for tries in range(8):
        instant = now.now()
        model.Session.execute(sa.update(outbox).values(tries=tries, next_try=instant))
        model.Session.commit()
        with app.flask_app.app_context():
            mail_delivery.deliver()
        waits.append(waiting()[0].next_try - instant)
    assert waits[0] < timedelta(minutes=2)
    assert all(later > sooner * 1.5 for sooner, later in pairwise(waits))


def test_the_operator_is_told_for_a_week_of_what_was_given_up(reader, server, app):
    for days, told in ((6, 1), (8, 0)):
        sent = now.now() - timedelta(days=days)
        put("given up", sent=sent, problem=f"{mail_delivery.GIVEN_UP}no such server")
        with app.flask_app.app_context():
            assert len(mail_delivery.warnings()) == told
        model.Session.execute(sa.delete(outbox))
        model.Session.commit()


def test_a_letter_that_nobody_takes_is_given_up_and_the_operator_is_told(reader, server, app):
    say(reader)
    server.refuses = True
    for days, given_up in ((2, False), (11, True)):
        old = now.now() - timedelta(days=days)
        model.Session.execute(sa.update(outbox).values(at=old, next_try=old))
        model.Session.commit()
        with app.flask_app.app_context():
            assert mail_delivery.deliver() == {"sent": 0, "failed": 1}
        [row] = waiting()
        assert (row.sent is not None) is given_up
        [said] = mail_delivery.warnings()
        assert ("given up" if given_up else "more than a day") in said
        assert "reader@example" not in said
