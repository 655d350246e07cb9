"""What cells say in the many ways in which offices write it: days, periods, lists, types, formats
(K05 to K08, K11, K17). Each is right, or clearly refused, or told as not sure."""

from __future__ import annotations

import contextlib
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.govdata import config_reader, vocabularies
from ckanext.govdata.domain import cell_date, cell_list, mapping, record_items
from ckanext.govdata.domain.cell_value import Became, CannotRead, arabic

CONFIG = Path(__file__).parents[2] / "config" / "imports" / "values.yaml"
FOLD = opencc.OpenCC("t2s").convert
RULES = config_reader.checked(
    CONFIG, lambda top: mapping.rules_from(top, vocabularies.every(), FOLD)
)


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("202305", "2023-05-01"), ("201709", "2017-09-01"), ("2023-5", "2023-05-01"),
        ("112年5月", "2023-05-01"), ("112/5", "2023-05-01"), ("11205", "2023-05-01"),
        ("1120501", "2023-05-01"), ("0990501", "2010-05-01"), ("099/05/01", "2010-05-01"),
        ("112.5.1", "2023-05-01"), ("民国99年5月1日", "2010-05-01"), ("民國112年5月", "2023-05-01"),
        ("中華民國一百一十二年五月一日", "2023-05-01"), ("二〇二三年五月一日", "2023-05-01"),
        ("二○二三年十二月三十一日", "2023-12-31"), ("2022-12-31T16:00:00.000Z", "2023-01-01"),
        ("2022-12-31T16:00Z", "2023-01-01"), ("2022-12-31 16:00:00 UTC", "2023-01-01"),
        ("2023-05-01T08:00:00+08:00", "2023-05-01"), ("2023-05-01T20:00:00-05:00", "2023-05-02"),
        ("2022-12-31 23:30:00", "2022-12-31"), ("1672502400000", "2023-01-01"),
        ("1672502400", "2023-01-01"), ("2023年度", "2023-01-01"), ("2023年5月份", "2023-05-01"),
        ("2023年5月1号", "2023-05-01"), ("2023年5月1日（星期一）", "2023-05-01"),
        ("2023-05-01 星期一 10:00", "2023-05-01"), ("2023-05-01 上午 9:30", "2023-05-01"),
        ("2023-05-01 8时30分", "2023-05-01"), ("2023/5/1 8:00:00 AM", "2023-05-01"),
        ("2023—05—01", "2023-05-01"), ("2023。5。1", "2023-05-01"), ("2023.10", "2023-10-01"),
        ("2023.2", "2023-02-01"), ("202305010930", "2023-05-01"), ("20230501T093000", "2023-05-01"),
        ("西元2023年5月1日", "2023-05-01"), ("2022-12-31 16:00:00+00", "2023-01-01"),
        ("2023050108", "2023-05-01"), ("2023123123", "2023-12-31"), ("1999010100", "1999-01-01"),
        ("112.2", "2023-02-01"), ("2023-05-01 9:30 PM Z", "2023-05-02"),
        ("2023-05-01 下午9:30 UTC", "2023-05-02"), ("2023-05-01 12:30 AM Z", "2023-05-01"),
        ("112.10", "2023-10-01"),
        ("20230501 08:30", "2023-05-01"), ("45047", "2023-05-01"), ("45047.99", "2023-05-01"),
    ],
)  # fmt: skip
def test_days(written, iso):
    assert cell_date.day(written) == iso


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("23/5/1", "date_short_year"), ("22.11.9", "date_short_year"),
        ("99/5/1", "date_short_year"),
        ("23年5月1日", "date_short_year"), ("'23.5.1", "date_short_year"),
        ("112.1", "date_month_unclear"), ("113.1", "date_month_unclear"),
        ("民國112.1", "date_month_unclear"), ("099.1", "date_month_unclear"),
        ("2023023108", "date_impossible"),
        ("2023.1", "date_month_unclear"), ("20221", "date_impossible"),
        ("20239", "date_impossible"),
        ("2023-00-00", "date_impossible"), ("2023-5-0", "date_impossible"),
        ("1123/5/1", "date_impossible"), ("990501", "date_unreadable"),
        ("5月1日", "date_unreadable"), ("01/05/2023", "date_unreadable"),
        ("2023Q1", "date_unreadable"), ("2021-2023", "date_unreadable"),
        ("2023-05-01至2023-06-01", "date_unreadable"), ("2023年第一季度", "date_unreadable"),
        ("2023-05-01 等", "date_unreadable"), ("2023年上半年", "date_unreadable"),
    ],
)  # fmt: skip
def test_what_is_no_day_is_said_why(written, code):
    with pytest.raises(CannotRead) as caught:
        cell_date.day(written)
    assert caught.value.code == code


