"""Which texts may stand in a link, which address is ours, where a browser may be sent back to."""
from __future__ import annotations

import pytest

from ckanext.govdata.domain.web_address import is_address, is_inside, may_be_link, site_of

NO_LINKS = [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "java\nscript:alert(1)",
    " javascript:alert(1)", "\x01javascript:alert(1)", "javascript\x00:alert(1)",
    "javascript :alert(1)", "ｊａｖａｓｃｒｉｐｔ:alert(1)", "javascript：alert(1)",
    "java\u200bscript:alert(1)", "\ufeffjavascript:alert(1)", "\u00a0javascript:alert(1)",
    "data:text/html,x", "DATA:text/html;base64,eA==", "vbscript:x", "file:///etc/passwd",
    "ftp://x.cn/a.csv", "blob:https://x.cn/1", "filesystem:https://x.cn/1", "view-source:https://x",
    "mailto:a@b.cn", "tel:110", "ws://x.cn", "gopher://x.cn", "jar:https://x!/a", "about:blank",
    "http:", "http://", "https:///x", "https:x.cn/a", "https:\\\\x.cn", "http://x.cn:99999/",
    "http://[::1", "https://x.cn/\u202egnp.exe", "https://x.cn/a\r\nSet-Cookie: a", "C:\\data.xls",
    "\\\\server\\share", "", None, 3, ["https://x.cn"], {"url": "https://x.cn"},
]  # fmt: skip
LINKS = [
    "https://x.cn", "HTTP://X.cn/a?b=c#d", "https://数据.例子.cn/目录/表.csv",
    "http://x.cn/a b.csv",
    "https://x.cn:8443/a", "http://[2001:db8::1]/a", "data.csv", "表格：一月.csv", "/dataset/a/b",
]  # fmt: skip


@pytest.mark.parametrize("text", NO_LINKS)
def test_what_is_no_http_address_is_no_link(text):
    assert not may_be_link(text)
    assert not is_address(text)


@pytest.mark.parametrize("text", LINKS)
def test_addresses_and_names_are_links(text):
    assert may_be_link(text)


@pytest.mark.parametrize(
    "written",
    ["https://data.例子.cn/x", "http://DATA.例子.CN:80", "HTTPS://data.xn--fsqu00a.cn:443/",
     "https://user@data.例子.cn./a"],
)  # fmt: skip
def test_one_site_in_many_writings(written):
    assert site_of(written) == site_of("https://data.例子.cn")


@pytest.mark.parametrize(
    "written",
    ["https://data.例子.cn.evil.cn", "https://evil.cn/data.例子.cn", "https://data.例子.cn:8443",
     "https://data.例子.cn@evil.cn", "ftp://data.例子.cn", "//data.例子.cn", ""],
)  # fmt: skip
def test_other_sites_are_others(written):
    assert site_of(written) != site_of("https://data.例子.cn")


OUTSIDE = [
    "//evil.cn", "/\\evil.cn", "\\\\evil.cn", "\\/evil.cn", "/\t/evil.cn", "/\n/evil.cn",
    "/\r/evil.cn", "\t//evil.cn", " //evil.cn", "/ /evil.cn", "///evil.cn", "https://evil.cn",
    "https:evil.cn", "javascript:alert(1)", "evil.cn", "@evil.cn", "/%09/evil.cn", "/%5cevil.cn",
    "/%2fevil.cn", "/%252fevil.cn", "/%0d%0aSet-Cookie:a", "/x%0d%0aSet-Cookie:a", "/／evil.cn",
    "/dataset/x%0d%0aSet-Cookie:a", "/dataset/x\r\nSet-Cookie:a", "/dataset/x\\y",
    "/cases/1?q=\x7f",
    "/⁄evil.cn", "/∕evil.cn", "/\u200b/evil.cn", "/\ufeff/evil.cn", "/\x00/evil.cn", "/x\x00",
    "", None, 1, ["/x"], "/" + "x" * 2001,
]  # fmt: skip
INSIDE = ["/", "/dataset/x", "/dataset?q=水价&page=2", "/cases/1#top", "/zh_Hant_TW/dataset/",
          "/dataset?q=https://x.cn", "/dataset/%E6%B0%B4", "/a//b"]


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_way_out(path):
    assert not is_inside(path)


@pytest.mark.parametrize("path", INSIDE)
def test_pages_of_the_portal(path):
    assert is_inside(path)
