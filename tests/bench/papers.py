"""``papers.py COUNT``: draw so many letters as PDF; seconds of each, of the clock and computed."""
from __future__ import annotations

import sys
import time
from typing import Any

from flask import current_app
from inside import answer

from ckanext.govdata.cases.pages.letter_pdf import letter_pdf

SENTENCE = "所申请的客流数据涉及公交公司的商业秘密，本机关书面征求其意见，其不同意公开。"
WORDS = dict.fromkeys(("zh_Hans_CN", "zh_Hant_TW", "en"), SENTENCE * 3)
ADDRESS = f"https://data.example.invalid/letters/verify?digest={'0f' * 32}"
LETTER: Any = {
    "reference": "KF-瑶海-2026-000004", "kind": "open_application", "decision": "refused",
    "outcome": "refused", "day": "2026-11-12", "received": "2026-11-02", "due": "2026-11-16",
    "article": "瑶政办〔2024〕2号 第十七条", "applicant": "王**", "applicant_kind": "person",
    "entry": "公交线路客流", "department": "瑶海区民政局", "reason": SENTENCE, "conditions": "",
    "basis": ["《中华人民共和国政府信息公开条例》第十五条"], "digest": "0f" * 32, "number": 4,
    "genuine": True, "words": {"title": WORDS, "short": WORDS, "opening": [WORDS], "remedy": {},
                               "decision": WORDS, "then": [WORDS] * 6},
}  # fmt: skip


def main() -> dict[str, Any]:
    """The seconds of each letter after the first, which loads the writer."""
    wall: list[float] = []
    computed: list[float] = []
    with current_app.test_request_context(environ_overrides={"CKAN_LANG": "zh_Hans_CN"}):
        for _ in range(int(sys.argv[1]) + 1):
            began, used = time.perf_counter(), time.process_time()
            letter_pdf(LETTER, ADDRESS)
            wall.append(time.perf_counter() - began)
            computed.append(time.process_time() - used)
    return {"wall": wall[1:], "cpu": computed[1:]}


if __name__ == "__main__":
    answer(main)