def test_a_workbook_of_a_mac_counts_from_1904():
    assert cell_date.day("43585", cell_date.EPOCH_OF_1904) == "2023-05-01"
    assert cell_date.day("45047") == "2023-05-01"


@given(st.dates(date(1990, 1, 1), date(2079, 12, 31)), st.sampled_from([0, 1]))
def test_every_day_of_either_count_reads_back(day, which):
    epoch = (cell_date.EPOCH, cell_date.EPOCH_OF_1904)[which]
    assert cell_date.day(str((day - epoch).days), epoch) == day.isoformat()


@given(st.integers(1_010_000_000, 3_786_000_000), st.integers(-12, 14))
def test_an_instant_is_the_day_that_it_was_in_beijing(seconds, hours):
    there = datetime.fromtimestamp(seconds, timezone(timedelta(hours=hours)))
    here = there.astimezone(cell_date.BEIJING).date().isoformat()
    assert cell_date.day(there.isoformat()) == here
    assert cell_date.day(str(int(there.timestamp() * 1000))) == here


@given(st.integers(0, 199))
def test_chinese_numerals(number):
    ones = "零一二三四五六七八九"
    hundred, rest = divmod(number, 100)
    tens, last = divmod(rest, 10)
    written = ("一百" if hundred else "") + (
        ("零" if hundred and not tens and last else "")
        + ("一" if hundred and tens == 1 else "" if tens < 2 else ones[tens])
        + ("十" if tens else "")
        + (ones[last] if last or not number else "")
    )  # fmt: skip
    assert arabic(written) == str(number)


@pytest.mark.parametrize(
    ("written", "period"),
    [
        ("2次/年", "half_yearly"), ("每年4次", "quarterly"), ("1年12次", "monthly"),
        ("每周7次", "daily"), ("每年52次", "weekly"), ("一年两次", "half_yearly"),
        ("每年（2次）", "half_yearly"), ("2次每年", "half_yearly"), ("每年更新2次", "half_yearly"),
        ("每季度1次", "quarterly"), ("半年一次", "half_yearly"), ("1次/半年", "half_yearly"),
        ("两年一次", "biennial"), ("隔年", "biennial"), ("每隔3个月", "quarterly"),
        ("月报", "monthly"), ("季报", "quarterly"), ("日报", "daily"), ("年报", "yearly"),
        ("每年3月底前", "yearly"), ("每年年底", "yearly"), ("每月10日前", "monthly"),
        ("每周五更新", "weekly"), ("每週一", "weekly"), ("24小时", "daily"), ("7天", "weekly"),
        ("90天", "quarterly"), ("十二个月", "yearly"), ("每十二個月", "yearly"),
        ("1小时/次", "real_time"), ("每15分鐘", "real_time"), ("实时（秒级）", "real_time"),
        ("逐月更新", "monthly"), ("按季度发布", "quarterly"), ("每月（暂定）", "monthly"),
        ("每月定期", "monthly"), ("一年一更", "yearly"), ("日更", "daily"), ("隨時", "irregular"),
        ("1次/天", "daily"),
        ("每月一期", "monthly"),
    ],
)  # fmt: skip
def test_periods_count(written, period):
    assert mapping.update_period(written, RULES) == Became(period)


