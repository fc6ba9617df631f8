"""What is kept only to save the work of finding it out again."""

from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Memory(dict[K, V]):
    """A dictionary that begins anew when it is full.

    Args:
        most: How many it holds.
    """

    __slots__ = ("_most",)

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: K, value: V) -> V:
        """Keeps the value, and gives it back."""
        if len(self) >= self._most:
            self.clear()
        self[key] = value
        return value
