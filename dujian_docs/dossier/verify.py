"""Re-checks a package against its own lists; extracts nothing and changes nothing."""

from __future__ import annotations

import hashlib
import struct
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from dujian_docs.dossier.findings import Fault, Finding, VerifyLimits, VerifyReport
from dujian_docs.dossier.manifest import (
    CHECKSUMS_NAME,
    MANIFEST_NAME,
    ManifestRead,
    Sealed,
    digest_of,
    read_checksums,
    read_manifest,
)
from dujian_docs.dossier.model import ProgressSink, silent
from dujian_docs.errors import PackageInvalid, disk_words

CHUNK_BYTES = 1024 * 1024

_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,  # a member marked as encrypted; NotImplementedError, an unknown method, is one too
    ValueError,
    KeyError,
    struct.error,
)
"""What zipfile raises on bytes that are not what they were."""
_CUT = Finding(Fault.DAMAGED, "", "压缩包不完整或被改动过，文件可能没有传完整，请重新拷贝")


@dataclass(frozen=True, slots=True)
class _Lists:
    manifest: ManifestRead
    checksums: dict[str, str]
    findings: tuple[Finding, ...]
    seal: str

    @property
    def paths(self) -> frozenset[str]:
        return frozenset({entry.path for entry in self.manifest.files} | self.checksums.keys())


def verify_package(
    path: Path, *, seal: str = "", limits: VerifyLimits | None = None, progress: ProgressSink | None = None
) -> VerifyReport:
    """Every difference between a package and its own lists, in the order of the zip.

    ``seal`` is the code given when the package was made; with it a change of the lists themselves is found
    even when they were changed together. Damage is a finding, never an error.

    Raises:
        PackageInvalid: the file is not there, cannot be read, or is no dossier package at all.
    """
    _refuse_other_files(path)
    try:
        with zipfile.ZipFile(path) as package:
            return _checked(path, package, seal.strip().lower(), limits or VerifyLimits(), progress or silent)
    except _DAMAGE:
        return VerifyReport(path, (_CUT,))


