"""Whole catalogues in the forms of Taipei, Taoyuan and Taichung go in without a hand.

The sheets here are made up in those forms: 27 to 29 headings, Big5 or UTF-8 with its mark, a class
that looks like a number, an address column in which nothing stands,
officials' names and telephones,
line ends spelled out. The cities' own lists are tried where they are there
(``GOVDATA_CITY_CATALOGUES``: a folder with 01_taipei.csv, 03_taoyuan.csv, 08_Taichung.csv).
"""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path
from typing import Any

import pytest
from catalogue_sheets import act

ORIGINALS = Path(os.environ.get("GOVDATA_CITY_CATALOGUES", "absent"))
CLASSES = ["公共資訊", "交通及通訊", "生活安全及品質", "就醫", "休閒旅遊", "教育"]
PERIODS = ["不定期", "每天", "每月", "每年", "即時", "每季", "每半年", "每週", "每年1次", "1次/月"]
TITLES = [
    "停車場名錄", "公共自行車站點", "醫療院所名冊", "市場攤位", "公廁位置", "展覽場次", "學校名錄",
]  # fmt: skip
FEW = ["民政局", "教育局", "衛生局", "交通局"]


def taipei(n: int) -> dict[str, str]:
    bureau = f"臺北市政府{FEW[n % 4]}"
    return {
        "編號": str(n), "資料名稱": f"臺北市{TITLES[n % 7]}{n // 9}", "資料來源": bureau,
        "更新頻率": PERIODS[n % 10], "檔案格式": ["XML", "", "CSV;JSON", "KML", "XLS,CSV"][n % 5],
        "資料連結網址": f"https://data.taipei.example/dataset/detail/metadata?id={n:08x}-f2a2-4351",
        "分類及編號": CLASSES[n % 6], "資料集描述": f"{TITLES[n % 7]}的名稱、位置與電話",
        "主要欄位說明": [
            "機構名稱、行政區、地址(含郵遞區號、城市)、電話", "名稱；經度；緯度",
            "1.日期 2.車次 3.人次",
        ][n % 3],
        "資料集類型": ["原始資料", "網路服務"][n % 2], "最後更新時間": "2018-07-05 11:07:15",
        "資料集提供機關": bureau, "資料量": str(n * 3), "收錄期間(起)": "", "收錄期間(迄)": "",
        "授權方式": "依政府資料開放授權條款-第1版", "計費方式": ["無", "免費"][n % 2],
        "計費說明網址": "無", "計費法令依據": "無", "資料集說明網址": ["", "無"][n % 2],
        "編碼格式": "UTF-8", "標籤/關鍵字": ["停車", "", "醫療,衛生"][n % 3],
        "建立日期": "2014-12-31 11:57:19", "資料集提供機關聯絡人": "王小明",
        "資料集提供機關電話": f"02-2720{n:04d}-{n % 90 + 10}",
        "資料集提供機關聯絡人電子郵件": f"edu{n}@mail.example.com", "備註": "",
    }  # fmt: skip


def taoyuan(n: int) -> dict[str, str]:
    row = taipei(n)
    code = f"38012{n % 4}000J 【{FEW[n % 4]}】"
    fields = '"委辦單位(臨時及短期照顧服務服務單位)、電話(服務單位電話)、地址(縣、市、區)"'
    return row | {
        "資料名稱": f"桃園市{TITLES[n % 7]}{n // 9}", "資料來源": code, "資料集提供機關": code,
        "主要欄位": fields, "主要欄位說明": fields, "資源格式": row["檔案格式"],
        "分類及編號": f"{CLASSES[n % 6]} ({n + 100})", "標籤/關鍵字": '"會議室, 宿舍, 體育局"',
        "資料集提供機關電話": f"(03)332{n:04d}#6307",
        "資料連結網址": f"https://data.tycg.example//opendata/datalist/datasetMeta?oid={n:08x}-1a",
    }  # fmt: skip