@pytest.mark.parametrize(
    "written",
    ["每5个月", "每年1-2次", "每周一、三、五", "每半月", "每旬", "每年0次", "每隔一年", "T+1",
     "每学期",      "每年不少于2次", "每月2次", "每工作日", "每年3月、9月"],
)  # fmt: skip
def test_a_period_that_no_word_names_is_told(written):
    assert mapping.update_period(written, RULES) == Became("other", known=False)


@pytest.mark.parametrize("written", ["每天2次", "1日2次", "3次/日", "每12小时", "每8小時"])
def test_several_times_a_day_is_daily_and_told(written):
    assert mapping.update_period(written, RULES) == Became("daily", known=False)


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("地址（省、市、县）、联系电话(区号,号码)、户数",
         ["地址（省、市、县）", "联系电话(区号,号码)", "户数"]),
        ("1、姓名 2、地址 3、电话", ["姓名", "地址", "电话"]),
        ("1.姓名;2.性别;3.年龄", ["姓名", "性别", "年龄"]), ("(1)姓名(2)性别", ["姓名", "性别"]),
        ("（一）姓名，（二）性别", ["姓名", "性别"]), ("①姓名②性别", ["姓名", "性别"]),
        ("一、姓名；二、性别；三、年龄", ["姓名", "性别", "年龄"]),
        ("1）姓名 2）性别", ["姓名", "性别"]),
        ("1. 企业名称（含曾用名、简称）；2. 法定代表人",
         ["企业名称（含曾用名、简称）", "法定代表人"]),
        ("姓名\t性别\t年龄", ["姓名", "性别", "年龄"]), ("姓名\\r\\n性别\\r\\n", ["姓名", "性别"]),
        ("姓名<br/>性别<BR>年龄", ["姓名", "性别", "年龄"]),
        ("姓名 性别 年龄", ["姓名", "性别", "年龄"]),
        ("联系 电话", ["联系 电话"]), ("地址（省、市", ["地址（省", "市"]),
        ("cctvid(攝影機編號),url(攝影機網址)、狀態",
         ["cctvid(攝影機編號)", "url(攝影機網址)", "狀態"]),
        ("1月、2月、3月", ["1月", "2月", "3月"]), ("2020、2021", ["2020", "2021"]),
        ("3.5寸屏、4寸屏", ["3.5寸屏", "4寸屏"]), ("A、1、B、2", ["A", "1", "B", "2"]),
        ("C:\\new,D:\\old", ["C:\\new", "D:\\old"]),
        ("姓名【必填，文本】,年龄", ["姓名【必填，文本】", "年龄"]),
        ("姓名;姓名;性别", ["姓名", "性别"]), ("1、2、3", ["1", "2", "3"]),
        ("经度/纬度", ["经度/纬度"]),
        ("姓名/性别/年龄", ["姓名", "性别", "年龄"]), ("- 姓名\n- 性别", ["姓名", "性别"]),
        ("●姓名；●性别", ["姓名", "性别"]), ("甲；乙。", ["甲", "乙"]),
        ('"名稱, 地址"', ["名稱", "地址"]),
        ("户主\n姓名（曾用名，\n别名）", ["户主", "姓名（曾用名，别名）"]),
        ("1、姓名；2、地址；4、电话", ["姓名", "地址", "电话"]), ("1、姓名\n1、地址", ["姓名",
        "地址"]),
        ("一、姓名；三、地址", ["姓名", "地址"]), ("a、姓名；b、地址", ["姓名", "地址"]),
        ("1）姓名2）地址", ["姓名", "地址"]), ('"姓名","性别"', ["姓名", "性别"]),
        ('["姓名","性别"]', ["姓名", "性别"]), ("A.姓名\nB.地址", ["姓名", "地址"]),
        ("①姓名③地址", ["姓名", "地址"]), ("1、姓名，2、地址，5、电话", ["姓名", "地址", "电话"]),
        ("“姓名”、“性别”", ["姓名", "性别"]), ("1)姓名2)地址3)电话", ["姓名", "地址", "电话"]),
        ("1,姓名 2,地址", ["姓名", "地址"]), ("1,姓名,2,地址", ["姓名", "地址"]),
        ("1，姓名\n2，地址", ["姓名", "地址"]), ('"1,姓名","2,地址"', ["姓名", "地址"]),
        ("（1）姓名；（2）地址", ["姓名", "地址"]), ("[1]姓名[2]地址", ["姓名", "地址"]),
        ("⑴姓名⑵地址", ["姓名", "地址"]), ("Ⅰ.姓名 Ⅱ.地址", ["姓名", "地址"]),
        ("1.姓名2.地址3.电话", ["姓名", "地址", "电话"]), ("01姓名 02地址", ["姓名", "地址"]),
        ("一、姓名二、地址", ["姓名", "地址"]), ("1-姓名 2-地址", ["姓名", "地址"]),
        ("A.姓名 B.地址 C.电话", ["姓名", "地址", "电话"]), ("a)姓名 b)地址", ["姓名", "地址"]),
        ("1 姓名\n2 地址", ["姓名", "地址"]), ("1月 2月 3月", ["1月 2月 3月"]),
        ("1、2级医院数 2、3级医院数", ["2级医院数", "3级医院数"]),
        ("10,000以上、1,200元以下", ["10,000以上", "1,200元以下"]),
        ("水位≥1,000米站点数、流量", ["水位≥1,000米站点数", "流量"]),
        ("第一、二、三产业增加值、总值", ["第一、二、三产业增加值", "总值"]),
        ("一、二、三类", ["一、二、三类"]), ("1、2、3级医院数；床位", ["1、2、3级医院数", "床位"]),
        ("PM2.5,PM10,SO2", ["PM2.5", "PM10", "SO2"]),
        ("0-14岁,15-64岁,65岁及以上", ["0-14岁", "15-64岁", "65岁及以上"]),
        ("“姓名、别名”、“地址”", ["姓名、别名", "地址"]), ("【姓名】【地址】", ["姓名", "地址"]),
        ("['姓名','地址']", ["姓名", "地址"]), ('{"姓名","地址"}', ["姓名", "地址"]),
        ("主要包括：姓名、地址等信息", ["姓名", "地址"]), ("字段有：姓名,地址", ["姓名", "地址"]),
        ("姓名、地址、电话、……", ["姓名", "地址", "电话"]), ("姓名,地址,等", ["姓名", "地址"]),
        ("①姓名；②地址；共2项", ["姓名", "地址"]), ("初等、中等、高等", ["初等", "中等", "高等"]),
        ("有效期、姓名", ["有效期", "姓名"]), ("姓名+地址+电话", ["姓名", "地址", "电话"]),
        ("姓名·地址·电话", ["姓名", "地址", "电话"]),
        ("first name\nlast name", ["first name", "last name"]), ("", []),
        ("，".join(f"{n}.项{chr(0x4e00 + n)}" for n in range(1, 31)),
         [f"项{chr(0x4e00 + n)}" for n in range(1, 31)]),
    ],
)  # fmt: skip
def test_names_of_a_list(written, names):
    assert cell_list.names(written) == names


