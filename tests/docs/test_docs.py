"""What exists stands in the documents, and what the documents name exists."""
from __future__ import annotations

import importlib.util
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "ckanext-govdata" / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
OTHERS = [ROOT / "README.md", ROOT / "README.zh.md", ROOT / "CHANGELOG.md",
          ROOT / "config" / "deploy" / "README.md"]
HINT = "add it to a page, or run: python ckanext-govdata/docs/reference.py"
# A path that only exists on the machine where somebody worked, or a registry's address.
NOT_OURS = re.compile(
    r"(?<![\w.])/(?:root|work|home/\w+)/"
    r"|https?://[\w.-]*(?:pypi|pythonhosted|npmjs|maven|crates|docker)[\w.-]*"
    r"|https?://[\w.-]*(?:artifactory|nexus|mirrors?)\.(?!example\b)[\w.-]+"
    r"|--(?:extra-)?index-url[ =]\S+", re.IGNORECASE)
SECRET = re.compile(
    r"-----BEGIN (?:[A-Z]+ )?PRIVATE KEY|\bAKIA[0-9A-Z]{16}\b|\bghp_\w{36}\b|\bglpat-\w{20}\b"
    r"|://[^\s:/@{}$%<>'\"]+:[^\s:/@{}$%<>'\"]{6,}@(?!localhost|127\.|db/)")


@cache
def reference():
    spec = importlib.util.spec_from_file_location("reference", DOCS / "reference.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def text() -> str:
    return "\n".join(path.read_text("utf-8") for path in PAGES)


def things() -> list[tuple[str, str]]:
    """Kind and name of everything that must be documented."""
    found = []
    for title, _, rows in reference().TABLES:
        found += [(title, row[0].strip("`")) for row in rows()]
    return found


@pytest.mark.usefixtures("loaded_plugins")
def test_everything_stands_in_the_documents() -> None:
    missing = [(kind, name) for kind, name in things() if name.split(" [")[0] not in text()]
    assert not missing, HINT
    assert len(things()) > 80


@pytest.mark.usefixtures("loaded_plugins")
def test_the_reference_names_nothing_that_is_gone() -> None:
    known = {name for _, name in things()}
    page = (DOCS / "reference.md").read_text("utf-8")
    named = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    assert not [name for name in named if name not in known], HINT


@pytest.mark.parametrize("page", [*PAGES, *OTHERS], ids=lambda path: path.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        if not re.match(r"[a-z]+:", target):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("page", [*PAGES, *OTHERS], ids=lambda path: path.name)
def test_make_targets_that_are_named_exist(page: Path) -> None:
    targets = set(re.findall(r"^([\w -]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    targets = {name for line in targets for name in line.split()}
    for named in re.findall(r"`make (?:-s )?([a-z][\w-]*)", page.read_text("utf-8")):
        assert named in targets, f"{page.name}: make {named}"


def test_both_readmes_have_the_same_parts() -> None:
    def parts(path: Path) -> list[int]:
        return [len(mark) for mark in re.findall(r"^(#+) ", path.read_text("utf-8"), re.M)]

    assert parts(ROOT / "README.md") == parts(ROOT / "README.zh.md")


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others",
                             "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listed.stdout.decode().split("\0") if name]


def findings(pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in tracked():
        if path == Path(__file__) or not path.is_file() or path.name == "LICENSE":
            continue
        try:
            lines = path.read_text("utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # pictures, workbooks
        found += [f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"
                  for number, line in enumerate(lines, 1) if pattern.search(line)]
    return found


def test_no_registry_host_and_no_path_of_one_machine() -> None:
    assert not findings(NOT_OURS)


def test_no_secret() -> None:
    assert not findings(SECRET)


@pytest.mark.parametrize("line", [
    "see /ro" "ot/x", "cd /wo" "rk/main", 'open("/home/anna/x")', "https://py" "pi.org/simple",
    "https://repo1.ma" "ven.org/maven2", "pip install --index-url https://x", "https://mirrors.acme.test/a",
])
def test_the_scan_for_hosts_and_paths_finds_them(line: str) -> None:
    assert NOT_OURS.search(line)


@pytest.mark.parametrize("line", [
    "-----BEGIN RSA PRIVATE KEY-----", "postgresql://ckan:hunter22@db.example/ckan",
    "ghp_" + "a" * 36])
def test_the_scan_for_secrets_finds_them(line: str) -> None:
    assert SECRET.search(line)
