"""Debian's own nginx in a folder, set up by the commands of the installation page."""
from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "ckanext-govdata" / "docs" / "installation.md"
UNPACKED = ROOT / ".govdata" / "debian-nginx"
"""Where `make nginx` puts the packages ``nginx`` and ``nginx-common``."""


def commands(step: int) -> list[str]:
    """The commands of a step of the page's way with systemd, as they stand there."""
    text = PAGE.read_text("utf-8").split("## With systemd")[1].split("\n## ")[0]
    [body] = re.findall(rf"^{step}\. (.*?)(?=^\d+\. |^\S|\Z)", text, re.MULTILINE | re.DOTALL)
    [block] = re.findall(r"```sh\n(.*?)```", body, re.DOTALL)
    return [line.strip() for line in block.splitlines() if line.strip()]


class DebianNginx:
    """A machine's nginx: ``root`` holds what Debian's packages install, and then our files."""

    def __init__(self, root: Path, upstream: int) -> None:
        self.root, self.upstream = root, upstream
        self.ports = {"80": free_port(), "8080": free_port(), "8081": free_port()}
        shutil.copytree(UNPACKED, root, symlinks=True)
        default = root / "etc" / "nginx" / "sites-enabled" / "default"
        default.symlink_to("../sites-available/default")  # as the package's own script does
        main = root / "etc" / "nginx" / "nginx.conf"
        main.write_text(with_temporary_folders(main.read_text("utf-8"), root / "var/lib/nginx"))
        self._localize()

    def set_up(self) -> str:
        """Carry out step 10; what ``nginx -t`` said. Raises AssertionError where a command fails.

        Only where the root of the file system is, and who one is, differs from the page.
        """
        said = ""
        for line in commands(10):
            if line.startswith("systemctl"):
                continue
            if line == "nginx -t":
                self._localize()
                tried = self.nginx("-t")
                said = tried.stderr
            else:
                tried = subprocess.run(
                    ["bash", "-euc", self._here(line)], cwd=ROOT, capture_output=True, text=True,
                    check=False,
                )
            assert tried.returncode == 0, f"{line}\n{tried.stderr}"
        return said

    @contextmanager
    def running(self):
        """Its address while it runs."""
        log = self.root / "started.log"
        with log.open("w") as told:
            process = subprocess.Popen(self._command("-g", "daemon off;"), stderr=told)
        try:
            yield f"http://127.0.0.1:{self.ports['80']}", process, log
        finally:
            process.terminate()
            process.wait(20)

    def nginx(self, *more: str) -> subprocess.CompletedProcess[str]:
        """Run it once."""
        return subprocess.run(self._command(*more), capture_output=True, text=True, check=False)

    def logs(self) -> str:
        """All that it wrote down."""
        folder = self.root / "var" / "log" / "nginx"
        return "\n".join(path.read_text("utf-8") for path in folder.iterdir())

    def _command(self, *more: str) -> list[str]:
        program, file = self.root / "usr/sbin/nginx", self.root / "etc/nginx/nginx.conf"
        return [str(program), "-e", "stderr", "-c", str(file), *more]

    def _here(self, line: str) -> str:
        moved = re.sub(r"(?<= )/(etc|var)/nginx", rf"{self.root}/\1/nginx", line)
        moved = re.sub(r"(?<= )/var/cache", f"{self.root}/var/cache", moved)
        return moved if os.geteuid() == 0 else moved.replace("-o www-data -g www-data ", "")

    def _localize(self) -> None:
        """Every absolute path and port of the configuration is this folder's."""
        (self.root / "run").mkdir(exist_ok=True)
        for path in (self.root / "etc" / "nginx").rglob("*"):
            if path.is_symlink() or not path.is_file():
                continue
            text = path.read_text("utf-8")
            text = re.sub(r"(?<=[ \t])/(etc|var|run|usr)/", rf"{self.root}/\1/", text)
            for port, free in self.ports.items():
                listen = rf"(listen +(?:127\.0\.0\.1:|\[::\]:)?){port}\b"
                text = re.sub(listen, rf"\g<1>{free}", text)
            text = text.replace("127.0.0.1:5000", f"127.0.0.1:{self.upstream}")
            path.write_text(text, "utf-8")


@contextmanager
def folder_of_all() -> Iterator[Path]:
    """A folder that nginx's workers, who are nobody, reach as long as it is there.

    Not one of pytest's: each session that begins, of whoever on this machine, takes the right to
    enter away from the folder above all sessions', and then the workers' cache is out of reach.
    """
    with TemporaryDirectory(prefix="govdata-nginx-") as made:
        Path(made).chmod(0o755)
        yield Path(made)


def with_temporary_folders(text: str, folder: Path) -> str:
    """A main file that says where the folders are which Debian's program has built in."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = ("client_body", "proxy", "fastcgi", "scgi", "uwsgi")
    lines = "".join(f"\n\t{kind}_temp_path {folder}/{kind};" for kind in kinds)
    return text.replace("http {", f"http {{{lines}", 1)


def program() -> str | None:
    """An nginx to run: the machine's, or what `make nginx` unpacked."""
    unpacked = UNPACKED / "usr/sbin/nginx"
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    return found or (str(unpacked) if unpacked.exists() else None)


def mime_types() -> Path:
    """The list of types that belongs to it."""
    own = Path("/etc/nginx/mime.types")
    return own if own.exists() else UNPACKED / "etc/nginx/mime.types"


def needed() -> None:
    """Skip where Debian's packages are not there."""
    if not (UNPACKED / "usr/sbin/nginx").exists():
        pytest.skip("Debian's nginx is not there: make nginx fetches it, on Debian and its kin")
