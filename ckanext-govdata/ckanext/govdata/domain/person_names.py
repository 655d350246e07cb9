"""Columns of which nearly every cell reads as a Chinese person's name, whatever their heading is.

A heading can call people in more ways than any list knows (投亲者, 已寻获); their names are told
by the family names with which they begin. It is a likelihood only: whoever publishes is asked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

FEWEST, SHARE = 2, 0.8
"""Different names at least, and their share of the cells that say anything."""
FAMILIES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡"
    "贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷"
    "钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路"
    "岳齐梅莫庄辛管祝左涂谷祁耿牟卜舒詹关苗凌费纪靳盛童欧甄项曲游阳裴席卫屈鲍覃霍翁隋植甘景薄"
    "包司柏宁柯阮桂柴华冉辜吉饶刁瞿戚丘古滕晋苑邬臧畅来苟褚冀迟荆窦慕肖闫闵"
)
"""Usual family names, in simplified characters; none with which usual words begin (单, 成, 车)."""
COMPOUND = (
    "欧阳", "上官", "司马", "诸葛", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "夏侯", "令狐",
)  # fmt: skip
_NAME = re.compile("[\u4e00-\u9fff]{2,4}")
_NO_NAME = re.compile(
    "[县区市镇乡村屯庄寨路街巷站桥河江湖库坝堤闸口圩局委办处科队院校园厂矿港山岭岛湾塘店号色类型级项组座户次度"
    "期气油粮菜瓜果鱼肉蛋奶面药机船票证况效中内外上下部门性者员人]$"
    "|雷[雨电暴达]|高[温风]|[暴降]雨|[大台]风|地震|灾|险|正常|完好|安置|解除|关闭|通过|管制|任务|金额|施工|严重|高度"
)
"""How words end, or what stands in them, that begin as names do: 方集镇, 黄瓜, 高风险, 严重."""
_OTHERWISE = re.compile(
    "(?:[地点站镇乡村县区市路桥河湖库坝色级类型品]名?|(?<!人)物|名称|单位|部门|机构|学校|医院|企业|公司|位置"
    "|流域|天气|状态|状况|情况|措施|方式|原因|来源|内容|备注|说明)$"
)
"""How headings end over places, bodies, things and what becomes of them; 村民 are people."""


def are_names(heading: str, cells: Sequence[str]) -> bool:
    """Whether the column is one of people's names; heading and cells in simplified characters,
    without blanks and notes."""
    said = [cell for cell in cells if cell]
    if _OTHERWISE.search(heading) or not said:
        return False
    names = [one for one in said if is_name(one)]
    return len(set(names)) >= FEWEST and len(names) >= SHARE * len(said)


def is_name(text: str) -> bool:
    """Whether the text reads as a name: 王小明, 欧阳震华, 李某某."""
    if not _NAME.fullmatch(text) or _NO_NAME.search(text):
        return False
    return text.startswith(COMPOUND) or (text[0] in FAMILIES and len(text) <= 3)
