"""No value of any parameter of an address of ours is a fault of the server; generated."""
from __future__ import annotations

from urllib.parse import quote

import pytest
from ckan.tests import factories
from parameters_read import Recording, taken
from reading_world import portal

pytestmark = pytest.mark.usefixtures("fresh")
ODD = ("", "-1", "9" * 30, "1e2", "١٢", "水\u202e" * 400, "2026-02-30", "0000-00-00", "[]",
       "'\"%\\", "../..", '{"a":[null]}', "true")
OPERATORS = ("/audit", "/govdata/search")


@pytest.fixture
def recording(web_application, monkeypatch) -> None:
    monkeypatch.setattr(web_application.request_class, "parameter_storage_class", Recording)


def test_no_odd_parameter_is_our_fault(app, web_application, recording) -> None:
    place, wrong, known = portal(web_application), [], {}
    tokens = {who: {"Authorization": factories.APIToken(user=who)["token"]}
              for who in ("officer", "root")}

    def ask(address: str) -> None:
        who = "root" if address.startswith(OPERATORS) else "officer"
        try:
            answer = app.get(address, headers=tokens[who], status=None, follow_redirects=False)
        except Exception as error:  # it is a 500 outside of tests
            wrong.append(f"{address[:150]}: {error!r:.150}")
        else:
            if answer.status_code >= 500 and "/health" not in address:  # which says 503 of others
                wrong.append(f"{address[:150]}: {answer.status_code}")

    for rule in web_application.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint.startswith("govdata_"):
            address = place.addresses(rule)[0]
            taken()
            ask(address)
            known[rule.rule] = taken()
            for name in known[rule.rule]:
                for value in ODD:
                    ask(f"{address}?{quote(name)}={quote(value)}")
                ask(f"{address}?{quote(name)}=a&{quote(name)}=b&{quote(name)}")
                ask(f"{address}?{quote(name)}=%ff%fe%00")
    assert not wrong, "\n".join(wrong)
    assert "page" in known["/cases/desk"]
    assert "at" in known["/emergency/<name>"]
