"""What is typed into a title or a name is that text in a letter's headers, and nothing else."""

from __future__ import annotations

import email
from email.policy import default

import pytest

from ckanext.govdata.security import smtp

EVIL = "hello =?utf-8?q?x=0D=0AReply-To:_evil=40example.invalid=0D=0A=0D=0ABody?="


@pytest.mark.parametrize("typed", [
    EVIL, EVIL.replace("=0D=0A", "=0A"), "=?utf-8?b?eA0KQmNjOiBlQGV4YW1wbGUuaW52YWxpZA0KDQpC?=",
    "名单\r\nReply-To: evil@example.invalid", "名单\u2028x", "名单\x00\x0b=?x", "=?" * 40,
])
def test_no_header_is_made_of_what_is_typed(portal, typed: str) -> None:
    letter = smtp.compose(typed, "citizen@example.invalid", f"[P] {typed}", "正文")
    sent = email.message_from_bytes(letter.as_bytes(), policy=default)
    assert {name.lower() for name in sent} == {name.lower() for name in letter}
    assert sent["Reply-To"] is None
    assert [one.addr_spec for one in sent["To"].addresses] == ["citizen@example.invalid"]
    assert sent.get_content().strip() == "正文"


def test_a_title_stays_readable(portal) -> None:
    letter = smtp.compose("张三", "citizen@example.invalid", "[平台] 老年食堂\n信息 =?", "正文")
    sent = email.message_from_bytes(letter.as_bytes(), policy=default)
    assert str(sent["Subject"]).replace("\u200b", "") == "[平台] 老年食堂 信息 =?"
    assert sent["To"].addresses[0].display_name == "张三"
