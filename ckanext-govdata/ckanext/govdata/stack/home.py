"""The folder that holds all of one stack, and what it remembers."""
from __future__ import annotations

import json
import os
import secrets
import tempfile
from dataclasses import asdict, dataclass, field
from importlib.resources import files
from pathlib import Path

from .trouble import Trouble

STATE = "state.json"
FOLDERS = ("logs", "run", "solr", "valkey", "storage", "test-storage", "test-2-storage")
SECRETS = (
    *("session", "token"),
    *("admin", "ckan", "datastore", "reader", "tester"),
    *("valkey", "supervisor"),
)


@dataclass
class StackState:
    """What must stay the same from one start to the next; kept in ``state.json``, mode 600."""

    id: str
    ports: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Home:
    """One stack's folder; ``path`` is absolute."""

    path: Path
    state: StackState

    @classmethod
    def open(cls, path: Path | None = None) -> Home:
        """The stack of this checkout (``GOVDATA_HOME`` or ``.govdata``), made if absent.

        Raises Trouble when the folder cannot be written or CKAN could not read its ini there.
        """
        path = cls.place(path)
        try:
            for name in FOLDERS:
                (path / name).mkdir(parents=True, exist_ok=True)
            path.chmod(0o711)
            home = cls(path, _read(path / STATE))
            home.save()
        except OSError as error:
            raise Trouble(
                f"The folder {path} cannot be written: {error.strerror}. Free or change it, "
                "or set GOVDATA_HOME to another one."
            ) from error
        return home

    @staticmethod
    def place(path: Path | None = None) -> Path:
        """Where a stack is or would be: there, or by ``GOVDATA_HOME``, or ``.govdata``.

        Raises Trouble where CKAN could not read its ini.
        """
        place = Path(path or os.environ.get("GOVDATA_HOME") or ".govdata").absolute()
        if "%" in str(place):
            raise Trouble(
                f"CKAN cannot read its configuration under a path with a percent sign: {place}. "
                "Set GOVDATA_HOME to another folder."
            )
        return place

    @staticmethod
    def exists(place: Path) -> bool:
        """Whether a stack was ever begun there."""
        return (place / STATE).is_file()

    def save(self) -> None:
        """Write the state in one step, readable by nobody else; nothing where it stands there.

        Every part of a stack opens its home when it starts: so they do not write all at once.
        """
        path, text = self.path / STATE, json.dumps(asdict(self.state), indent=1)
        if not path.exists() or path.read_text("utf-8") != text:
            write_private(path, text)

    @property
    def ini(self) -> Path:
        """CKAN's configuration."""
        return self.path / "ckan.ini"

    @property
    def test_ini(self) -> Path:
        """CKAN's configuration for tests: databases, core and storage of their own."""
        return self.path / "test.ini"

    @property
    def second_test_ini(self) -> Path:
        """The same for the second of two processes that share the tests."""
        return self.path / "test-2.ini"

    def log(self, part: str) -> Path:
        """Where a part writes what it has to say."""
        return self.path / "logs" / f"{part}.log"

    def port(self, name: str) -> int:
        """A part's port; raises Trouble where the first start did not come so far."""
        if name not in self.state.ports:
            raise Trouble(
                f"The first start did not come so far that {name} has a port ({self.path}): make up"
            )
        return self.state.ports[name]

    def secret(self, name: str) -> str:
        """A password or key, made on the first start."""
        return self.state.secrets[name]


def _read(path: Path) -> StackState:
    """What is remembered, with what is new in this version; raises Trouble where it is damaged."""
    state = _parsed(path) if path.exists() else StackState("")
    state.id = state.id or secrets.token_hex(6)
    for name in SECRETS:
        state.secrets.setdefault(name, secrets.token_hex(24))
    state.secrets.setdefault("demo", secrets.token_hex(5))  # a person types this one
    return state


def _parsed(path: Path) -> StackState:
    try:
        state = StackState(**json.loads(path.read_text("utf-8")))
        words = (state.id, *state.secrets.values())
        whole = all(type(one) is str for one in words) and all(
            type(port) is int for port in state.ports.values()
        )
    except (ValueError, TypeError, AttributeError):
        whole, state = False, StackState("")
    if whole:
        return state
    raise Trouble(
        f"The file {path} is damaged. It holds the ports and the passwords of this stack, without "
        "which its data cannot be opened: put it back from a backup of the folder. Without one, "
        f"end what still runs of this stack, delete {path.parent} and begin anew with `make up`; "
        "the data in it is lost then."
    )


def write_private(path: Path, text: str) -> None:
    """Replace a file at once, with mode 600: whoever reads finds the old one or the new one, whole.

    Also when several write it at the same moment, or the machine loses its power.
    """
    handle, name = tempfile.mkstemp(prefix=f"{path.name}.", suffix=".new", dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as new:
            new.write(text)
            new.flush()
            os.fsync(new.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def template(name: str) -> str:
    """A file of ``stack/files``."""
    return (files("ckanext.govdata.stack") / "files" / name).read_text("utf-8")