@given(st.lists(st.text("甲乙丙丁（）()［］", min_size=1, max_size=6), max_size=6))
def test_no_name_of_a_list_is_lost(parts):
    written = "、".join(parts)
    assert "".join(cell_list.split(written)).replace("、", "") == "".join(parts)


@pytest.mark.parametrize(
    ("written", "kept", "whole"),
    [
        ("水价、民生", ["水价", "民生"], True), ("税、水、电费", ["电费"], False),
        ("C++、养老", ["养老"], False), ("C/C++", [], False), ("A+级旅游区、景点", ["景点"], False),
        ("水价/民生", ["水价", "民生"], True), ("水价 民生 供水", ["水价", "民生", "供水"], True),
        ("open data;linked data", ["open data", "linked data"], True),
        ("#水价#民生#", ["水价", "民生"], True),
        ('"會議室, 宿舍"', ["會議室", "宿舍"], True), ("['水价','民生']", ["水价", "民生"], True),
        ("5G,4G", ["5G", "4G"], True), ("TCP/IP、网络", ["网络"], False),
        ("水价\t民生", ["水价", "民生"], True),
    ],
)  # fmt: skip
def test_keywords_are_kept_or_told(written, kept, whole):
    assert cell_list.keywords(written) == (kept, whole)


@pytest.mark.parametrize(
    ("written", "codes"),
    [
        ("XLS/CSV/JSON", ["xls", "csv", "json"]), ("电子表格(xls)", ["xls"]),
        ("csv+json", ["csv", "json"]),
        ("xls csv", ["xls", "csv"]), ("API接口", ["api"]), ("Excel(xls/xlsx)", ["xlsx", "xls"]),
        ("文档(doc,docx)", ["doc"]), ("库表(MySQL)", ["database"]), ("csv文件", ["csv"]),
        ("服务接口（http）", ["api"]), ("JSON/XML接口", ["json", "xml"]), ("Web Service", ["api"]),
        ("SQL Server", ["database"]), ("xls或xlsx", ["xls", "xlsx"]),
        ("['xls','json']", ["xls", "json"]),
        ("application/json", ["json"]), ("text/csv", ["csv"]), ("图片（jpg、png）", ["image"]),
        ("CSV、XLSX等", ["csv", "xlsx"]), ("Excel表格", ["xlsx"]), ("csv\\xlsx", ["csv", "xlsx"]),
        ("pdf文件、word文档", ["pdf", "doc"]), ("數據庫", ["database"]), ("試算表", ["xlsx"]),
    ],
)  # fmt: skip
def test_formats(written, codes):
    assert mapping.formats(written, RULES) == Became(codes)


