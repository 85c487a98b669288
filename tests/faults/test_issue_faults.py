"""Issuing under fire: many at once, killed at every step, a full disk. No number lost, none twice."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dujian_docs.documents import (
    IssuePlan,
    Office,
    apply_issue,
    entries,
    genre_of,
    plan_issue,
    shipped_templates,
)
from dujian_docs.documents.issuing import settle_leftovers
from dujian_docs.errors import StorageFailed
from dujian_docs.publishing import TEMPORARY_PREFIX
from dujian_docs.records import (
    DocumentEntry,
    Inspection,
    InspectionMode,
    NumberState,
    Person,
    RecordStore,
    SupervisionType,
    Unit,
    UnitType,
)

AT = datetime(2026, 3, 2, tzinfo=UTC)
OFFICE = Office(name="云岭县人民政府教育督导室", series="云教督")

CHILD = """
import os, signal, sys
from datetime import UTC, date, datetime
from pathlib import Path
from dujian_docs import publishing
from dujian_docs.documents import Office, apply_issue, genre_of, issuing, plan_issue, register
from dujian_docs.documents import shipped_templates
from dujian_docs.records import RecordStore

root, step, times = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
at = datetime(2026, 3, 2, tzinfo=UTC)
office = Office(name="云岭县人民政府教育督导室", series="云教督")

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def dies_after(function):
    def wrapped(*arguments, **named):
        function(*arguments, **named)
        die()
    return wrapped

steps = {
    "none": lambda: None,
    "after reserve": lambda: setattr(register, "reserve", dies_after(register.reserve)),
    "while rendering": lambda: setattr(issuing, "_rendered", die),
    "before hash": lambda: setattr(register, "note_contents", die),
    "after hash": lambda: setattr(register, "note_contents", dies_after(register.note_contents)),
    "while writing": lambda: setattr(os, "fsync", die),
    "before name": lambda: setattr(publishing, "_take_name", die),
    "after name": lambda: setattr(publishing, "_take_name", dies_after(publishing._take_name)),
    "before used": lambda: setattr(register, "mark_all_used", die),
    "after used": lambda: setattr(register, "mark_all_used", dies_after(register.mark_all_used)),
}
with RecordStore.open(root / ".dujian" / "records.db") as store:
    genre = genre_of("通知", [shipped_templates()])
    plan = plan_issue(genre, "DD1", store, office=office, today=date(2026, 3, 2))
    steps[step]()
    for _ in range(times):
        apply_issue(plan, store, archive=root / "archive", home=root / ".dujian", author="子", at=at)
"""
DEATHS = {
    "after reserve": NumberState.VOID,
    "while rendering": NumberState.VOID,
    "before hash": NumberState.VOID,
    "after hash": NumberState.VOID,
    "while writing": NumberState.VOID,
    "before name": NumberState.VOID,
    "after name": NumberState.USED,
    "before used": NumberState.USED,
    "after used": NumberState.USED,
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A workspace with one inspection."""
    (tmp_path / ".dujian").mkdir()
    (tmp_path / "archive").mkdir()
    with RecordStore.open(tmp_path / ".dujian" / "records.db") as store, store.transaction() as now:
        for record in (
            Unit(code="G1", name="督导室", unit_type=UnitType.GOVERNMENT),
            Unit(code="S1", name="青溪镇中心小学", unit_type=UnitType.SCHOOL),
            Person(code="P1", name="周明远", unit="G1", post="主任", phone="1"),
            Inspection(
                code="DD1",
                title="专项督导",
                supervision_type=SupervisionType.SCHOOL_SUPERVISION,
                mode=InspectionMode.SPECIAL,
                organiser="G1",
                purpose="为了解情况",
                start_date=date(2026, 3, 9),
                end_date=date(2026, 3, 9),
                units=("S1",),
                leader="P1",
                contact="P1",
                contents=("安全",),
                materials=("台账",),
            ),
        ):
            now.put(record, author="测试", at=AT)
    return tmp_path


def child(root: Path, step: str, times: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(root), step, str(times)], stderr=subprocess.PIPE
    )


def planned(store: RecordStore) -> IssuePlan:
    return plan_issue(
        genre_of("通知", [shipped_templates()]), "DD1", store, office=OFFICE, today=date(2026, 3, 2)
    )


def rows(root: Path) -> tuple[DocumentEntry, ...]:
    with RecordStore.open(root / ".dujian" / "records.db") as store:
        assert store.verify() == ()
        return entries(store)


