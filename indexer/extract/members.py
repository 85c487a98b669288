"""Files inside files, unpacked one at a time to be read like any other.

A package's list costs next to nothing; every member is then a task of its own, with limits of its own, so
that one bad member spoils neither the package nor the rest. Nothing is ever written under a package's names.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from indexer.extract.bsdtar import TarPackage
from indexer.extract.listing import Package
from indexer.extract.mail import MailPackage
from indexer.extract.msg import MessagePackage
from indexer.extract.sniff import Kind, kind_of
from indexer.extract.zips import ZipPackage
from indexer.model import Limits

_PACKAGES: Mapping[Kind, Callable[[Path, Limits], Package]] = {
    Kind.ZIP: ZipPackage,
    Kind.MAIL: MailPackage,
    Kind.MESSAGE: MessagePackage,
}
"""What opens a package of a kind; bsdtar opens all others."""
_Seen = tuple[Path, int, int, int]


class Unpacker:
    """Gives members as files in ``folder``.

    The last package stays open for its next member, and one that was itself a member stays unpacked.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._numbers = itertools.count()
        self._inner: tuple[tuple[_Seen, tuple[int, ...]], Path] | None = None
        self._open: tuple[_Seen, Package] | None = None

    @contextmanager
    def member(self, path: Path, inside: Sequence[int]) -> Iterator[Path]:
        """The member at the positions ``inside`` (of the package, of a package in it, …), while asked for.

        Raises:
            Unreadable: it is encrypted, damaged, not there or passes a limit.
        """
        package = self._package(path, tuple(inside[:-1]))
        file = self._unpacked(package, inside[-1])
        try:
            yield file
        finally:
            file.unlink(missing_ok=True)

    def close(self) -> None:
        """Lets go of the package that is open."""
        if self._open is not None:
            self._open[1].close()
            self._open = None

    def _package(self, path: Path, inside: tuple[int, ...]) -> Path:
        """The package that holds the member: the file itself, or one unpacked from it."""
        if not inside:
            return path
        wanted = (_seen(path), inside)
        if self._inner is None or self._inner[0] != wanted:
            inner = self._unpacked(self._package(path, inside[:-1]), inside[-1])
            if self._inner is not None:
                self.close()
                self._inner[1].unlink(missing_ok=True)
            self._inner = (wanted, inner)
        return self._inner[1]

    def _unpacked(self, path: Path, position: int) -> Path:
        """The member's content in a file of its own, at most as long as its entry promises."""
        package = self._opened(path)
        ending = PurePosixPath(package.name(position)).suffix
        number = f"{os.getpid()}-{next(self._numbers)}"
        target = self._folder / (number + ending if ending[1:].isalnum() else number)
        try:
            package.unpack(position, target)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return target

    def _opened(self, path: Path) -> Package:
        """The package, opened when it is not the one that is open."""
        wanted = _seen(path)
        if self._open is None or self._open[0] != wanted:
            self.close()
            self._open = (wanted, _PACKAGES.get(kind_of(path), TarPackage)(path, self._limits))
        return self._open[1]


def _seen(path: Path) -> _Seen:
    """The file as it is now."""
    now = path.stat()
    return path, now.st_size, now.st_mtime_ns, now.st_ctime_ns
