"""Solr in a plain Jetty from Maven's jars, with our configset."""
from __future__ import annotations

import hashlib
import os
import shutil
from importlib.resources import files
from pathlib import Path

import requests

from . import jars, java
from .home import Home, template

CORES = {"portal": "ckan", "test": "ckan_test", "test-2": "ckan_test_2"}
CONFIGSET = "govdata"


def prepare(home: Home) -> bool:
    """Jars, configset and cores in place; whether configset or cores differ from the last start."""
    folder = home.path / "solr"
    jars.bring(folder / "lib")
    for name in ("jetty.xml", "log4j2.xml", "solr.xml"):
        (folder / name).write_text(template(name), "utf-8")
    ours = Path(str(files("ckanext.govdata.config") / "solr"))
    begun = any((folder / core).exists() for core in CORES.values())
    added = [core for core in CORES.values() if not (folder / core).exists()]
    changed = copy_configset(ours, folder / "configsets" / CONFIGSET / "conf")
    for core in CORES.values():
        (folder / core).mkdir(exist_ok=True)
        (folder / core / "core.properties").write_text(
            f"name={core}\nconfigSet={CONFIGSET}\n", "utf-8"
        )
    return changed or (begun and bool(added))


def forget(home: Home) -> None:
    """Throw the indexes away, Solr being down: what an older configset wrote may not fit.

    Lucene refuses a document whose field has doc values now and had none before, even in an
    index without documents. Everything is made again from the database.
    """
    for core in CORES.values():
        shutil.rmtree(home.path / "solr" / core / "data", ignore_errors=True)


def copy_configset(source: Path, target: Path) -> bool:
    """Make ``target`` equal to ``source``; whether it was there and different."""
    existed = target.exists()
    if existed and _digest(source) == _digest(target):
        return False
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    return existed


def _digest(folder: Path) -> str:
    total = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        total.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def command(home: Home) -> list[str]:
    """What to execute in the home's ``solr`` folder; every path relative to it."""
    memory = os.environ.get("GOVDATA_SOLR_MEMORY", "768m")
    return [
        java.find(),
        f"-Xmx{memory}",
        *("-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError"),
        "-Dfile.encoding=UTF-8",
        f"-Dsolr.port={home.port('solr')}",
        "-Dsolr.solr.home=.",
        "-Dsolr.log.dir=../logs",
        "-Dlog4j2.configurationFile=log4j2.xml",
        "-Djava.awt.headless=true",
        *("-cp", "lib/*", "org.eclipse.jetty.xml.XmlConfiguration", "jetty.xml"),
    ]


def url(home: Home, core: str = "portal") -> str:
    """Address of a core."""
    return f"http://127.0.0.1:{home.port('solr')}/solr/{CORES[core]}"


def clear(home: Home) -> None:
    """Throw away every document of the portal's core."""
    answer = requests.post(
        f"{url(home)}/update?commit=true", json={"delete": {"query": "*:*"}}, timeout=60
    )
    answer.raise_for_status()