def _refuse_other_files(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except OSError as error:
        raise PackageInvalid(
            f"打不开 {path}：{disk_words(error)}", remedy="检查文件名和权限，迎检包是以 .zip 结尾的文件"
        ) from error
    if head[:2] != b"PK":
        raise PackageInvalid(
            f"{path.name} 不是迎检包", remedy="请选择 dujian bundle 生成的 .zip 文件；改过后缀的文件不算"
        )


def _checked(
    path: Path, package: zipfile.ZipFile, seal: str, limits: VerifyLimits, progress: ProgressSink
) -> VerifyReport:
    members = package.infolist()
    names = {member.filename for member in members}
    if not names & {MANIFEST_NAME, CHECKSUMS_NAME}:
        if members and _start(members):  # the directory of a .docx inside, found because our own is cut off
            return VerifyReport(path, (_CUT,))
        raise PackageInvalid(
            f"{path.name} 是压缩包，但不是迎检包", remedy="请选择 dujian bundle 生成的 .zip 文件"
        )
    lists = _lists(package, names, limits)
    listed = lists.paths
    findings = [_CUT] if _start(members) else []
    findings += [*lists.findings, *_seal_findings(lists, seal), *_name_findings(members)]
    over = tuple(_limit_findings(members, limits))
    findings += over
    blocked = {finding.path for finding in over}
    if "" not in blocked:
        findings += _content_findings(package, lists, blocked | (names - listed), progress)
        added = sorted(names - listed - {CHECKSUMS_NAME, MANIFEST_NAME})
        findings += [Finding(Fault.UNEXPECTED, name, f"多出文件：“{name}”不在清单里") for name in added]
    missing = sorted(listed - names)
    findings += [Finding(Fault.MISSING, name, f"缺少文件：{name}") for name in missing]
    size = sum(member.file_size for member in members)
    return VerifyReport(
        path, tuple(findings), len(members), size, lists.manifest.title, lists.manifest.made_at, lists.seal
    )


def _start(members: list[zipfile.ZipInfo]) -> int:
    """Where the first member begins: 0 in a whole package."""
    return min((member.header_offset for member in members), default=0)


def _lists(package: zipfile.ZipFile, names: set[str], limits: VerifyLimits) -> _Lists:
    findings: list[Finding] = []

    def content(name: str) -> bytes | None:
        if name not in names:
            findings.append(Finding(Fault.MANIFEST, name, f"包内没有 {name}，无法全面核对"))
            return None
        try:
            with package.open(name) as member:
                data = member.read(limits.list_bytes + 1)
        except _DAMAGE:
            findings.append(Finding(Fault.MANIFEST, name, f"{name} 已损坏，读不出来"))
            return None
        return data[: limits.list_bytes]

    raw, sums = content(MANIFEST_NAME), content(CHECKSUMS_NAME)
    manifest = ManifestRead() if raw is None else read_manifest(raw)
    if manifest.fault:
        findings.append(Finding(Fault.MANIFEST, MANIFEST_NAME, f"{MANIFEST_NAME} {manifest.fault}"))
    checksums, fault = ({}, "") if sums is None else read_checksums(sums)
    if fault:
        findings.append(Finding(Fault.MANIFEST, CHECKSUMS_NAME, f"{CHECKSUMS_NAME} {fault}"))
    if raw is not None and checksums and checksums.get(MANIFEST_NAME) != digest_of(raw):
        findings.append(Finding(Fault.MANIFEST, MANIFEST_NAME, f"{MANIFEST_NAME} 在封存以后被改动过"))
    if manifest.files and checksums:
        findings += _disagreements(manifest, checksums)
    return _Lists(manifest, checksums, tuple(findings), "" if sums is None else digest_of(sums))


def _disagreements(manifest: ManifestRead, checksums: dict[str, str]) -> Iterator[Finding]:
    """Files the two lists do not agree on: one of the lists was changed."""
    listed = {entry.path: entry.sha256 for entry in manifest.files}
    for name in sorted((listed.keys() | checksums.keys()) - {MANIFEST_NAME}):
        if listed.get(name) != checksums.get(name):
            yield Finding(Fault.MANIFEST, name, f"两份清单对“{name}”的记载不一致，其中一份被改动过")
    repeated = [name for name, times in Counter(entry.path for entry in manifest.files).items() if times > 1]
    for name in repeated:
        yield Finding(Fault.MANIFEST, name, f"{MANIFEST_NAME} 里“{name}”出现了不止一次")


def _seal_findings(lists: _Lists, seal: str) -> Iterator[Finding]:
    if seal and lists.seal != seal:
        yield Finding(
            Fault.SEAL,
            CHECKSUMS_NAME,
            f"封存码应为 {seal[:16]}…，现为 {lists.seal[:16] or '无'}…，清单已被换过",
        )


def _name_findings(members: list[zipfile.ZipInfo]) -> Iterator[Finding]:
    seen: set[str] = set()
    for member in members:
        name = member.filename
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in seen:
            yield Finding(Fault.DUPLICATE, name, f"包内不止一个文件叫“{name}”，解压时会互相覆盖")
        seen.add(folded)
        windows = PureWindowsPath(name)
        if PurePosixPath(name).is_absolute() or windows.anchor or ".." in windows.parts or "\\" in name:
            yield Finding(Fault.UNSAFE, name, f"“{name}”会解压到文件夹外面，请不要解压这个包")


def _limit_findings(members: list[zipfile.ZipInfo], limits: VerifyLimits) -> Iterator[Finding]:
    """Members that are not read because of their size; a finding without path stops all reading."""
    if len(members) > limits.members:
        yield Finding(
            Fault.TOO_LARGE, "", f"包内有 {len(members)} 个文件，超过 {limits.members} 个，没有逐个核对"
        )
    total = sum(member.file_size for member in members)
    if total > limits.total_bytes:
        yield Finding(
            Fault.TOO_LARGE,
            "",
            f"解压后有 {total // 1024**2} MB，超过 {limits.total_bytes // 1024**2} MB，没有逐个核对",
        )
    for member in members:
        swollen = member.file_size > limits.ratio * max(member.compress_size, 1)
        if member.file_size > limits.member_bytes or (swollen and member.file_size > CHUNK_BYTES):
            yield Finding(
                Fault.TOO_LARGE, member.filename, f"“{member.filename}”大得不正常，可能是压缩炸弹，没有读取"
            )


def _content_findings(
    package: zipfile.ZipFile, lists: _Lists, blocked: set[str], progress: ProgressSink
) -> Iterator[Finding]:
    sealed = {entry.path: entry for entry in lists.manifest.files}
    members = package.infolist()
    for number, member in enumerate(members, start=1):
        name = member.filename
        progress("核对", number, len(members), name)
        if name in {CHECKSUMS_NAME, MANIFEST_NAME} or name in blocked:
            continue
        found = _hashed(package, member)
        if found is None:
            yield Finding(Fault.DAMAGED, name, f"“{name}”在包内已损坏，读不出来")
        elif not _agrees(found, sealed.get(name), lists.checksums.get(name)):
            yield Finding(Fault.CHANGED, name, f"“{name}”与封存时不一样，内容已改动")


def _agrees(found: Sealed, entry: Sealed | None, digest: str | None) -> bool:
    if digest is not None and digest != found.sha256:
        return False
    return entry is None or (entry.size_bytes, entry.sha256) == (found.size_bytes, found.sha256)


def _hashed(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> Sealed | None:
    """Size and sha256 as read from the zip; None when it cannot be read."""
    digest, size = hashlib.sha256(), 0
    try:
        with package.open(member) as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                size += len(chunk)
    except _DAMAGE:
        return None
    return Sealed(member.filename, size, digest.hexdigest())
