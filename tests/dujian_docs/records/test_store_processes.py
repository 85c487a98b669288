from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from dujian_docs.records import RecordStore, Unit

WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from dujian_docs.records import RecordStore, Unit
name, count = sys.argv[2], int(sys.argv[3])
with RecordStore.open(Path(sys.argv[1])) as store:
    for number in range(count):
        with store.transaction() as transaction:
            unit = Unit(code=f"{name}{number:05}", name=name, unit_type="学校")
            transaction.put(unit, author=name, at=datetime.now(UTC))
            other = Unit(code=f"{name}{number:05}b", name=name, unit_type="学校", parent=unit.code)
            transaction.put(other, author=name, at=datetime.now(UTC))
        print(number, flush=True)
"""


def _writer(file: Path, name: str, count: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(file), name, str(count)], stdout=subprocess.PIPE, text=True
    )


def test_processes_write_one_after_the_other(file: Path) -> None:
    writers = [_writer(file, name, 25) for name in ("甲", "乙", "丙")]
    for writer in writers:
        writer.communicate(timeout=120)
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    with RecordStore.open(file) as store:
        assert len(store.all("unit")) == 150
        assert store.head().seq == 150
        assert store.verify() == ()


def test_a_killed_writer_leaves_the_old_or_the_new_state(file: Path) -> None:
    done = 0
    for round_number in range(6):
        writer = _writer(file, f"第{round_number}轮", 100_000)
        assert writer.stdout is not None
        told = int(writer.stdout.readline())  # it is at work
        time.sleep(0.03 * round_number)
        os.kill(writer.pid, signal.SIGKILL)
        told += len(writer.stdout.read().split("\n")) - 1
        writer.wait(timeout=30)
        writer.stdout.close()
        with RecordStore.open(file) as store:
            assert store.verify() == ()
            codes = {unit.code for unit in store.all("unit") if isinstance(unit, Unit)}
        firsts = {code for code in codes if not code.endswith("b")}
        assert {f"{code}b" for code in firsts} == codes - firsts  # both of a transaction, or none
        assert len(firsts) >= done + told + 1  # nothing acknowledged is lost
        done = len(firsts)
