"""Reading contents and what is inside them: the work grows as packages tell what they hold."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.extract.endings import over_limit
from indexer.manifest import member_key
from indexer.model import Extraction, Limits
from indexer.workers import Task, WorkerPool


@dataclass(frozen=True, slots=True)
class Read:
    """What was read under ``key``, inside the file whose content is ``root``; ``last`` of that file."""

    root: str
    key: str
    found: Extraction
    last: bool


def read_contents(
    files: Mapping[str, Path],
    pool: WorkerPool,
    limits: Limits,
    read_before: Callable[[Iterable[str]], frozenset[str]],
) -> Iterator[Read]:
    """Each content and everything inside it; a package comes after what it holds, so the file itself is last.

    So whoever keeps them in this order never has a package without its members, whatever interrupts.

    Args:
        files: a file of each content, by content hash.
        pool: the workers.
        limits: how deep packages may lie in packages, and how many files in one.
        read_before: which of these keys need not be read; asked of members only.
    """
    work = _Work(files, limits, read_before)
    for key, found in pool.extract_all(work):
        yield from work.done(key, found)


class _Work(Iterator[Task]):
    """The tasks that are due; there may be more after there were none for a while."""

    def __init__(
        self,
        files: Mapping[str, Path],
        limits: Limits,
        read_before: Callable[[Iterable[str]], frozenset[str]],
    ) -> None:
        self._limits = limits
        self._read_before = read_before
        self._due = deque(Task(root, path) for root, path in files.items())
        self._tasks: dict[str, tuple[str, Task]] = {task.key: (task.key, task) for task in self._due}
        self._left: Counter[str] = Counter(files.keys())
        self._inside: Counter[str] = Counter()
        self._packages: defaultdict[str, list[tuple[str, Extraction]]] = defaultdict(list)

    def __next__(self) -> Task:
        if not self._due:
            raise StopIteration
        return self._due.popleft()

    def done(self, key: str, found: Extraction) -> Iterator[Read]:
        """What can be kept now: the text just read, or a whole package with all that waited for it."""
        root, task = self._tasks.pop(key)
        self._left[root] -= 1
        found = self._within_limits(root, task, found)
        if found.members:
            self._packages[root].append((key, found))
            self._expect(root, task, found)
        elif self._left[root] or self._packages[root]:
            yield Read(root, key, found, last=False)
        else:
            yield Read(root, key, found, last=True)
        if not self._left[root]:
            packages = self._packages.pop(root, [])
            for package, listed in reversed(packages):
                yield Read(root, package, listed, last=package == root)

    def _within_limits(self, root: str, task: Task, found: Extraction) -> Extraction:
        """The same, or the refusal of a package too deep or with too many files."""
        if not found.members:
            return found
        if len(task.inside) >= self._limits.package_depth:
            return over_limit(f"压缩包套了 {self._limits.package_depth} 层以上").extraction(found.passages)
        if self._inside[root] + len(found.members) > self._limits.zip_members:
            return over_limit(f"压缩包里的文件超过 {self._limits.zip_members} 个").extraction(found.passages)
        self._inside[root] += len(found.members)
        return found

    def _expect(self, root: str, task: Task, found: Extraction) -> None:
        """The members that have not been read yet are due next."""
        keys = {member_key(task.key, member.position): member for member in found.members}
        before = self._read_before(keys)
        due = [
            Task(key, task.path, (*task.inside, member.position))
            for key, member in keys.items()
            if key not in before
        ]
        self._tasks.update((one.key, (root, one)) for one in due)
        self._left[root] += len(due)
        self._due.extendleft(reversed(due))
