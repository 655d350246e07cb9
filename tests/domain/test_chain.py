"""The chain of the ledger: what was changed afterwards is found."""

from dataclasses import replace

import pytest

from ckanext.govdata.domain.chain import ALGORITHMS, START, Broken, Link, canonical, digest, verify


def chain(algorithm="sha256", length=5):
    links, before = [], START
    for number in range(1, length + 1):
        content = {"action": "refused", "who": f"用户{number}", "n": number}
        after = digest(before, number, content, algorithm)
        links.append(Link(number, content, before, after, algorithm))
        before = after
    return links


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_a_chain_that_nobody_touched_is_good(algorithm):
    links = chain(algorithm)
    assert verify(links) == (5, links[-1].digest, None)
    assert verify([]) == (0, START, None)
    assert verify(links[3:], 3, links[2].digest)[2] is None


def alter(links):
    links[2] = replace(links[2], content={**links[2].content, "who": "nobody"})


def forge(links):
    """Alter an entry and its digest too."""
    content = {"action": "approved"}
    links[2] = replace(links[2], content=content, digest=digest(links[2].before, 3, content))


def swap(links):
    links[1], links[2] = links[2], links[1]


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (alter, Broken(3, "altered")),
        (forge, Broken(4, "unlinked")),
        (swap, Broken(2, "missing")),
        (lambda links: links.pop(0), Broken(1, "missing")),
        (lambda links: links.pop(2), Broken(3, "missing")),
        (lambda links: links.insert(2, links[1]), Broken(3, "missing")),
    ],
)
def test_every_change_is_found_at_the_first_bad_entry(harm, found):
    links = chain()
    harm(links)
    assert verify(links)[2] == found


def test_a_tail_that_was_cut_off_shows_against_the_published_head():
    links = chain()
    assert verify(links[:-1])[1] != verify(links)[1]


def test_the_same_content_gives_the_same_bytes():
    assert (
        canonical({"b": 1, "a": "数"})
        == canonical({"a": "数", "b": 1})
        == '{"a":"数","b":1}'.encode()
    )