def taichung(n: int) -> dict[str, str]:
    return {
        "編號": str(n), "資料集名稱": f"臺中市{TITLES[n % 7]}{n // 9}",
        "資料集說明": f"使用管理科 105年1-7月份{TITLES[n % 7]}\\r\\n每月更新",
        "資料集連結網址": f"http://opendata.taichung.example/dataset/{n:08x}-1a9f-11e8",
        "主要欄位說明": [
            "主管機關、行業類別\\r\\n", "cctvid(攝影機編號),url(攝影機網址)、狀態",
        ][n % 2],
        "使用對象": "一般民眾", "授權說明網址": "http://opendata.taichung.example/licenseTerms",
        "更新頻率": PERIODS[n % 10], "計費方式": "免費", "資料分類": CLASSES[n % 6], "資料量": "0",
        "資料集提供機關": f"臺中市政府{FEW[n % 4]}", "資料集提供機關聯絡人": "林大同",
        "資料集提供機關聯絡人電話": f"04-2228{n:04d} #64012", "資料集空間範圍": "",
        "資料集語系": "中文",
        "資料集類型": "rawData", "關鍵字": ["", "交通即時道路影像"][n % 2], "備註": "",
    }  # fmt: skip


CITIES = {
    "01_taipei": (taipei, "cp950", "臺北市"),
    "03_taoyuan": (taoyuan, "utf-8", "桃園市"),
    "08_Taichung": (taichung, "utf-8-sig", "臺中市"),
}


def made(folder: Path, city: str, rows: int) -> Path:
    make, encoding, _ = CITIES[city]
    found = [make(n) for n in range(1, rows + 1)]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(found[0]))
    writer.writeheader()
    writer.writerows(found)
    path = folder / f"{city}.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


@pytest.mark.parametrize("city", list(CITIES))
def test_a_list_in_the_form_of_a_city_goes_in_whole(fresh, run, tmp_path, city):
    place = CITIES[city][2]
    answer = run(made(tmp_path, city, 60), create_departments=True, place=place)
    assert (answer["created"], answer["rejected"], answer["written"]) == (60, [], True)
    assert len(answer["departments_created"]) >= len(FEW)
    _every_field_has_its_column(answer)
    _no_official_is_kept(answer)
    again = run(made(tmp_path, city, 60), place=place)
    assert (again["unchanged"], again["rejected"]) == (60, [])


@pytest.mark.parametrize("city", list(CITIES))
def test_the_cities_own_lists(fresh, run, city):
    path = ORIGINALS / f"{city}.csv"
    if not path.exists():
        pytest.skip("the city's own list is not here")
    answer = run(path, dry_run=True, create_departments=True, place=CITIES[city][2])
    assert answer["rows"] > 1000
    assert answer["created"] >= 0.99 * answer["rows"], answer["rejected"][:20]
    _every_field_has_its_column(answer)
    _no_official_is_kept(answer)


def _every_field_has_its_column(answer: dict[str, Any]) -> None:
    wanted = {"title", "publisher", "notes", "category", "frequency", "items", "keywords", "url"}
    assert wanted <= set(answer["headings"].values())


def _no_official_is_kept(answer: dict[str, Any]) -> None:
    found = {one["column"] for one in answer["personal"] if not one["kept"]}
    assert {c for c in answer["unknown_columns"] if "聯絡人" in c or "電話" in c} <= found


def test_what_such_an_entry_says(fresh, run, tmp_path):
    """A description with line ends spelled out, items not cut within brackets, no contacts."""
    for city in ("08_Taichung", "03_taoyuan"):
        run(made(tmp_path, city, 2), create_departments=True, place=CITIES[city][2])
    found = act("package_search", q="", rows=10)["results"]
    said = {one["title"]: one for one in found}
    lot = said["臺中市公共自行車站點0"]
    assert lot["notes"] == "使用管理科 105年1-7月份公共自行車站點\n每月更新"
    assert [i["name"] for i in lot["information_items"]] == [
        "cctvid(攝影機編號)", "url(攝影機網址)", "狀態"]
    care = said["桃園市公共自行車站點0"]
    assert [i["name"] for i in care["information_items"]] == [
        "委辦單位(臨時及短期照顧服務服務單位)", "電話(服務單位電話)", "地址(縣、市、區)"]
    assert care["domain"] == "transport"
    assert "王小明" not in str(found)
