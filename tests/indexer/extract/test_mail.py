"""Mail: fields in any encoding or none, bodies of any kind, what is attached, and pages saved as one file."""

from __future__ import annotations

import base64
import time
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.extract.mailtext import words
from indexer.extract.sniff import Kind, kind_of
from indexer.model import Extraction, Limits, Passage, State

SUBJECT = "关于报送义务教育优质均衡发展自评报告的函"
BODY = "各学校：\n请于三月底前报送。"
HEAD = (
    f"主题：{SUBJECT}\n发件人：李静 <lj@example.cn>\n收件人：督导室 <dd@example.cn>\n"
    "抄送：周明远 <z@example.cn>\n日期：2026-03-05T08:30:00+08:00"
)


def letter(body: str = BODY) -> EmailMessage:
    made = EmailMessage()
    made["Subject"], made["From"], made["To"] = SUBJECT, "李静 <lj@example.cn>", "督导室 <dd@example.cn>"
    made["Cc"], made["Date"] = "周明远 <z@example.cn>", "Thu, 05 Mar 2026 08:30:00 +0800"
    made["Message-ID"] = "<1@example.cn>"
    made.set_content(body)
    return made


def said(folder: Path, data: bytes) -> Extraction:
    (folder / "邮件.eml").write_bytes(data)
    assert kind_of(folder / "邮件.eml") is Kind.MAIL
    return extract(folder / "邮件.eml", Limits())


def raw(text: str, codec: str = "gb18030", kind: str = "text/plain", more: str = "") -> bytes:
    head = f"From: 李静 <lj@example.cn>\nTo: x@example.cn\nSubject: {SUBJECT}\nMIME-Version: 1.0\n"
    return (f"{head}Content-Type: {kind}\n{more}\n{text}").encode(codec)


def test_a_letter_tells_head_body_and_attachments(tmp_path: Path) -> None:
    made = letter()
    made.add_alternative(f"<p>{BODY}</p>", subtype="html")
    made.add_attachment(b"x", maintype="application", subtype="msword", filename="自评报告.docx")
    made.add_attachment("附件里的字", filename="说明.txt")
    inner = EmailMessage()
    inner["Subject"] = "转发的函"
    inner.set_content("里面的话")
    made.add_attachment(inner)
    found = said(tmp_path, bytes(made))
    assert found.passages == (
        Passage(HEAD, label="邮件头"),
        Passage(BODY),
        Passage("自评报告.docx\n说明.txt", label="附件"),
        Passage("主题：转发的函", label="附件邮件"),
        Passage("里面的话", label="附件邮件"),
    )
    assert (found.facts.title, found.facts.author) == (SUBJECT, "李静 <lj@example.cn>")
    assert found.facts.created == "2026-03-05T08:30:00+08:00"


@pytest.mark.parametrize("codec", ["gb18030", "utf-8"])
@pytest.mark.parametrize(
    "declared", ["", "; charset=us-ascii", "; charset=gb2312", "; charset=utf-8", "; charset=x"]
)
def test_bytes_without_or_with_a_wrong_encoding_are_read(tmp_path: Path, codec: str, declared: str) -> None:
    found = said(tmp_path, raw(BODY, codec, f"text/plain{declared}"))
    assert found.facts.title == SUBJECT
    assert Passage(BODY) in found.passages


def test_the_alternative_that_says_more_is_read(tmp_path: Path) -> None:
    made = letter("请用网页方式查看")
    made.add_alternative(f"<table><tr><td>学校</td><td>{SUBJECT}</td></tr></table>", subtype="html")
    assert said(tmp_path, bytes(made)).passages[1] == Passage(f"学校\t{SUBJECT}")


def test_html_is_read_by_the_encoding_the_mail_names(tmp_path: Path) -> None:
    page = raw("<meta charset=utf-8><p>督导</p>", "gb18030", "text/html; charset=gb2312")
    assert Passage("督导") in said(tmp_path, page).passages


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("=?gb2312?B?" + base64.b64encode("督导".encode("gbk")).decode() + "?=", "督导"),
        ("=?UTF-8?Q?=E7=9D=A3=E5=AF=BC_ab?=", "督导 ab"),
        ("=?utf-8?B?55uj?= =?utf-8?B?5a+8?=", "監导"),
        ("=?gb2312?B?tg==?=\n =?gb2312?B?vbW8?=", "督导"),
        ("Re: =?gbk?B?tr21vA==?= (2)", "Re: 督导 (2)"),
        ("=?gbk?B?tr21v?= x", "督� x"),
        ("=?没有?B?x?= 督导", "=?没有?B?x?= 督导"),
        ("  甲\n\t乙 ", "甲 乙"),
    ],
)
def test_encoded_words(value: str, text: str) -> None:
    assert words(value) == text


