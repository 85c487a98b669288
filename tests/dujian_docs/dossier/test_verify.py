"""Every way of tampering with a package is found; an untouched one passes (the control)."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from dujian_docs.dossier import DossierReport, Fault, VerifyLimits, verify_package, write_dossier
from dujian_docs.dossier.manifest import CHECKSUMS_NAME, MANIFEST_NAME
from dujian_docs.errors import PackageInvalid

from .conftest import build_county

Members = dict[str, bytes]
PDF = "A1 保障措施/B2 教育投入/C10 教育经费三个增长/C10-01_2025_县财政局_2025年财政决算.pdf"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> DossierReport:
    folder = tmp_path_factory.mktemp("package")
    county = build_county(folder / "archive")
    return write_dossier(county.plan(), county.root, folder / "迎检包.zip")


@pytest.fixture
def package(written: DossierReport, tmp_path: Path) -> DossierReport:
    """A copy of the package that the test may spoil."""
    return replace(written, path=Path(shutil.copy(written.path, tmp_path)))


def rewritten(package: Path, change: Callable[[Members], None], *, method: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(package) as before:
        members = {name: before.read(name) for name in before.namelist()}
    change(members)
    target = package.with_name("改过.zip")
    with zipfile.ZipFile(target, "w", method) as after:
        for name, content in members.items():
            after.writestr(name, content)
    return target


def without(name: str) -> Callable[[Members], None]:
    def change(members: Members) -> None:
        del members[name]

    return change


def faults(package: Path, **options: object) -> list[tuple[Fault, str]]:
    report = verify_package(package, **options)  # type: ignore[arg-type]
    assert report.intact == (not report.findings)
    return [(finding.fault, finding.path) for finding in report.findings]


def test_the_package_as_written_is_intact(package: DossierReport) -> None:
    report = verify_package(package.path, seal=package.seal)
    assert report.findings == ()
    assert report.intact
    assert (report.title, report.seal) == ("云岭县2026年迎检包", package.seal)
    assert report.files == 13


def test_packing_again_without_a_change_is_intact(package: DossierReport) -> None:
    assert faults(rewritten(package.path, lambda members: None), seal=package.seal) == []


def test_a_flipped_byte_inside_a_file(package: DossierReport) -> None:
    def flip(members: Members) -> None:
        content = bytearray(members[PDF])
        content[100] ^= 1
        members[PDF] = bytes(content)

    assert faults(rewritten(package.path, flip)) == [(Fault.CHANGED, PDF)]


def test_a_removed_file(package: DossierReport) -> None:
    assert faults(rewritten(package.path, without(PDF))) == [(Fault.MISSING, PDF)]


def test_an_added_file(package: DossierReport) -> None:
    def add(members: Members) -> None:
        members["A1 保障措施/补充.docx"] = b"later"

    assert faults(rewritten(package.path, add)) == [(Fault.UNEXPECTED, "A1 保障措施/补充.docx")]


@pytest.mark.parametrize("name", [MANIFEST_NAME, CHECKSUMS_NAME])
def test_either_list_alone_finds_a_change(package: DossierReport, name: str) -> None:
    def spoil(members: Members) -> None:
        del members[name]
        members[PDF] = members[PDF].replace(b"595", b"596")

    assert (Fault.CHANGED, PDF) in faults(rewritten(package.path, spoil))


def test_a_renamed_file(package: DossierReport) -> None:
    def rename(members: Members) -> None:
        members["A1 保障措施/改名.pdf"] = members.pop(PDF)

    assert faults(rewritten(package.path, rename)) == [
        (Fault.UNEXPECTED, "A1 保障措施/改名.pdf"),
        (Fault.MISSING, PDF),
    ]


def test_an_edited_manifest(package: DossierReport) -> None:
    def edit(members: Members) -> None:
        members[MANIFEST_NAME] = members[MANIFEST_NAME].replace(b'"missing": 0', b'"missing": 3')

    assert faults(rewritten(package.path, edit)) == [(Fault.MANIFEST, MANIFEST_NAME)]


def test_a_file_exchanged_together_with_its_line_in_one_list(package: DossierReport) -> None:
    def exchange(members: Members) -> None:
        old = hashlib.sha256(members[PDF]).hexdigest()
        members[PDF] = b"%PDF-1.4 forged"
        new = hashlib.sha256(members[PDF]).hexdigest()
        members[CHECKSUMS_NAME] = members[CHECKSUMS_NAME].replace(old.encode(), new.encode())

    assert faults(rewritten(package.path, exchange)) == [(Fault.MANIFEST, PDF), (Fault.CHANGED, PDF)]


def test_only_the_seal_finds_lists_forged_together(package: DossierReport) -> None:
    def forge(members: Members) -> None:
        members[PDF] = b"%PDF-1.4 forged"
        body = json.loads(members[MANIFEST_NAME])
        for entry in body["files"]:
            if entry["path"] == PDF:
                entry["size"], entry["sha256"] = len(members[PDF]), hashlib.sha256(members[PDF]).hexdigest()
        members[MANIFEST_NAME] = json.dumps(body).encode()
        members[CHECKSUMS_NAME] = "".join(
            f"{hashlib.sha256(content).hexdigest()}  {name}\n"
            for name, content in members.items()
            if name != CHECKSUMS_NAME
        ).encode()

    forged = rewritten(package.path, forge)
    assert faults(forged) == []
    assert faults(forged, seal=package.seal) == [(Fault.SEAL, CHECKSUMS_NAME)]


@pytest.mark.parametrize("name", [MANIFEST_NAME, CHECKSUMS_NAME])
def test_a_list_that_is_gone(package: DossierReport, name: str) -> None:
    found = faults(rewritten(package.path, without(name)))
    assert (Fault.MANIFEST, name) in found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"format": "dujian-dossier", "version": 9, "files": []}',
        b"[" * 100_000,
    ],
    ids=["empty", "binary", "list", "bare", "newer", "deep"],
)
def test_a_manifest_of_nonsense_is_a_finding(package: DossierReport, content: bytes) -> None:
    def spoil(members: Members) -> None:
        members[MANIFEST_NAME] = content

    assert (Fault.MANIFEST, MANIFEST_NAME) in faults(rewritten(package.path, spoil))


def test_checksums_of_nonsense_are_a_finding(package: DossierReport) -> None:
    def spoil(members: Members) -> None:
        members[CHECKSUMS_NAME] = b"nothing\n"

    assert (Fault.MANIFEST, CHECKSUMS_NAME) in faults(rewritten(package.path, spoil))


def test_two_members_of_one_name(package: DossierReport) -> None:
    twice = rewritten(package.path, lambda members: None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(twice, "a") as file:
            file.writestr(PDF, b"%PDF-1.4 second")
    assert set(faults(twice)) == {(Fault.DUPLICATE, PDF), (Fault.CHANGED, PDF)}


@pytest.mark.parametrize("name", ["../out.txt", "/etc/out", "C:\\out.txt", "a\\..\\..\\out", "a/../../out"])
def test_names_that_lead_out(package: DossierReport, name: str) -> None:
    def add(members: Members) -> None:
        members[name] = b"x"

    assert (Fault.UNSAFE, name) in faults(rewritten(package.path, add))


def test_a_bomb_is_not_read(package: DossierReport) -> None:
    def bomb(members: Members) -> None:
        members[PDF] = bytes(30 * 1024**2)

    found = faults(rewritten(package.path, bomb, method=zipfile.ZIP_DEFLATED))
    assert found == [(Fault.TOO_LARGE, PDF)]


@pytest.mark.parametrize("limits", [VerifyLimits(members=5), VerifyLimits(total_bytes=1000)])
def test_a_package_beyond_the_limits_is_not_read(package: DossierReport, limits: VerifyLimits) -> None:
    report = verify_package(package.path, limits=limits)
    assert [finding.fault for finding in report.findings] == [Fault.TOO_LARGE]


def test_cut_anywhere_it_is_damaged_and_never_raises(package: DossierReport) -> None:
    whole, cut = package.path.read_bytes(), package.path.with_name("断.zip")
    for part in (5, 100, len(whole) // 3, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        cut.write_bytes(whole[:part])
        assert not verify_package(cut).intact


def test_flips_anywhere_never_raise_and_are_found_in_every_file(package: DossierReport) -> None:
    whole, chance = package.path.read_bytes(), random.Random(20260305)
    flipped = package.path.with_name("翻.zip")
    with zipfile.ZipFile(package.path) as file:
        spans = [
            (info.header_offset + 30 + len(info.filename.encode()), info.compress_size)
            for info in file.infolist()
        ]
    inside = 0
    for _ in range(120):
        place = chance.randrange(2, len(whole))
        content = bytearray(whole)
        content[place] ^= 1 << chance.randrange(8)
        flipped.write_bytes(content)
        try:
            report = verify_package(flipped, seal=package.seal)
        except PackageInvalid:
            pytest.fail(f"byte {place}: damage must be a finding")
        if any(start <= place < start + size for start, size in spans):
            inside += 1
            assert report.findings, place
    assert inside > 60


def test_data_put_in_front(package: DossierReport) -> None:
    longer = package.path.with_name("前.zip")
    longer.write_bytes(b"PK\x03\x04" + bytes(200) + package.path.read_bytes())
    assert [finding.fault for finding in verify_package(longer).findings] == [Fault.DAMAGED]


@pytest.mark.parametrize("content", [b"", b"hello", b"%PDF-1.4"])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    other = tmp_path / "x.zip"
    other.write_bytes(content)
    with pytest.raises(PackageInvalid) as refused:
        verify_package(other)
    assert refused.value.remedy


def test_another_zip_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    other = tmp_path / "x.zip"
    with zipfile.ZipFile(other, "w") as file:
        file.writestr("a.txt", b"x")
    for path in (other, tmp_path / "没有.zip", tmp_path):
        with pytest.raises(PackageInvalid):
            verify_package(path)
