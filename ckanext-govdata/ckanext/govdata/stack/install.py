"""Make the virtual environment; run by whatever Python there is, so: standard library only.

``python3 install.py [dev]`` from the checkout. Packages come by uv, which is fast, else by
pip; where they come from is their own configuration's business, and uv is told what pip knows.
"""
from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ENVIRONMENT = Path(".venv")
PYTHON = ENVIRONMENT / "bin" / "python"
LOCK = Path(".venv.lock")
PROJECT = ("setup.py", "pyproject.toml", "requirements.in")
FOR_UV = {  # what pip calls it -> what uv calls it
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "cert": "SSL_CERT_FILE",
    "timeout": "UV_HTTP_TIMEOUT",
    "default-timeout": "UV_HTTP_TIMEOUT",
}


def main(kinds: list[str]) -> int:
    """Install what is missing; 1 with a message when it cannot."""
    if sys.version_info < (3, 10):  # whatever Python is there runs this
        return complain(f"Python 3.10 or newer is needed; this is {sys.version.split()[0]}.")
    requirements = ["requirements.txt", *(f"requirements-{kind}.txt" for kind in kinds)]
    with alone():
        return bring(requirements, ENVIRONMENT / f"installed-{'-'.join(['run', *kinds])}")


@contextmanager
def alone() -> Iterator[None]:
    """One install at a time in a checkout: who comes second waits, and finds it done."""
    with os.fdopen(os.open(LOCK, os.O_RDWR | os.O_CREAT, 0o600)) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("  Another install is at work in this checkout; waiting until it is done.",
                  file=sys.stderr, flush=True)
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def bring(requirements: list[str], stamp: Path) -> int:
    """Install those, unless ``stamp`` says that it was done."""
    digest = digest_of([*requirements, *PROJECT])
    if stamp.exists() and stamp.read_text() == digest:
        return 0
    print("  Packages      ", end="", flush=True)
    began = time.monotonic()
    if not PYTHON.exists() and subprocess.call([sys.executable, "-m", "venv", str(ENVIRONMENT)]):
        return complain("No virtual environment could be made; on Debian, install python3-venv.")
    arguments = [word for name in requirements for word in ("-r", name)]
    if not install(arguments) or not install(["--no-build-isolation", "--no-deps", "-e", "."]):
        return complain("Packages could not be installed; the lines above say why.")
    prefer_packaged_libmagic()
    stamp.write_text(digest)
    print(f"ok {time.monotonic() - began:6.1f} s", flush=True)
    return 0


def install(arguments: list[str]) -> bool:
    """``pip install``, by uv if that works."""
    pip = [str(PYTHON), "-m", "pip", "-q", "--disable-pip-version-check"]
    uv = [str(PYTHON), "-m", "uv", "-q", "pip"]
    if not succeeds([*uv, "--version"]):
        succeeds([*pip, "install", "uv"])
    environ = uv_environment(pip_settings([*pip[:3], "config", "list"]), dict(os.environ))
    by_uv = [*uv, "install", "--python", str(PYTHON), *arguments]
    if subprocess.run(by_uv, env=environ, check=False).returncode == 0:
        return True
    return subprocess.call([*pip, "install", *arguments]) == 0


def succeeds(command: list[str]) -> bool:
    """Whether a command succeeds; what it says does not matter."""
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def pip_settings(command: list[str]) -> dict[str, str]:
    """What pip's files and environment set, by its own word; the environment's comes last."""
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    lines.sort(key=lambda line: line.startswith(":env:"))
    pairs = (line.split("=", 1) for line in lines if "=" in line)
    return {key.split(".")[-1]: value.strip("'\"") for key, value in pairs}


def uv_environment(settings: dict[str, str], environ: dict[str, str]) -> dict[str, str]:
    """The environment in which uv finds packages where pip would; what is set for uv stays.

    Like pip, uv is to believe the machine's own certificates.
    """
    environ.setdefault("UV_SYSTEM_CERTS", "true")
    for name, variable in FOR_UV.items():
        value = settings.get(name, "")
        if name == "find-links" and not Path(value).exists():
            continue
        if value:
            environ.setdefault(variable, value)
    return environ


def prefer_packaged_libmagic() -> None:
    """Where the machine has no libmagic, load the packaged one before anybody asks for it.

    A ``.pth`` file reaches every process of this environment: web, worker, tests, ``ckan``.
    """
    probe = "import ctypes; ctypes.CDLL('libmagic.so.1')"
    missing = not succeeds([str(PYTHON), "-S", "-c", probe])
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    answer = subprocess.run([str(PYTHON), "-c", where], capture_output=True, text=True, check=True)
    file = Path(answer.stdout.strip()) / "govdata-libmagic.pth"
    if missing:
        file.write_text("import pylibmagic\n")
    else:
        file.unlink(missing_ok=True)


def digest_of(names: list[str]) -> str:
    """One digest of those files."""
    total = hashlib.sha256()
    for name in names:
        total.update(Path(name).read_bytes())
    return total.hexdigest()


def complain(words: str) -> int:
    """Say what is wrong; the exit code that goes with it."""
    print(f"\n✗ {words}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