@pytest.mark.parametrize(
    "written", ["没听说过", "csv（推荐）", "MS Excel", "结构化数据", "xls/未知"])
def test_a_format_that_is_not_known_whole_is_told(written):
    assert not mapping.formats(written, RULES).known


@pytest.mark.parametrize(
    ("written", "code", "length"),
    [
        ("C..100", "C", "100"), ("C100", "C", "100"), ("c..ul", "C", "ul"), ("an..100", "C", "100"),
        ("a3", "C", "3"), ("n8", "N", "8"), ("N..10,2", "N", "10,2"), ("N10.2", "N", "10.2"),
        ("n1..3", "N", "1..3"), ("D8", "D", "8"), ("D10", "D", "10"), ("DT14", "T", "14"),
        ("YYYYMMDD", "D", ""), ("YYYY-MM-DD hh:mm:ss", "T", ""), ("VARCHAR(4000)", "C", "4000"),
        ("VARCHAR2(50 CHAR)", "C", "50"), ("varchar（255）", "C", "255"),
        ("NUMBER(10,2)", "N", "10,2"),
        ("DECIMAL(18, 2)", "N", "18,2"), ("number(*,2)", "N", "*,2"), ("int(11)", "I", "11"),
        ("bigint unsigned", "I", ""), ("double precision", "B", ""),
        ("timestamp(6) with time zone", "T", "6"),
        ("character varying(255)", "C", "255"), ("bit(1)", "L", "1"), ("bl", "L", ""),
        ("jsonb", "G", ""),
        ("字符型(50)", "C", "50"), ("字符型100", "C", "100"), ("字符型50位", "C", "50"),
        ("文本（20位）", "C", "20"),
        ("字符型C", "C", ""), ("C（字符型）", "C", ""), ("数值型N(10,2)", "N", "10,2"),
        ("日期型D", "D", ""),
        ("日期（YYYY-MM-DD）", "D", ""), ("日期（YYYY-MM-DD hh:mm:ss）", "T", ""),
        ("日期型 yyyy/MM/dd HH24:mi:ss", "T", ""), ("日期(yyyymmddhh24miss)", "T", ""),
        ("布尔型(L)", "L", ""), ("長整型", "I", ""),
        ("字元(20)", "C", "20"),
        ("字符串（长度50）", "C", "50"), ("字符串，长度为50", "C", "50"), ("字符型[50]", "C", "50"),
        ("文本（不超过50字）", "C", "50"), ("字符型/50", "C", "50"), ("C≤50", "C", "50"),
        ("字符型(1-50)", "C", "1..50"), ("字符型（长度<=50）", "C", "50"),
        ("数值型（10位，2位小数）", "N", "10,2"), ("数值 18位2位小数", "N", "18,2"),
        ("N..18(2)", "N", "18,2"), ("varchar2(50 char)", "C", "50"), ("N..18,2", "N", "18,2"),
        ("日期型YYYY-MM-DD", "D", ""), ("逻辑型(0,1)", "L", ""), ("布尔（0否1是）", "L", ""),
        ("浮点型（保留2位小数）", "F", ""), ("java.lang.String", "C", ""),
        ("数值（万元）", "N", ""),
        ("字符型（长度不限）", "C", ""), ("varchar<50>", "C", "50"), ("字符型(50)C", "C", "50"),
        ("單精度", "F", ""), ("BigDecimal", "N", ""), ("datetime", "T", ""),
    ],
)  # fmt: skip
def test_item_types(written, code, length):
    assert mapping.item_type(written, RULES) == (code, length)


