"""The health checks: each finding is a value with what to do, never an exception."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dujian_docs.documents import entries, genres, soffice_path
from dujian_docs.documents.convert import installed_fonts
from dujian_docs.documents.fonts import FULL_SET
from dujian_docs.errors import DujianError
from dujian_docs.records import NumberState
from dujian_docs.workspace.place import Workspace
from indexer import MARKER_NAME, State, ocr_installed, on_network, package_program

LOW_DISK_BYTES = 2 * 1024**3


class Level(StrEnum):
    """How a check came out."""

    GOOD = "正常"
    NOTE = "提示"
    BAD = "须处理"


@dataclass(frozen=True, slots=True)
class Check:
    """One check's finding; ``remedy`` is empty when all is well."""

    name: str
    level: Level
    finding: str
    remedy: str = ""


def examine(office: Workspace) -> tuple[Check, ...]:
    """Every check in a fixed order; a check that cannot run says so as its finding."""
    return (
        _python(),
        _settings(office),
        _archive(office),
        _marker(office),
        _local_home(office.home),
        _disk(office.root),
        _templates(office),
        *_records(office),
        *_index(office),
        _engine(),
        _recogniser(),
        _libreoffice(office),
        _packages(),
        _fonts(),
    )


def _good(name: str, finding: str) -> Check:
    return Check(name, Level.GOOD, finding)


def _python() -> Check:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return _good("Python", version)


def _settings(office: Workspace) -> Check:
    try:
        who = office.office
    except DujianError as error:
        return Check("机关设置", Level.BAD, error.problem, error.remedy)
    return _good("机关设置", f"{who.name}，代字 {who.series}")


def _archive(office: Workspace) -> Check:
    if not office.archive.is_dir():
        return Check(
            "档案文件夹",
            Level.BAD,
            f"找不到 {office.archive}",
            "检查共享盘是否连上，或在 dujian.toml 的 [archive] path 改成正确位置",
        )
    if not os.access(office.archive, os.R_OK | os.W_OK | os.X_OK):
        return Check(
            "档案文件夹", Level.BAD, f"{office.archive} 没有读写权限", "请管理员给当前登录用户开放读写权限"
        )
    return _good("档案文件夹", str(office.archive))


def _marker(office: Workspace) -> Check:
    if (office.archive / MARKER_NAME).is_file():
        return _good("根目录标志", MARKER_NAME)
    return Check(
        "根目录标志",
        Level.NOTE,
        f"档案文件夹里没有 {MARKER_NAME}，程序不会把找不到的文件当成已删除",
        f"确认这就是档案文件夹后，运行 dujian init {office.root} 补上",
    )


def _local_home(home: Path) -> Check:
    if on_network(home):
        return Check(
            "工作区位置",
            Level.BAD,
            f"{home} 在网络盘上，记录库可能损坏",
            "把工作区放到本机硬盘，只让 [archive] path 指向共享盘",
        )
    return _good("工作区位置", "本机硬盘")


def _disk(root: Path) -> Check:
    free = shutil.disk_usage(root).free
    text = f"剩余 {free / 1024**3:.1f} GB"
    if free < LOW_DISK_BYTES:
        return Check("磁盘空间", Level.BAD, text, "清理磁盘，至少留出 2 GB")
    return _good("磁盘空间", text)


def _templates(office: Workspace) -> Check:
    try:
        found = genres(office.template_roots)
    except DujianError as error:
        return Check("公文模板", Level.BAD, error.problem, error.remedy)
    return _good("公文模板", "、".join(genre.title for genre in found))


def _records(office: Workspace) -> Iterator[Check]:
    try:
        breaks = office.store.verify()
        waiting = [entry for entry in entries(office.store) if entry.state is NumberState.RESERVED]
    except DujianError as error:
        yield Check("记录库", Level.BAD, error.problem, error.remedy)
        return
    if breaks:
        yield Check(
            "记录库", Level.BAD, f"留痕链有 {len(breaks)} 处不符：{breaks[0]}", "停止使用，用最近的备份恢复"
        )
    else:
        yield _good("记录库", "留痕链完好")
    if waiting:
        yield Check(
            "公文文号",
            Level.NOTE,
            f"有 {len(waiting)} 个文号占着没有用完，可能是发文时断电",
            "没有别人正在发文的话，运行 dujian register --settle",
        )


def _index(office: Workspace) -> Iterator[Check]:
    try:
        state = office.index.status()
    except DujianError as error:
        yield Check("检索", Level.BAD, error.problem, error.remedy)
        return
    total = sum(count for kind, count in state.counts.items() if kind is not State.VANISHED)
    yield _good("检索", f"{state.engine} 引擎，收录 {total} 个文件")
    if state.unreadable:
        yield Check(
            "读不出文字的文件",
            Level.NOTE,
            f"{len(state.unreadable)} 个",
            "用 dujian status 看每个文件的原因和办法",
        )


def _engine() -> Check:
    missing = [name for name in ("tantivy", "rjieba") if importlib.util.find_spec(name) is None]
    if missing:
        return Check(
            "快速引擎",
            Level.NOTE,
            f"没有安装 {'、'.join(missing)}，检索仍可用，只是慢些",
            'pip install "dujian-docs[fast]"',
        )
    return _good("快速引擎", "tantivy、rjieba 已安装")


def _recogniser() -> Check:
    if ocr_installed():
        return _good("文字识别", "已安装，扫描件和图片在空闲时识别")
    return Check(
        "文字识别", Level.NOTE, "没有安装，扫描件和图片里的字检索不到", 'pip install "dujian-docs[ocr]"'
    )


def _libreoffice(office: Workspace) -> Check:
    found = soffice_path(office.settings.programs.soffice)
    if found.path is None:
        return Check("LibreOffice", Level.NOTE, "没有找到，合订本里只能并入原有的 PDF", found.remedy)
    return _good("LibreOffice", str(found.path))


def _packages() -> Check:
    found = package_program()
    if found is None:
        return Check(
            "压缩包",
            Level.NOTE,
            "没有 bsdtar，7z 和 rar 压缩包里的文件检索不到（zip 不受影响）",
            "解压后归档；或请管理员安装软件包 libarchive-tools（Windows 10 以上自带）",
        )
    return _good("压缩包", f"zip、7z、rar 都能打开（{found}）")


def _fonts() -> Check:
    missing = [name for name in FULL_SET if name not in installed_fonts()]
    if missing and sys.platform != "win32":
        return Check(
            "预览字体",
            Level.NOTE,
            f"没有 {'、'.join(missing)}，预览 PDF 会用别的字体代替",
            "正式打印请在装有仿宋_GB2312、方正小标宋简体的电脑上用 WPS 打开 docx",
        )
    return _good("预览字体", "齐全")