def test_processes_at_once_get_numbers_without_gap_or_repeat(root: Path) -> None:
    children = [child(root, "none", 5) for _ in range(4)]
    said = [process.communicate()[1].decode() for process in children]
    assert [process.returncode for process in children] == [0] * 4, said
    found = rows(root)
    assert [row.serial for row in found] == list(range(1, 21))
    assert {row.state for row in found} == {NumberState.USED}
    assert len({row.path for row in found}) == 20
    assert all((root / "archive" / row.path).is_file() for row in found)
    assert len(list((root / "archive").rglob("*"))) == 22, "20 documents in 2 folders, nothing else"


@pytest.mark.parametrize("step", DEATHS)
def test_killed_at_a_step_the_number_is_settled_and_never_reused(root: Path, step: str) -> None:
    process = child(root, step, 1)
    said = process.communicate()[1].decode()
    assert process.returncode == -signal.SIGKILL, said
    with RecordStore.open(root / ".dujian" / "records.db") as store:
        issued = apply_issue(
            planned(store), store, archive=root / "archive", home=root / ".dujian", author="父", at=AT
        )
    assert issued.number.serial == 2
    assert len(issued.settled) == (0 if step == "after used" else 1)
    first, second = rows(root)
    assert first.state is DEATHS[step]
    assert second.state is NumberState.USED
    if first.state is NumberState.VOID:
        assert first.void_reason == "生成中断"
    else:
        assert (root / "archive" / first.path).is_file()
    documents = [path for path in (root / "archive").rglob("*") if path.is_file()]
    assert not any(path.name.startswith(TEMPORARY_PREFIX) for path in documents)
    assert len(documents) == (2 if first.state is NumberState.USED else 1)


def test_many_deaths_in_a_row_leave_a_register_without_holes(root: Path) -> None:
    for step in ("after reserve", "none", "before name", "before used", "none"):
        child(root, step, 1).communicate()
    with RecordStore.open(root / ".dujian" / "records.db") as store:
        settle_leftovers(store, archive=root / "archive", home=root / ".dujian", author="父", at=AT)
    found = rows(root)
    used, void = NumberState.USED, NumberState.VOID
    assert [(row.serial, row.state) for row in found] == [
        (1, void),
        (2, used),
        (3, void),
        (4, used),
        (5, used),
    ]


@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_full_disk_while_publishing_voids_the_number(
    root: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with RecordStore.open(root / ".dujian" / "records.db") as store:
        plan = planned(store)
        with monkeypatch.context() as patch:
            patch.setattr(os, call, full)
            with pytest.raises(StorageFailed, match="磁盘已满") as caught:
                apply_issue(plan, store, archive=root / "archive", home=root / ".dujian", author="甲", at=AT)
        assert "清理磁盘" in caught.value.remedy
        (row,) = entries(store)
        assert row.state is NumberState.VOID
        assert "磁盘已满" in row.void_reason
        assert [path for path in (root / "archive").rglob("*") if path.is_file()] == []
        issued = apply_issue(plan, store, archive=root / "archive", home=root / ".dujian", author="甲", at=AT)
    assert issued.number.serial == 2


@pytest.fixture
def full_disk(root: Path) -> Iterator[Path]:
    """A real file system as the archive, with no room left; only root can mount one."""
    place = root / "archive"
    mount = shutil.which("mount")
    if mount is None or os.geteuid() != 0:
        pytest.skip("需要 root 才能挂载小磁盘，跳过")
    if subprocess.run([mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", place], check=False).returncode:
        pytest.skip("这里不允许挂载，跳过")
    (place / "填满").write_bytes(b"x" * 48 * 1024)
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_really_full_disk(root: Path, full_disk: Path) -> None:
    with RecordStore.open(root / ".dujian" / "records.db") as store:
        plan = planned(store)
        with pytest.raises(StorageFailed, match="磁盘已满"):
            apply_issue(plan, store, archive=full_disk, home=root / ".dujian", author="甲", at=AT)
        assert [path.name for path in full_disk.rglob("*") if path.is_file()] == ["填满"]
        (full_disk / "填满").unlink()
        issued = apply_issue(plan, store, archive=full_disk, home=root / ".dujian", author="甲", at=AT)
        assert issued.number.serial == 2
        assert [row.state for row in entries(store)] == [NumberState.VOID, NumberState.USED]


def test_an_interruption_by_hand_voids_the_number(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with RecordStore.open(root / ".dujian" / "records.db") as store:
        plan = planned(store)
        monkeypatch.setattr(os, "fsync", interrupted)
        with pytest.raises(KeyboardInterrupt):
            apply_issue(plan, store, archive=root / "archive", home=root / ".dujian", author="甲", at=AT)
        monkeypatch.undo()
        (row,) = entries(store)
        assert (row.state, row.void_reason) == (NumberState.VOID, "生成中断")