@pytest.mark.parametrize(
    "written", ["随便", "..100", "枚举", "代码", "12", "(10)", "C或N", "C/N", "字符型(日期型)",
                "数值型（整数8位，小数2位）", "字符型（YYYY-MM-DD hh:mm:ss）", "varchar(50)/int"])
def test_an_item_type_that_nobody_knows_is_refused(written):
    with pytest.raises(CannotRead):
        mapping.item_type(written, RULES)


@given(st.text(max_size=30))
def test_no_text_breaks_a_reader(text):
    for read in (cell_date.day, lambda t: mapping.item_type(t, RULES)):
        with contextlib.suppress(CannotRead):
            read(text)
    cell_list.names(text)
    cell_list.one_line(text)
    assert all(2 <= len(word) <= 100 for word in cell_list.keywords(text)[0])


@pytest.mark.parametrize(
    ("written", "attribute"),
    [("不予公开", "non_open"), ("暂不开放", "non_open"), ("暫不開放", "non_open"),
     ("不宜开放", "non_open"),      ("不对外公开", "non_open"), ("主动公开", "unconditional"),
     ("向社会公开", "unconditional"),
     ("有条件公开", "conditional"), ("依申请", "conditional")],
)  # fmt: skip
def test_words_for_open_and_closed(written, attribute):
    assert mapping.open_attribute(written, RULES)[0] == Became(attribute)


@pytest.mark.parametrize(
    "written", ["部分开放", "待评估", "视情况", "限制开放", "可开放可不开放", "见附件",
                "敏感", "有", "主键", "不敏感"])
def test_what_is_neither_open_nor_closed_is_refused(written):
    with pytest.raises(CannotRead):
        mapping.open_attribute(written, RULES)


@pytest.mark.parametrize("written", [
    "《信息公开条例》第一、二条", "1、《民法典》第一、二条", "1,200", "2,地址", "3.5,甲"])
def test_what_lists_no_items_is_kept_as_written(written):
    assert record_items.listed(written, RULES) == ([], False)


@pytest.mark.parametrize(
    ("written", "whole"),
    [("姓名、地址", True), ("1、姓名 2、地址", True), ("姓名、地址等3项", False),
     ("包括姓名、地址", False), ("姓名、地址（省、市", False)],
)  # fmt: skip
def test_what_is_left_out_of_a_list_is_told(written, whole):
    assert record_items.listed(written, RULES).whole is whole


@pytest.mark.parametrize(
    ("written", "attribute", "condition"),
    [("有条件开放（实名（身份证））", "conditional", "实名（身份证）"),
     ("有条件开放（实名", "conditional", "实名"), ("否（涉密）", "non_open", "")],
)  # fmt: skip
def test_a_note_within_a_note_is_a_part_of_it(written, attribute, condition):
    assert mapping.open_attribute(written, RULES) == (Became(attribute), condition)


def test_no_note_that_says_otherwise_hides_behind_another():
    with pytest.raises(CannotRead):
        mapping.open_attribute("否（涉密）（可申请）", RULES)
