"""Whoever wants to be told by mail is told of what matters, and of nothing that he did not want."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa

from ckanext.govdata.job import Unfinished
from tests.cases.conftest import call
from tests.emergency.conftest import TABLE
from tests.mailbox import links
from tests.subscriptions.conftest import ADDRESS, anybody, token

BULLETIN = {"title": "一号通报", "text": "水位上涨，请勿靠近。"}


def everything() -> str:
    """All that stands in any table, as text; what is encrypted reads as it is kept."""
    names = sa.inspect(model.Session.connection()).get_table_names()
    return "\n".join(
        str(row)
        for name in names
        for row in model.Session.execute(sa.text(f'SELECT t::text FROM "{name}" t')).scalars()
    )


def kept() -> int:
    return model.Session.scalar(sa.text("SELECT count(*) FROM govdata_emergency_subscriber")) or 0


def test_the_address_is_asked_for_its_consent_first(flood, post, mailed) -> None:
    assert anybody("subscribe", address=ADDRESS, event=flood.event) == {"asked": True}
    assert mailed() == {"sent": 1, "failed": 0}
    [letter] = post.letters
    assert letter["To"] == ADDRESS
    assert "瑶海区洪涝灾害" in str(letter["Subject"])
    flood.publish(bulletin=BULLETIN)
    assert mailed() == {"sent": 0, "failed": 0}, "nobody is told who has not confirmed"
    shown = anybody("confirm", token=token(letter, "confirm"))
    assert shown["title"] == "瑶海区洪涝灾害"
    flood.publish(bulletin={"title": "二号通报", "text": "水位回落。"})
    assert mailed() == {"sent": 1, "failed": 0}
    assert "水位回落" in post.letters[-1].get_content()
    assert "请勿靠近" not in post.letters[-1].get_content()
    assert f"/emergency/{flood.event}" in post.letters[-1].get_content()


def test_what_is_worth_a_letter(flood, post, mailed, subscribed) -> None:
    subscribed()
    flood.levels()
    mailed()
    assert post.letters == [], "an update of data alone is not"
    flood.levels(TABLE.replace("9.80", "9.90"), dataset="water", bulletin=BULLETIN)
    call("head", "govdata_emergency_update", id=flood.event, level="I", text="雨势加大。")
    call("head", "govdata_emergency_update", id=flood.event, text="指挥部电话已变更。")
    call("head", "govdata_emergency_end", id=flood.event, text="险情解除。")
    assert mailed() == {"sent": 4, "failed": 0}
    assert mailed() == {"sent": 0, "failed": 0}, "each is told once"
    subjects = [str(one["Subject"]) for one in post.letters]
    said = [one.get_content() for one in post.letters]
    for words, number in (("一号通报", 0), ("雨势加大。", 1), ("电话已变更", 2), ("险情解除。", 3)):
        assert words in subjects[number] + said[number]
    assert subjects[1].startswith("[Level I (red)]")


def test_who_consents_after_an_act_is_not_told_of_it(flood, post, mailed) -> None:
    anybody("subscribe", address=ADDRESS, event=flood.event)
    mailed()
    flood.levels(TABLE, bulletin=BULLETIN)
    anybody("confirm", token=token(post.letters[0], "confirm"))
    assert mailed() == {"sent": 0, "failed": 0}
    flood.levels(TABLE.replace("9.80", "9.90"), dataset="water", bulletin=BULLETIN)
    assert mailed() == {"sent": 1, "failed": 0}


def test_who_wants_the_data_too_is_told_of_it(flood, post, mailed, subscribed) -> None:
    subscribed("a@example.invalid")
    subscribed("b@example.invalid", data="true")
    flood.levels()
    assert mailed() == {"sent": 1, "failed": 0}
    assert [str(one["To"]) for one in post.letters] == ["b@example.invalid"]
    assert "water" in post.letters[0].get_content()


@pytest.mark.parametrize(
    ("region", "told"),
    [("340102", True), ("3401", True), ("34", True), ("340102001", True), ("340822", False)],
)
def test_a_place_hears_of_events_within_and_around_it(
    place, flood, post, mailed, subscribed, region: str, told: bool
) -> None:
    subscribed(region=region)
    flood.declare(title="瑶海区内涝")
    assert mailed() == {"sent": int(told), "failed": 0}
    if told:
        assert "瑶海区内涝" in str(post.letters[0]["Subject"])


def test_one_letter_to_who_asked_twice(flood, post, mailed, subscribed) -> None:
    subscribed()
    subscribed(region="3401")
    subscribed(ADDRESS.upper(), region="34")
    flood.publish(bulletin=BULLETIN)
    assert mailed() == {"sent": 1, "failed": 0}


def test_nobody_is_told_of_a_drill(place, post, mailed) -> None:
    place.event = place.declare(drill="true", title="防汛演练")["name"]
    with pytest.raises(tk.ObjectNotFound):
        anybody("subscribe", address=ADDRESS, event=place.event)
    with pytest.raises(tk.ValidationError) as refused:
        call("officer", "govdata_emergency_subscribe", address=ADDRESS, event=place.event)
    assert refused.value.error_dict["reasons"][0]["code"] == "drill_untold"
    anybody("subscribe", address=ADDRESS, region="340102")
    mailed()
    anybody("confirm", token=token(post.letters[-1], "confirm"))
    post.letters.clear()
    place.publish(bulletin=BULLETIN)
    assert mailed() == {"sent": 0, "failed": 0}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh_Hans_CN", ("请确认订阅", "退订", "弱网简版")),
        ("zh_Hant_TW", ("請確認訂閱", "取消訂閱", "弱網簡版")),
        ("en", ("Please confirm", "Unsubscribe", "For bad networks")),
    ],
)
def test_letters_are_in_the_language_of_the_reader(
    flood, post, mailed, language: str, words: tuple[str, ...]
) -> None:
    anybody("subscribe", address=ADDRESS, event=flood.event, language=language)
    mailed()
    anybody("confirm", token=token(post.letters[0], "confirm"))
    flood.publish(bulletin=BULLETIN)
    mailed()
    asked, told = post.letters
    assert words[0] in str(asked["Subject"])
    assert words[1] in told.get_content()
    assert words[2] in told.get_content()
    title = {"zh_Hant_TW": "瑤海區洪澇災害"}.get(language, "瑶海区洪涝灾害")
    assert title in str(told["Subject"])


def test_the_page_speaks_and_writes_the_language_of_its_address(
    flood, post, mailed, app
) -> None:
    form = {"address": ADDRESS, "event": flood.event}
    answer = app.post("/zh_Hant_TW/emergency-mail", data=form, follow_redirects=False)
    assert answer.status_code == 302
    mailed()
    assert "請確認訂閱" in str(post.letters[0]["Subject"])


def test_the_answer_is_the_same_for_who_is_subscribed_already(
    flood, post, mailed, subscribed, app
) -> None:
    subscribed()
    form = {"event": flood.event}
    known = app.post("/emergency-mail", data={**form, "address": ADDRESS}, follow_redirects=False)
    new = app.post("/emergency-mail", data={**form, "address": "x@example.invalid"},
                   follow_redirects=False)  # fmt: skip
    assert (known.status_code, known.headers["Location"], known.data) == (
        new.status_code, new.headers["Location"], new.data)  # fmt: skip
    assert mailed() == {"sent": 2, "failed": 0}
    said = post.to(ADDRESS)[0]
    assert "already" in str(said["Subject"]) or "已订阅" in str(said["Subject"])
    assert not [one for one in links(said) if one.endswith("/confirm")]
    assert kept() == 2


def test_asking_again_changes_nothing_for_who_has_confirmed(
    flood, post, mailed, subscribed
) -> None:
    subscribed(language="en")
    anybody("subscribe", address=ADDRESS, event=flood.event, language="zh_Hant_TW", data="true")
    flood.levels()
    mailed()
    assert len(post.letters) == 1
    assert "already" in str(post.letters[0]["Subject"])


def test_an_address_is_readable_nowhere(flood, post, mailed, subscribed, caplog, app) -> None:
    subscribed()
    flood.publish(bulletin=BULLETIN)
    post.knows_nobody = True
    assert mailed() == {"sent": 0, "failed": 1}
    problem = model.Session.scalar(
        sa.text("SELECT problem FROM govdata_outbox WHERE sent IS NULL AND problem <> ''")
    )
    assert "550" in problem
    found = everything() + caplog.text
    assert "wang" not in found.lower()
    shown = app.get(f"/emergency/{flood.event}.json").get_data(as_text=True)
    assert "wang" not in shown


def test_a_line_that_breaks_is_a_try_of_one_letter_and_told_without_an_address(
    flood, post, mailed, subscribed
) -> None:
    subscribed()
    flood.publish(bulletin=BULLETIN)
    post.breaks = True
    with pytest.raises(Unfinished) as told:
        mailed()
    assert "wang" not in str(told.value)
    post.breaks = False
    assert mailed() == {"sent": 0, "failed": 0}, "it waits a while"


def test_one_click_ends_it_and_deletes_the_address(flood, post, mailed, subscribed, app) -> None:
    subscribed()
    flood.publish(bulletin=BULLETIN)
    mailed()
    [letter] = post.letters
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leave = letter["List-Unsubscribe"].strip("<>")
    assert leave in links(letter)
    path = "/" + leave.split("/", 3)[3]
    flood.publish(bulletin={"title": "二号通报", "text": "水位回落。"})
    answer = app.post(path, data={"List-Unsubscribe": "One-Click"}, follow_redirects=False)
    assert answer.status_code == 200
    assert kept() == 0
    assert mailed() == {"sent": 0, "failed": 0}
    again = app.post(path, data={"List-Unsubscribe": "One-Click"}, follow_redirects=False)
    assert again.status_code == 200, "a second time does no harm"


def test_the_header_reaches_the_mail_program_whole(flood, post, mailed, subscribed) -> None:
    """A long header must not be encoded: RFC 2369 wants the address as it is."""
    subscribed()
    flood.publish(bulletin={"title": "通" * 100, "text": "水位上涨。"})
    mailed()
    [raw] = [one for one in post.raw if b"List-Unsubscribe:" in one]
    lines = {line.partition(b":")[0]: line for line in raw.split(b"\r\n\r\n")[0].splitlines()}
    assert lines[b"List-Unsubscribe"].startswith(b"List-Unsubscribe: <http")
    assert lines[b"List-Unsubscribe"].endswith(b"/unsubscribe>")
    assert b"=?" not in lines[b"Message-ID"]


def test_looking_at_a_link_does_nothing(flood, post, mailed, app) -> None:
    """Mail programs open links by themselves: only the button counts."""
    anybody("subscribe", address=ADDRESS, event=flood.event)
    mailed()
    for purpose in ("confirm", "unsubscribe"):
        link = next(one for one in links(post.letters[0]) if one.endswith(f"/{purpose}"))
        page = app.get("/" + link.split("/", 3)[3])
        assert page.status_code == 200
        assert "<button" in page.get_data(as_text=True)
        assert "no-store" in page.headers["Cache-Control"]
        assert "public" not in page.headers["Cache-Control"]
    flood.publish(bulletin=BULLETIN)
    assert mailed() == {"sent": 0, "failed": 0}
    assert kept() == 1


def test_links_of_others_and_of_other_purposes_open_nothing(flood, post, mailed, app) -> None:
    anybody("subscribe", address=ADDRESS, event=flood.event)
    mailed()
    mine, leave = (token(post.letters[0], one) for one in ("confirm", "unsubscribe"))
    number = mine.split(".")[0]
    for wrong in (leave, f"{number}.", number, "x.y", f"{mine}x", "", "汛.情"):
        with pytest.raises(tk.ObjectNotFound):
            anybody("confirm", token=wrong)
    with pytest.raises(tk.ObjectNotFound):
        anybody("unsubscribe", token=mine)
    assert app.get("/emergency-mail/x.y/confirm", status=404)
    assert app.get("/emergency-mail/x.y/unsubscribe", status=404)


def test_consent_comes_within_a_day(flood, post, mailed, clock) -> None:
    clock.forward(0)
    anybody("subscribe", address=ADDRESS, event=flood.event)
    mailed()
    clock.forward(24 * 60 + 1)
    with pytest.raises(tk.ValidationError) as refused:
        anybody("confirm", token=token(post.letters[0], "confirm"))
    assert refused.value.error_dict["reasons"][0]["code"] == "link_expired"


def test_consent_after_the_end_is_told_that_there_is_no_more_news(
    flood, post, mailed, app
) -> None:
    anybody("subscribe", address=ADDRESS, event=flood.event)
    mailed()
    call("head", "govdata_emergency_end", id=flood.event, text="险情解除。")
    path = f"/en/emergency-mail/{token(post.letters[0], 'confirm')}/confirm"
    answer = app.post(path, status=410)
    assert "has ended" in answer.get_data(as_text=True)