def test_names_of_attachments_are_read_however_they_are_written(tmp_path: Path) -> None:
    coded = base64.b64encode("丙.doc".encode("gbk")).decode()
    names = (
        'filename="甲.doc"',
        "filename*=GB2312''%D2%D2.doc",
        f'filename="=?gb2312?B?{coded}?="',
    )
    parts = "".join(
        f"--b\nContent-Type: application/msword\nContent-Disposition: attachment; {name}\n\nx\n"
        for name in names
    )
    found = said(tmp_path, raw(f"{parts}--b--\n", "gb18030", "multipart/mixed; boundary=b"))
    assert found.passages[-1] == Passage("甲.doc\n乙.doc\n丙.doc", label="附件")


def test_flowing_text_is_joined(tmp_path: Path) -> None:
    flowed = raw("督导 \n评估\n-- \n李静", kind="text/plain; format=flowed; delsp=yes")
    assert Passage("督导评估\n--\n李静") in said(tmp_path, flowed).passages


def test_a_page_saved_as_one_file_is_read(tmp_path: Path) -> None:
    page = f"<html><head><title>通知</title></head><body><p class=3D'a'>{SUBJECT}</p></body></html>"
    data = (
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="----=_b"\n\n说明\n\n------=_b\n'
        "Content-Location: file:///C:/1.htm\nContent-Transfer-Encoding: quoted-printable\n"
        f'Content-Type: text/html; charset="gb2312"\n\n{page}\n\n------=_b\nContent-Type: image/png\n'
        "Content-Location: file:///C:/a.png\n\nx\n------=_b--\n"
    )
    assert said(tmp_path, data.encode("gb18030")).passages == (Passage(SUBJECT),)


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("application/pkcs7-mime; smime-type=enveloped-data", State.ENCRYPTED),
        ("multipart/encrypted; boundary=b", State.ENCRYPTED),
        ("application/pkcs7-mime; smime-type=signed-data", State.INDEXED),
    ],
)
def test_an_encrypted_letter_says_so_and_keeps_its_head(tmp_path: Path, kind: str, state: State) -> None:
    found = said(tmp_path, raw("x", kind=kind))
    assert found.state is state
    assert SUBJECT in found.passages[0].text


def test_signatures_are_counted(tmp_path: Path) -> None:
    made = letter()
    made.add_attachment(b"x", maintype="application", subtype="pkcs7-signature", filename="smime.p7s")
    assert said(tmp_path, bytes(made)).facts.signatures == 1
    assert said(tmp_path, bytes(letter())).facts.signatures == 0


def test_a_letter_without_words_is_empty(tmp_path: Path) -> None:
    found = said(tmp_path, b"Received: x\nFrom: a@b\nTo: c@d\nDate: never\nMessage-ID: x\n\n \n")
    assert (found.state, found.facts.created) == (State.EMPTY, "")
    assert found.remedy


@pytest.mark.parametrize(
    "data",
    [
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(400)),
        b"Subject: " + b"=?utf-8?B?5a+8?= " * 50_000 + b"\n\n",
        b"Subject: " + b"=?" * 200_000 + b"\n\n",
        b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 20_000,
    ],
)
def test_no_letter_takes_long(tmp_path: Path, data: bytes) -> None:
    began = time.process_time()
    found = said(tmp_path, b"Received: x\nMIME-Version: 1.0\nFrom: a@b\n" + data)
    assert time.process_time() - began < 10
    assert found.passages or (found.reason and found.remedy)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(200, 5_000), st.integers(0, 255)), max_size=12))
def test_damage_ends_in_a_state(tmp_path: Path, flips: list[tuple[int, int]]) -> None:
    made = letter()
    made.add_alternative(f"<p>{BODY}</p>", subtype="html")
    made.add_attachment(b"x", maintype="application", subtype="msword", filename="自评报告.docx")
    data = bytearray(bytes(made))
    for at, byte in flips:
        data[at % len(data)] = byte
    (tmp_path / "坏.eml").write_bytes(data)
    found = extract(tmp_path / "坏.eml", Limits())
    assert found.passages or (found.reason and found.remedy)


@given(st.text(max_size=60))
def test_any_field_is_one_line(value: str) -> None:
    assert "\n" not in words(value)
