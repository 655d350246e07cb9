"""The package as others get it: wheel, plain install and editable install, each in an
environment of its own, with the plugin loaded by CKAN itself.

CKAN's own requirements come from this environment, through a path file: what is tried
here is our package, not its dependencies' wheels.
"""
from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "ckanext-govdata" / "ckanext" / "govdata"
CARRIED = {  # folder in the repository -> folder in the package
    PACKAGE: "ckanext/govdata",
    ROOT / "schemas": "ckanext/govdata/schemas",
    ROOT / "config": "ckanext/govdata/config",
}
NOT_CARRIED = {"__pycache__", "deploy"}
LOAD = """
import importlib.metadata, importlib.resources, sys
(entry,) = [e for e in importlib.metadata.entry_points(group="ckan.plugins") if e.name == "govdata"]
plugin = entry.load()
import ckan.plugins, ckanext.scheming, ckanext.govdata as package
assert {place!r} in package.__file__, package.__file__
from ckan.config.declaration import Declaration, Key
declaration = Declaration()
declaration.load_core_declaration()
ckan.plugins.get_plugin  # CKAN itself is there
plugin().declare_config_options(declaration, Key())
for data in ("schemas", "config"):
    assert importlib.resources.files("ckanext.govdata." + data).is_dir()
from ckanext.govdata import slices
assert slices.functions("action") is not None
print("loaded")
"""


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout as git would give it, and what is new in this one; without build leftovers."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    target = tmp_path_factory.mktemp("检出 with a space")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target


def pip(python: str | Path, *arguments: object) -> None:
    """``pip install`` of one thing without its dependencies, by uv where it is there."""
    start = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python)]
    if subprocess.run([sys.executable, "-m", "uv", "--version"], capture_output=True).returncode:
        start = [str(python), "-m", "pip", "install", "--quiet"]
    done = subprocess.run([*start, "--no-deps", "--no-build-isolation", *map(str, arguments)],
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def wheel(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-c", "import setuptools.build_meta as b, sys; b.build_wheel(sys.argv[1])",
         str(folder)], cwd=source, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture
def environment(tmp_path: Path) -> Path:
    """A clean environment's Python; this one's packages behind it, our own package not."""
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True)
    python = tmp_path / "env" / "bin" / "python"
    site = Path(subprocess.run([str(python), "-c",
                "import sysconfig; print(sysconfig.get_path('purelib'))"],
                check=True, capture_output=True, text=True).stdout.strip())
    borrowed = tmp_path / "borrowed"
    borrowed.mkdir()
    for entry in Path(sysconfig.get_path("purelib")).iterdir():
        if "govdata" not in entry.name.lower():
            (borrowed / entry.name).symlink_to(entry)
    # addsitedir reads the other packages' .pth files too, as an installation of theirs would.
    (site / "zz-borrowed.pth").write_text(f"import site; site.addsitedir({str(borrowed)!r})\n")
    return python


def load(python: Path, place: str) -> None:
    done = subprocess.run([str(python), "-c", LOAD.format(place=place)],
                          capture_output=True, text=True, cwd="/")
    assert done.stdout.strip().endswith("loaded"), done.stderr


def expected(source: Path) -> set[str]:
    """Every file of the package's folders, and a compiled catalogue for each translation."""
    names = set()
    for folder, target in CARRIED.items():
        start = source / folder.relative_to(ROOT)
        for path in start.rglob("*"):
            relative = path.relative_to(start)
            if path.suffix == ".md":
                continue  # for who reads the repository
            if path.is_file() and not NOT_CARRIED & set(relative.parts):
                names.add(f"{target}/{relative.as_posix()}")
    compiled = {name[:-3] + ".mo" for name in names if name.endswith(".po")}
    return names | compiled


def test_the_wheel_carries_every_file(wheel: Path, source: Path) -> None:
    carried = set(zipfile.ZipFile(wheel).namelist())
    missing = sorted(expected(source) - carried)
    assert not missing, missing


def test_the_wheel_leaves_ckans_namespace_and_the_rest_alone(wheel: Path) -> None:
    """With ``ckanext/__init__.py`` inside, removing our package would break CKAN's."""
    names = zipfile.ZipFile(wheel).namelist()
    assert "ckanext/__init__.py" not in names
    assert not [name for name in names if name.startswith("tests/") or "/deploy/" in name]
    top = {name.split("/")[0] for name in names}
    assert {name for name in top if not name.endswith((".dist-info", ".pth"))} == {"ckanext"}


def test_translations_in_the_wheel_are_compiled_and_whole(wheel: Path) -> None:
    import gettext

    archive = zipfile.ZipFile(wheel)
    for name in archive.namelist():
        if name.endswith(".mo"):
            with archive.open(name) as compiled:
                assert gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]


@pytest.mark.slow
def test_the_wheel_loads_in_a_clean_environment(wheel: Path, environment: Path) -> None:
    pip(environment, wheel)
    load(environment, "/env/lib/")


@pytest.mark.slow
def test_a_plain_install_loads(source: Path, environment: Path) -> None:
    pip(environment, source)
    load(environment, "/env/lib/")


@pytest.mark.slow
def test_an_editable_install_loads_from_the_checkout(source: Path, environment: Path) -> None:
    pip(environment, "--editable", source)
    load(environment, str(source))
