"""Broken configuration files are named with file and line."""

from pathlib import Path

import pytest
import yaml

from ckanext.govdata import config_reader
from ckanext.govdata.domain.node import Node

TEXT = """\
version: 1
values:
  - code: a
    label: {en: A}
  - code: b
    label:
      en: B
"""


def test_data_and_lines():
    document = config_reader.parse(TEXT, "x.yaml")
    assert document.data["values"][1]["label"]["en"] == "B"
    assert document.line("version") == 1
    assert document.line("values", 1, "code") == 5
    assert document.line("values", 1, "label") == 6
    assert document.line("values", 1, "label", "en") == 7


def test_an_absent_value_has_the_line_of_what_is_around_it():
    document = config_reader.parse(TEXT, "x.yaml")
    assert document.line("values", 1, "colour") == 5
    assert document.line("nothing", "here") == 1


def test_broken_names_file_and_line():
    document = config_reader.parse(TEXT, "x.yaml")
    top = Node(document, [], document.data)
    top.blame("unknown code", "values", 1, "code")
    assert str(config_reader.BrokenFile(top.flaws)) == "x.yaml:5: unknown code"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\nb: [1, 2\nc: 3\n", 3),
        ("a: 1\na: 2\n", 2),
        ("a:\n  b: 1\n  b: 2\n", 3),
        ("a: !!python/object:os.system x\n", 1),
        ("a: 1\nday: 2021-02-30\n", 2),
        ("a: 1\n---\nb: 2\n", 2),
        ("a: 1\nb: \x01\n", 2),
    ],
)
def test_what_is_not_good_yaml_is_refused(text: str, line: int):
    with pytest.raises(config_reader.BrokenFile) as caught:
        config_reader.parse(text, "x.yaml")
    [flaw] = caught.value.flaws
    assert (flaw.file, flaw.line) == ("x.yaml", line)


def test_missing_and_wrongly_encoded_files(tmp_path: Path):
    with pytest.raises(config_reader.BrokenFile, match="cannot be read"):
        config_reader.read(tmp_path / "absent.yaml")
    (tmp_path / "gbk.yaml").write_bytes("a: 1\nlabel: 数据\n".encode("gb18030"))
    with pytest.raises(config_reader.BrokenFile, match=r"gbk\.yaml:2: is not UTF-8"):
        config_reader.read(tmp_path / "gbk.yaml")


def test_an_empty_file_has_no_data():
    assert config_reader.parse("", "x.yaml").data is None


@pytest.mark.skipif(config_reader._FAST is None, reason="PyYAML without libyaml")
@pytest.mark.parametrize("package", [config_reader.CONFIG, config_reader.SCHEMAS])
def test_both_readers_find_the_same_values_on_the_same_lines(package: str):
    root = Path(str(config_reader.files(package)))
    found = sorted(root.rglob("*.yaml"))
    assert found
    for path in found:
        text = path.read_text("utf-8")
        fast = config_reader._document(config_reader._FAST, text, path.name)
        assert fast == config_reader._document(yaml.SafeLoader, text, path.name)


def test_a_text_is_parsed_once_and_a_changed_file_again(tmp_path: Path):
    path = tmp_path / "x.yaml"
    path.write_text("a: 1\n", "utf-8")
    first = config_reader.read(path)
    assert config_reader.read(path) is first
    path.write_text("a: 2\n", "utf-8")
    assert config_reader.read(path).data == {"a": 2}


def test_without_libconfig_reader_are_read_the_same(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(config_reader, "_FAST", None)
    document = config_reader.parse(TEXT + "more: 1\n", "x.yaml")
    assert document.data["values"][0]["code"] == "a"
    assert document.line("more") == 8
