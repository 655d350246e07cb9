"""Find a department by what a sheet prints as its name.

One body is 市卫健委, 合肥市卫健委, 合肥市卫生健康委员会 or a credit code. A short form is
spelled out, a bare 省/市/县/区 is given its place's name, and the result is looked up among the
portal's departments. Two that fit are told as two; none is told as none.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .cell_value import Fold

GOVERNMENT = "人民政府"
_LEVELS = {"省": 0, "市": 1, "盟": 1, "县": 2, "区": 2, "旗": 2, "镇": 3, "乡": 3}
_SEGMENT = re.compile(
    r"内蒙古自治区|广西壮族自治区|西藏自治区|宁夏回族自治区|新疆维吾尔自治区"
    r"|(?:内蒙古|广西|西藏|宁夏|新疆)(?=.)"
    r"|[^省市县区盟旗局委厅部院会]{1,8}(?:省|市|县|区|自治州|盟|旗)"
)
_GENERIC = re.compile(r"^本?(?P<level>自治区|[省市县区])(?P<rest>(?!中区$).{2,})$")
_NATIONAL = ("国家", "中国", "中共", "中央", "国网", "全国")
_CITY = re.compile(r"^(?:[\u4e00-\u9fff]{2,3}省)?(?P<city>[\u4e00-\u9fff]{2,3}?市)")
_NOT_A_CITY = ("全市", "本市", "我市", "城市", "超市", "各市", "股市", "地市", "区市", "个市")


@dataclass(frozen=True)
class ProviderNames:
    """A department of the portal, as far as it is looked up."""

    id: str
    title: str
    short_name: str = ""
    code: str = ""
    former: tuple[str, ...] = ()
    """Names that it had before, or that a department had which it succeeded."""


@dataclass(frozen=True)
class ProviderMatch:
    """Departments that fit: one is an answer, several a question. ``by`` says which name fit."""

    departments: tuple[ProviderNames, ...]
    by: str


class ProviderDirectory:
    """Looks departments up by credit code, full name, short name."""

    def __init__(
        self, departments: Iterable[ProviderNames], short_forms: Mapping[str, str], fold: Fold
    ) -> None:
        self._fold = fold
        self._short_forms = sorted(short_forms.items(), key=lambda pair: -len(pair[0]))
        self._by: dict[str, dict[str, list[ProviderNames]]] = {
            "code": defaultdict(list),
            "title": defaultdict(list),
            "spelling": defaultdict(list),
            "short_name": defaultdict(list),
            "former": defaultdict(list),
        }
        for department in departments:
            self.add(department)

    def add(self, department: ProviderNames) -> None:
        """Also find this one from now on."""
        if department.code:
            self._by["code"][department.code.upper()].append(department)
        title, *others = self.spellings(department.title)
        self._by["title"][title].append(department)
        for key in others:
            self._by["spelling"][key].append(department)
        for part in re.split(r"[,，、;；\s]+", department.short_name):
            if part:
                self._by["short_name"][self.plain(part)].append(department)
        for former in department.former:
            for key in {*self.spellings(former), self.plain(former)}:
                self._by["former"][key].append(department)

    def find(self, name: str, code: str = "", place: str = "") -> ProviderMatch | None:
        """The departments that fit code, else full name, else short name, within the place; where
        nobody bears such a name today, those that bore it."""
        if code and (fitting := self._by["code"].get(self.plain(code).upper())):
            return ProviderMatch(_once(fitting), "code")
        if not name.strip():
            return None
        for key in self.candidates(name, place):
            for spelling in self.spellings(key):
                for names in (self._by["title"], self._by["spelling"]):
                    if fitting := names.get(spelling):
                        return ProviderMatch(_once(fitting), "title")
        short = self._by["short_name"].get(self.plain(name))
        if short and not (self.is_bare(name) and place):
            return ProviderMatch(_once(short), "short_name")
        return self._formerly(name, place)

    def _formerly(self, name: str, place: str) -> ProviderMatch | None:
        keys = [one for key in self.candidates(name, place) for one in self.spellings(key)]
        if not (self.is_bare(name) and place):
            keys.append(self.plain(name))
        found = next((fits for key in keys if (fits := self._by["former"].get(key))), None)
        return ProviderMatch(_once(found), "former") if found else None

    def candidates(self, name: str, place: str = "") -> list[str]:
        """Full names that may be meant, best first."""
        segments = place_segments(self.plain(place))
        key = self.spelled_out(name)
        bare = _GENERIC.match(key)
        if bare and segments:
            at_level = [s for s in segments if _level(s) == _LEVELS.get(bare["level"], 0)]
            return [at_level[-1] + bare["rest"] if at_level else segments[-1] + key]
        if bare or not segments or key.startswith(_NATIONAL) or place_segments(key):
            return [key]
        if any(stem(segment) in key for segment in segments):
            return [key]
        return [segments[-1] + key, key]

    def is_bare(self, name: str) -> bool:
        """Whether the name says 市 or 县 without saying which."""
        return bool(_GENERIC.match(self.spelled_out(name)))

    def full_name(self, name: str, place: str = "") -> str:
        """The name under which a missing department would be made."""
        return self.candidates(name, place)[0]

    def plain(self, text: str) -> str:
        """Without white space, width and script."""
        folded = self._fold(unicodedata.normalize("NFKC", text))
        return re.sub(r"[\s\"'“”‘’]+", "", folded)

    def spelled_out(self, name: str) -> str:
        """卫健委 → 卫生健康委员会; 肥东县政府 → 肥东县人民政府; 长丰县 → 长丰县人民政府."""
        key = self.plain(name)
        for short, full in self._short_forms:
            if key.endswith(short) and not key.endswith(full):
                key = key[: -len(short)] + full
                break
        if key.endswith("政府") and not key.endswith(GOVERNMENT):
            key = key[:-2] + GOVERNMENT
        segments = place_segments(key)
        return key + GOVERNMENT if segments and "".join(segments) == key else key

    def spellings(self, title: str) -> list[str]:
        """A full name, then without its first place (安徽省合肥市… , 合肥市…) or 人民政府 within.

        The full name is first: a department that has just this name is meant before another
        that only shares a shorter one.
        """
        key = self.spelled_out(title)
        segments = place_segments(key)
        shorter = [key[len(segments[0]) :]] if len(segments) > 1 else []
        without_office = [key.replace(GOVERNMENT, "", 1)] if _is_office(key) else []
        return list(dict.fromkeys([key, *shorter, *without_office]))


LONGEST = 200
"""Characters of a name with a code beside it."""
_CODE = r"(?=[0-9A-Z]*\d)[0-9A-Z]{6,18}"
_WITH_CODE = (
    re.compile(rf"[(（\[【]?\s*(?P<code>{_CODE})\s*[)）\]】]?[\s\-_:：|/]*[(（\[【](?P<name>[^()（）\[\]【】]+)[)）\]】]"),
    re.compile(rf"[(（\[【]?\s*(?P<code>{_CODE})\s*[)）\]】]?[\s\-_:：|/]*(?P<name>[^\d\s()（）\[\]【】].*)"),
    re.compile(rf"(?P<name>.*?[^\d\s])[\s\-_:：|/]*[(（\[【]\s*(?P<code>{_CODE})\s*[)）\]】]"),
    re.compile(rf"(?P<name>.*?[^\dA-Za-z\s])[\s\-_:：|/]+(?P<code>{_CODE})"),
)


def parted(printed: str) -> tuple[str, str]:
    """A name and the code that is printed beside it: ``380120000J 【社會局】``."""
    if len(printed) > LONGEST:
        return printed, ""
    text = unicodedata.normalize("NFKC", printed).strip()
    found = next((match for form in _WITH_CODE if (match := form.fullmatch(text))), None)
    named = found is not None and re.search("[\u3400-\u9fff]", found["name"])
    return (found["name"].strip(), found["code"]) if found and named else (printed, "")


def _is_office(key: str) -> bool:
    return GOVERNMENT in key and not key.endswith(GOVERNMENT)


def _once(departments: Sequence[ProviderNames]) -> tuple[ProviderNames, ...]:
    return tuple({d.id: d for d in departments}.values())


def place_segments(text: str) -> list[str]:
    """``安徽省合肥市瑶海区…`` → its places, highest first; none if the text begins with none."""
    segments: list[str] = []
    position = 0
    while match := _SEGMENT.match(text, position):
        if segments and _level(match[0]) <= _level(segments[-1]):
            break
        segments.append(match[0])
        position = match.end()
    return segments


def stem(place: str) -> str:
    """合肥市 → 合肥; two characters stay (新县)."""
    return place[:-1] if len(place) > 2 else place


def _level(place: str) -> int:
    return _LEVELS.get(place[-1], 0) if not place.endswith("自治区") else 0


def place_of(texts: Iterable[str]) -> str:
    """The city that a sheet speaks of: the one that most of its names and titles begin with.

    Empty if none stands out (three mentions, and twice as many as the next).
    """
    counted = Counter(
        match["city"]
        for text in set(texts)
        for match in [_CITY.search(text)]
        if match and not match["city"].endswith(_NOT_A_CITY)
    )
    ranked = counted.most_common(2)
    if not ranked or ranked[0][1] < 3:
        return ""
    second = ranked[1][1] if len(ranked) > 1 else 0
    return ranked[0][0] if ranked[0][1] >= 2 * second else ""
