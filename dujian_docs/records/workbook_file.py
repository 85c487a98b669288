"""Opening a workbook that anyone may have sent: limits first, then openpyxl, and one clear refusal each."""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from openpyxl.workbook import Workbook

from dujian_docs.errors import InputInvalid

_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
_DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_RESAVE = "用 WPS 或 Excel 打开，另存为 .xlsx 后再导入"


@dataclass(frozen=True, slots=True)
class WorkbookLimits:
    """What a workbook may cost, checked before it is opened. Sizes in bytes."""

    file_bytes: int = 30 * 1024**2
    members: int = 2_000
    member_bytes: int = 64 * 1024**2
    total_bytes: int = 128 * 1024**2
    ratio: int = 200
    ratio_from_bytes: int = 1024**2


def read_bytes(path: Path, *, limits: WorkbookLimits) -> bytes:
    """The bytes of a file that is there, readable and not too large.

    Raises:
        InputInvalid: it is not.
    """
    try:
        size = path.stat().st_size
        if size > limits.file_bytes:
            raise InputInvalid(
                f"文件 {path.name} 有 {size // 1024**2} MB，超过 {limits.file_bytes // 1024**2} MB",
                remedy="删去图片和多余的工作表，或分成几个文件导入",
            )
        return path.read_bytes()
    except FileNotFoundError as error:
        raise InputInvalid(f"没有文件 {path}", remedy="核对文件名和所在文件夹") from error
    except IsADirectoryError as error:
        raise InputInvalid(f"{path.name} 是文件夹，不是文件", remedy="指定其中的一个文件") from error
    except OSError as error:
        raise InputInvalid(
            f"文件 {path.name} 读不出来", remedy="如果正被 WPS 打开请先关闭，再检查读取权限"
        ) from error


def open_workbook(data: bytes, name: str, *, limits: WorkbookLimits, values_only: bool = False) -> Workbook:
    """The workbook in ``data``; with ``values_only`` formulas give the result that was saved with them.

    Raises:
        InputInvalid: not a workbook, encrypted, with macros, too large inside, or damaged.
    """
    _check_package(data, name, limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of extensions that it leaves out
            return openpyxl.load_workbook(io.BytesIO(data), data_only=values_only)
    except Exception as error:  # openpyxl lets any error out of a damaged part
        raise _damaged(name) from error


def _check_package(data: bytes, name: str, limits: WorkbookLimits) -> None:
    if data.startswith(_OLE_MAGIC):
        if _ENCRYPTED_STREAM in data:
            raise InputInvalid(
                f"文件 {name} 加了打开密码", remedy="用 WPS 打开，去掉密码另存为 .xlsx 后再导入"
            )
        raise InputInvalid(f"文件 {name} 是旧格式（.xls 或 .et）", remedy=_RESAVE)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            _check_sizes(members, name, limits)
            _check_parts(package, members, name)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise InputInvalid(f"文件 {name} 不是 Excel 工作簿，或者已经损坏", remedy=_RESAVE) from error


def _check_sizes(members: list[zipfile.ZipInfo], name: str, limits: WorkbookLimits) -> None:
    bloated = any(
        member.file_size > limits.ratio_from_bytes
        and member.file_size > limits.ratio * max(member.compress_size, 1)
        for member in members
    )
    total = sum(member.file_size for member in members)
    largest = max((member.file_size for member in members), default=0)
    if (
        bloated
        or len(members) > limits.members
        or total > limits.total_bytes
        or largest > limits.member_bytes
    ):
        raise InputInvalid(
            f"文件 {name} 解开后异常地大，没有打开",
            remedy="把要导入的行复制到 dujian template 生成的空表里再导入",
        )


def _check_parts(package: zipfile.ZipFile, members: list[zipfile.ZipInfo], name: str) -> None:
    names = {member.filename.lower() for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise InputInvalid(f"文件 {name} 加了打开密码", remedy="去掉密码另存后再导入")
    if not {"[content_types].xml", "xl/workbook.xml"} <= names:
        raise InputInvalid(f"文件 {name} 不是 Excel 工作簿，或者已经损坏", remedy=_RESAVE)
    if any(part.endswith("vbaproject.bin") for part in names):
        raise InputInvalid(f"文件 {name} 含有宏，没有打开", remedy="另存为不带宏的 .xlsx 后再导入")
    for member in members:
        if member.filename.lower().endswith((".xml", ".rels")):
            with package.open(member) as part:
                head = part.read(4096)
            if any(doctype in head for doctype in _DOCTYPES):
                raise InputInvalid(f"文件 {name} 含有外部引用声明，没有打开", remedy=_RESAVE)


def _damaged(name: str) -> InputInvalid:
    return InputInvalid(f"文件 {name} 已经损坏，打不开", remedy=_RESAVE)
