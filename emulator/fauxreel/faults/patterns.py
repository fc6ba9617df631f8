"""Conditions on requests, as values that combine with `&`, `|` and `~`."""

from enum import StrEnum
from fnmatch import fnmatchcase

from msgspec import Struct

from fauxreel.faults.expression import found
from fauxreel.faults.rule import Pattern, Subject


class Combines:
    """What makes conditions combine."""

    __slots__ = ()

    def matches(self, subject: Subject) -> bool:
        raise NotImplementedError

    def __and__(self, other: Pattern) -> "Both":
        return Both(self, other)

    def __or__(self, other: Pattern) -> "Either":
        return Either(self, other)

    def __invert__(self) -> "Not":
        return Not(self)


class Anything(Combines, Struct, frozen=True):
    """Every request."""

    def matches(self, subject: Subject) -> bool:
        del subject
        return True


class Both(Combines, Struct, frozen=True):
    one: Pattern
    other: Pattern

    def matches(self, subject: Subject) -> bool:
        return self.one.matches(subject) and self.other.matches(subject)


class Either(Combines, Struct, frozen=True):
    one: Pattern
    other: Pattern

    def matches(self, subject: Subject) -> bool:
        return self.one.matches(subject) or self.other.matches(subject)


class Not(Combines, Struct, frozen=True):
    one: Pattern

    def matches(self, subject: Subject) -> bool:
        return not self.one.matches(subject)


class OnSurface(Combines, Struct, frozen=True):
    names: frozenset[str]

    def matches(self, subject: Subject) -> bool:
        return subject.surface in self.names


class Asks(Combines, Struct, frozen=True):
    """One of some operations."""

    operations: frozenset[str]

    def matches(self, subject: Subject) -> bool:
        return subject.operation in self.operations


class OfModel(Combines, Struct, frozen=True):
    """A model by its name, where `*` stands for anything."""

    glob: str

    def matches(self, subject: Subject) -> bool:
        return subject.model is not None and fnmatchcase(subject.model, self.glob)


class Prompted(Combines, Struct, frozen=True):
    """A prompt in which a regular expression is found."""

    expression: str

    def matches(self, subject: Subject) -> bool:
        return subject.prompt is not None and found(self.expression, subject.prompt)


class HasHeader(Combines, Struct, frozen=True):
    """A header (lower case) in whose value a regular expression is found."""

    name: str
    expression: str

    def matches(self, subject: Subject) -> bool:
        value = subject.headers.get(self.name)
        return value is not None and found(self.expression, value)


class OfVideo(Combines, Struct, frozen=True):
    """The job of that id."""

    video_id: str

    def matches(self, subject: Subject) -> bool:
        return subject.video_id == self.video_id


class Moment(StrEnum):
    CREATION = "creation"
    COMPLETION = "completion"


class Younger(Combines, Struct, frozen=True):
    """A job that was created, or ended, less than so many emulated seconds ago."""

    seconds: float
    since: Moment

    def matches(self, subject: Subject) -> bool:
        age = subject.age if self.since is Moment.CREATION else subject.ended
        return age is not None and age < self.seconds
