"""What people see of a procedure's way: the pages of its form, and the stages of a case."""

from __future__ import annotations

from dataclasses import dataclass

from .locales import Label


@dataclass(frozen=True)
class Step:
    """One page of a form, with its name in addresses.

    ``identity`` asks there who the applicant is, ``materials`` shows what the entry's department
    wants to have handed in.
    """

    id: str
    label: Label
    fields: tuple[str, ...]
    identity: bool = False
    materials: bool = False


@dataclass(frozen=True)
class LastStep:
    """The page at the end of a form: everything once more, and what handing it in asks itself."""

    id: str
    label: Label
    heading: Label


@dataclass(frozen=True)
class Form:
    """Pages, one after the other; without a ``last`` one the last of the ``steps`` hands in."""

    steps: tuple[Step, ...]
    last: LastStep | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of all fields in the order of the pages."""
        return tuple(name for step in self.steps for name in step.fields)

    @property
    def pages(self) -> tuple[Step | LastStep, ...]:
        """All pages."""
        return (*self.steps, self.last) if self.last else self.steps


@dataclass(frozen=True)
class ProgressStage:
    """One of the stages that the page of a case shows as its way, with the states it stands for."""

    label: Label
    states: tuple[str, ...]
