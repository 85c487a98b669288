"""Who works on an archive at random and keeps a book of it, and what an index says that the book does not.

Nothing here asks the indexer how it reads, hashes or compares.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from indexer import MARKER_NAME, ArchiveIndex, State

EVERYWHERE = "督导材料"
"""A word of every file."""


def token(number: int) -> str:
    """A word that stands in one version of one file only; digits alone would be found inside longer ones."""
    return "标" + "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in f"{number:06}") + "记"


class Clerk:
    """Works on an archive at random, and knows what each file holds.

    ``disturbed`` tells when (seconds since 1970) a path last came, went or changed.
    """

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.random = random.Random(seed)
        self.files: dict[str, str] = {}
        self.disturbed: dict[str, float] = {}
        self.number = 0
        self._outside = root.with_name(f"{root.name}之外")
        self._away: dict[str, str] = {}

    def write(self, name: str) -> None:
        file = self.root / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(self._text(name), encoding="utf-8")
        self._note(name)

    def work(self, acts: int) -> None:
        deeds = (self._edit, self._rename, self._delete, self._save, self._sly_edit, self._folder)
        for _ in range(acts):
            if len(self.files) < 5 or self.random.random() < 0.4:
                self.write(f"文件夹{self.random.randrange(5)}/材料{self.number}.txt")
            else:
                self.random.choice(deeds)(self.random.choice(sorted(self.files)))

    def rest(self) -> None:
        """A folder that was taken out is back."""
        if self._outside.exists():
            self._bring_back()

    def _text(self, name: str) -> str:
        self.number += 1
        self.files[name] = token(self.number)
        return f"{EVERYWHERE} {token(self.number)} 正文。" * 20

    def _note(self, *names: str) -> None:
        self.disturbed |= dict.fromkeys(names, time.time())

    def _edit(self, name: str) -> None:
        self.write(name)

    def _sly_edit(self, name: str) -> None:
        """Same size, same time: as copy tools do that preserve times."""
        file = self.root / name
        before = file.stat()
        self.write(name)
        os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    def _save(self, name: str) -> None:
        """As Word does: for a moment there is no file of that name."""
        file = self.root / name
        fresh, old = (file.with_name(f"~WR{kind}{self.number}.tmp") for kind in "DL")
        fresh.write_text(self._text(name), encoding="utf-8")
        file.rename(old)
        fresh.rename(file)
        old.unlink()
        self._note(name)

    def _rename(self, name: str) -> None:
        target = f"改名{self.number}-{self.random.randrange(10**6)}.txt"
        (self.root / name).rename(self.root / target)
        self.files[target] = self.files.pop(name)
        self._note(target)

    def _delete(self, name: str) -> None:
        (self.root / name).unlink()
        del self.files[name]

    def _folder(self, _: str) -> None:
        """A folder is renamed, or taken out; one that was taken out comes back."""
        if self._outside.exists():
            self._bring_back()
            return
        folder = f"文件夹{self.random.randrange(5)}"
        if not (self.root / folder).exists():
            return
        inside = {name: word for name, word in self.files.items() if name.startswith(f"{folder}/")}
        self.files = {name: word for name, word in self.files.items() if name not in inside}
        if self.random.random() < 0.5:
            (self.root / folder).rename(self._outside)
            self._away = {Path(name).name: word for name, word in inside.items()}
            return
        self._arrived(self.root / folder, {Path(name).name: word for name, word in inside.items()})

    def _bring_back(self) -> None:
        self._arrived(self._outside, self._away)
        self._away = {}

    def _arrived(self, folder: Path, inside: Mapping[str, str]) -> None:
        name = f"移来{self.number}-{self.random.randrange(10**6)}"
        folder.rename(self.root / name)
        self.files |= {f"{name}/{file}": word for file, word in inside.items()}
        self._note(*(f"{name}/{file}" for file in inside))


@dataclass(slots=True)
class Findings:
    """Where an index is wrong: files it does not find, finds more than once, or shows as they are not."""

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.lost or self.duplicated or self.stale)


def compared(index: ArchiveIndex, clerk: Clerk) -> Findings:
    """What the index says otherwise than the clerk's book and the files themselves."""
    wrong = Findings()
    listed = {item.path: item for item in index.items()}
    wrong.stale += [f"{path} is no more" for path in listed.keys() - clerk.files.keys()]
    for path, word in clerk.files.items():
        _look_up(index, path, word, wrong)
        item = listed.get(path)
        if item is None or item.state is not State.INDEXED:
            wrong.lost.append(f"{path} is {item}")
        elif item.sha256 != hashlib.sha256((clerk.root / path).read_bytes()).hexdigest():
            wrong.stale.append(f"{path} has an old hash")
    total = index.search(EVERYWHERE, limit=1).total
    if total > len(clerk.files):
        wrong.stale.append(f"{total} found, {len(clerk.files)} there")
    elif total < len(clerk.files):
        wrong.lost.append(f"{total} found, {len(clerk.files)} there")
    return wrong


def broken_promises(index: ArchiveIndex, clerk: Clerk, told: Mapping[str, str], since: float) -> Findings:
    """What was told as indexed by a sync begun at ``since``, has been left alone, and is not found now."""
    wrong = Findings()
    listed = {item.path: item for item in index.items()}
    for path, sha256 in told.items():
        word = clerk.files.get(path)
        if word is None or clerk.disturbed[path] >= since:
            continue
        item = listed.get(path)
        if item is None or item.state is not State.INDEXED:
            wrong.lost.append(f"{path} was told, and is {item}")
        elif item.sha256 != sha256:
            wrong.stale.append(f"{path} was told with another hash")
        else:
            _look_up(index, path, word, wrong)
    return wrong


def _look_up(index: ArchiveIndex, path: str, word: str, wrong: Findings) -> None:
    found = [hit.path for hit in index.search(f'"{word}"').hits]
    if path not in found:
        wrong.lost.append(f"{word} of {path} found in {found}")
    elif len(found) > 1:
        wrong.duplicated.append(f"{word} of {path} found in {found}")


def made_archive(folder: Path) -> Path:
    """An empty archive with its marker."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (folder / MARKER_NAME).touch()
    return folder
