"""What is said of a person without an account is in clear in one place alone."""

from ckanext.govdata.domain import seal
from ckanext.govdata.domain.procedure import Field

WORDS = {"zh_Hans_CN": "x", "zh_Hant_TW": "x", "en": "x"}
ASKED = [
    Field("citizen_name", WORDS, "text", sealed="name"),
    Field("citizen_contact", WORDS, "text", sealed="contact"),
    Field("wrong", WORDS, "long_text"),
]


def test_sealed_fields_are_split_from_what_the_case_tells():
    shown, said = seal.split(
        ASKED, {"citizen_name": "陈桂花", "citizen_contact": "13900000000", "wrong": "少一户"}
    )
    assert shown == {"citizen_name": "陈**", "citizen_contact": "***", "wrong": "少一户"}
    assert said == {"name": "陈桂花", "contact": "13900000000"}


def test_what_was_not_given_is_not_there():
    assert seal.split(ASKED, {"wrong": "少一户"}) == ({"wrong": "少一户"}, {})


def test_a_name_of_one_character_is_masked_too():
    assert seal.masked("陈") == "陈*"
    assert seal.masked("安徽某某科技有限公司") == "安******"
