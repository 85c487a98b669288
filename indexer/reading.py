"""Reading contents and what is inside them: the work grows as packages tell what they hold."""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from indexer.extract.endings import over_limit
from indexer.manifest import member_key
from indexer.model import Extraction, Limits
from indexer.worker import Task
from indexer.workers import WorkerPool


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
        self._bytes: Counter[str] = Counter()
        self._sizes: dict[str, int] = {}
        self._packages: defaultdict[str, list[tuple[str, Extraction]]] = defaultdict(list)

    def __next__(self) -> Task:
        if not self._due:
            raise StopIteration
        return self._due.popleft()

    def done(self, key: str, found: Extraction) -> Iterator[Read]:
        """What can be kept now: the text just read, or a whole package with all that waited for it."""
        root, task = self._tasks.pop(key)
        found = self._within_limits(root, task, found)
        self._sizes.pop(key, None)
        self._left[root] -= 1
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
        """The same, or what is refused: a package too deep, or with too much in it and in those around it."""
        if not found.members:
            return found
        limits = self._limits
        count = self._inside[root] + len(found.members)
        size = self._bytes[root] + sum(one.size_bytes for one in found.members) - self._sizes.get(task.key, 0)
        if len(task.inside) >= limits.package_depth:
            refusal = over_limit(f"压缩包和邮件套了 {limits.package_depth} 层以上，里面的没有收录")
        elif count > limits.zip_members:
            refusal = over_limit(f"压缩包里的文件超过 {limits.zip_members} 个，这一层没有收录")
        elif size > limits.zip_total_bytes:
            most = limits.zip_total_bytes // 2**20
            refusal = over_limit(f"压缩包里的文件解开后超过 {most} MB，这一层没有收录")
        else:
            self._inside[root], self._bytes[root] = count, size
            return found
        return refusal.extraction(found.passages, found.facts)

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
        self._sizes.update((key, member.size_bytes) for key, member in keys.items() if key not in before)
        self._left[root] += len(due)
        self._due.extendleft(reversed(due))
