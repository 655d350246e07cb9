"""A small world for tests of the search: few words, few places, few rules, no file and no CKAN."""

from __future__ import annotations

from functools import cache

from ckanext.govdata.domain.search.knowledge import KnowledgeKind, KnowledgeRule, gather, read_rule
from ckanext.govdata.domain.search.lexicon import SearchVocabulary, learn
from ckanext.govdata.domain.search.places import Gazetteer
from ckanext.govdata.domain.search.query import QueryReader
from ckanext.govdata.domain.search.reader import Lexicon, build, general_words

SIMPLIFIED = {
    ord(t): s
    for t, s in zip(
        "臺灣廁車國學區醫院補習圖書館氣質資訊號",
        "台湾厕车国学区医院补习图书馆气质资讯号",
        strict=True,
    )
}
WORDS = {
    "公交": (900, "gong jiao"),
    "站点": (400, "zhan dian"),
    "公厕": (60, "gong ce"),
    "公测": (90, "gong ce"),
    "厕所": (300, "ce suo"),
    "卫生间": (200, "wei sheng jian"),
    "空气": (900, "kong qi"),
    "质量": (900, "zhi liang"),
    "图书馆": (500, "tu shu guan"),
    "博物馆": (500, "bo wu guan"),
    "培训": (800, "pei xun"),
    "机构": (900, "ji gou"),
    "校外": (90, "xiao wai"),
    "王八": (200, "wang ba"),
    "网吧": (40, "wang ba"),
    "上网": (200, "shang wang"),
    "合肥": (90, "he fei"),
    "先": (900, "xian"),
    "西安": (200, "xi an"),
    "哪里": (800, "na li"),
    "在": (9000, "zai"),
    "信息": (900, "xin xi"),
    "水库": (400, "shui ku"),
    "大坝": (90, "da ba"),
    "安全": (900, "an quan"),
    "价格": (800, "jia ge"),
    "猪肉": (300, "zhu rou"),
    "学校": (900, "xue xiao"),
    "补习班": (50, "bu xi ban"),
    "公": (900, "gong"),
    "厕": (20, "ce"),
    "侧": (200, "ce"),
    "测": (300, "ce"),
    "博": (200, "bo"),
    "物": (500, "wu"),
    "管": (500, "guan"),
    "馆": (200, "guan"),
    "图": (300, "tu"),
    "书": (500, "shu"),
    "陪": (90, "pei"),
    "培": (90, "pei"),
    "训": (90, "xun"),
    "水": (900, "shui"),
    "校": (90, "xiao"),
    "外": (900, "wai"),
    "机": (900, "ji"),
    "构": (90, "gou"),
    "末": (90, "mo"),
    "未": (90, "wei"),
    "陪训": (1, "pei xun"),
    "噪音": (50, "zao yin"),
    "燥": (20, "zao"),
    "音": (300, "yin"),
    "噪": (20, "zao"),
    "淮南": (90, "huai nan"),
    "准": (300, "zhun"),
    "南": (500, "nan"),
    "淮": (60, "huai"),
}
PLACES = (
    ("34", "安徽省", "安徽"),
    ("3401", "合肥市", "合肥"),
    ("340102", "瑶海区", "瑶海"),
    ("340104", "蜀山区", "蜀山"),
    ("3404", "淮南市", "淮南"),
    ("32", "江苏省", "江苏"),
    ("3201", "南京市", "南京"),
    ("320106", "鼓楼区"),
    ("350102", "鼓楼区"),
    ("35", "福建省", "福建"),
)
LINES = {
    KnowledgeKind.SYNONYM: (
        "公厕 公共厕所 厕所 卫生间",
        "公交站 公交站点 公车站牌",
        "补习班 校外培训 校外培训机构 ~ 培训机构",
        "打车 > 出租车 网约车",
        "肉价 猪肉价格 猪+价格",
        "网吧 互联网上网服务",
    ),
    KnowledgeKind.DEPARTMENT: ("卫健委 卫生健康委员会",),
    KnowledgeKind.QUESTION: ("在 哪里 在哪里 哪儿 请问",),
    KnowledgeKind.WEAK: ("信息 名单 位置",),
}
TITLES = (
    "合肥市公厕信息",
    "公交站点信息",
    "公交站点位置",
    "公交站点名单",
    "瑶海区校外培训机构名单",
    "市图书馆信息",
    "博物馆名单",
    "互联网上网服务营业场所",
    "网吧名单",
    "空气质量监测信息",
    "水库大坝安全",
    "噪音监测",
    "淮南市学校名单",
)


def rules(*more: tuple[KnowledgeKind, str]) -> list[KnowledgeRule]:
    """The world's rules, and more."""
    own = [read_rule(kind, line) for kind, lines in LINES.items() for line in lines]
    return [*own, *(read_rule(kind, line) for kind, line in more)]


def lexicon() -> Lexicon:
    """The world's words; 准 looks like 淮, 未 like 末."""
    return Lexicon(
        {word: float(count) for word, (count, _) in WORDS.items()},
        {word: tuple(sound.split()) for word, (_, sound) in WORDS.items()},
        {"准": "淮", "淮": "准", "末": "未", "未": "末"},
        SIMPLIFIED,
    )


def gazetteer() -> Gazetteer:
    """The world's places."""
    return Gazetteer(PLACES)


def vocabulary() -> SearchVocabulary:
    """What the world's titles teach."""
    return learn(TITLES, general_words(lexicon(), gazetteer(), gather(rules())))


@cache
def reader() -> QueryReader:
    """A reader of this world's queries."""
    return build(lexicon(), gazetteer(), rules(), vocabulary())


def reader_with(*more: tuple[KnowledgeKind, str]) -> QueryReader:
    """A reader that knows more."""
    return build(lexicon(), gazetteer(), rules(*more), vocabulary())
