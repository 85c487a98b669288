"""A sign of life that a watching process leaves beside the index, so that others can tell whether it runs."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path

from indexer.holding import spoken

FILE = "watching.json"
_SPARE_SECONDS = 60.0


def write_beat(home: Path, at: float, interval: float, note: str = "") -> None:
    """This process says that it watched ``at`` (seconds since 1970) and looks again within ``interval``.

    ``note`` is what others should know, in Chinese. A disk that takes no more costs the sign, not the work.
    """
    beat = {"process": os.getpid(), "at": at, "interval": interval, "note": note}
    fresh = home / f"{FILE}.new"
    with contextlib.suppress(OSError):  # on Windows also while another process reads
        fresh.write_text(json.dumps(beat), encoding="utf-8")
        fresh.replace(home / FILE)  # whoever reads it meanwhile sees the old one or the new


def forget_beat(home: Path) -> None:
    """This process watches no more."""
    with contextlib.suppress(OSError):
        (home / FILE).unlink(missing_ok=True)


def heartbeat(home: Path, now: float) -> str:
    """What the last sign of life means, in Chinese; empty when none was left behind."""
    try:
        beat = json.loads((home / FILE).read_text(encoding="utf-8"))
        process, at, interval = int(beat["process"]), float(beat["at"]), float(beat["interval"])
        note = str(beat.get("note", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return ""
    if at - now > _SPARE_SECONDS:
        return f"监视程序最近活动的时间 {spoken(at)} 比现在还晚：系统时钟调过，看不出它是否还在运行"
    if now - at > 2 * interval + _SPARE_SECONDS:
        return f"监视程序自 {spoken(at)} 起没有动静，可能已经停了；需要的话重新启动监视"
    return f"监视程序正在运行（进程 {process}，最近活动 {spoken(at)}）" + (f"；{note}" if note else "")
