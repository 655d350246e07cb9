"""Ports: what the environment sets, else what was kept, else a free one."""
from __future__ import annotations

import socket

import pytest

from ckanext.govdata.stack import ports
from ckanext.govdata.stack.trouble import Trouble


def all_free(port):
    return True


def test_the_first_start_takes_the_first_free_ones():
    chosen = ports.choose({}, "", {}, lambda port: port != 5000)
    assert chosen["web"] == 5001
    assert chosen["postgres"] == 15432
    assert len(set(chosen.values())) == len(ports.FIRST)


def test_the_next_start_keeps_them():
    first = ports.choose({}, "", {}, lambda port: port % 7 == 0)
    assert ports.choose(first, "", {}, all_free) == first


def test_a_kept_port_that_somebody_took_is_replaced():
    kept = ports.choose({}, "", {}, all_free)
    chosen = ports.choose(kept, "", {}, lambda port: port != kept["solr"])
    assert chosen["solr"] != kept["solr"]
    assert {**chosen, "solr": 0} == {**kept, "solr": 0}


def test_two_stacks_that_start_together_do_not_meet():
    one, other = (ports.choose({}, stack, {}, all_free) for stack in ("5f1e", "a02b"))
    assert not set(one.values()) & set(other.values())
    assert all(first <= one[name] < first + 1000 for name, first in ports.FIRST.items())


def test_the_environment_decides():
    chosen = ports.choose({"web": 5000}, "", {"GOVDATA_PORT": "8080"}, all_free)
    assert chosen["web"] == 8080


def test_two_parts_never_share_a_port():
    chosen = ports.choose({"web": 15432, "postgres": 15432}, "", {}, all_free)
    assert chosen["web"] != chosen["postgres"]


@pytest.mark.parametrize("text", ["0", "65536", "eighty", "-1", "80.0", "８０８x"])
def test_what_is_no_port_is_refused(text):
    with pytest.raises(Trouble, match="GOVDATA_PORT"):
        ports.choose({}, "", {"GOVDATA_PORT": text}, all_free)


def test_a_demanded_port_that_is_taken_is_named():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert not ports.is_free(port)
        with pytest.raises(Trouble, match=rf"Port {port} \(GOVDATA_SOLR_PORT\) is taken"):
            ports.choose({}, "", {"GOVDATA_SOLR_PORT": str(port)})


def test_no_free_port_at_all_is_told():
    with pytest.raises(Trouble, match="No port from 5000 on is free"):
        ports.choose({}, "", {}, lambda port: False)
