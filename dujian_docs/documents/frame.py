"""The fields that a layout brings with it: 版头, 署名 and 版记 are the same in every genre of one layout.

A genre.toml that declares a field of the same name has its own instead.
"""

from __future__ import annotations

from collections.abc import Mapping

from dujian_docs.documents.fields import Field, FieldKind, Source
from dujian_docs.documents.genre_plan import Layout


def _setting(name: str, label: str, key: str, *, required: bool = True) -> Field:
    where = f"dujian.toml 的 [office] {key}"
    return Field(name, label, FieldKind.TEXT, Source.SETTINGS, where, required)


def _computed(name: str, label: str, where: str) -> Field:
    return Field(name, label, FieldKind.TEXT, Source.COMPUTED, where, required=True)


def _typed(name: str, label: str, example: str) -> Field:
    return Field(name, label, FieldKind.TEXT, Source.BY_HAND, f"签发时填写“{label}”，如 {example}")


_NUMBER = _computed("number", "发文字号", "签发时自动编号")
_DAY = _computed("doc_date", "成文日期", "签发当天")
_MARK = _setting("letterhead", "发文机关标志", "letterhead")
_ISSUER = _setting("issuer", "署名", "name")
_SEALED = Field("sealed", "加盖印章", FieldKind.FLAG, Source.SETTINGS, "dujian.toml 的 [office] sealed")
_MARKS = (
    _typed("copy_number", "份号", "000001"),
    _typed("secrecy", "密级", "秘密★1年"),
    _typed("urgency", "紧急程度", "特急"),
)
_NOTE = _typed("note", "附注", "此件公开发布")
_CC = _setting("cc", "抄送", "cc", required=False)
_PRINTED = (_setting("printer", "印发机关", "name"), _computed("print_date", "印发日期", "签发当天"))
_RED_HEAD = (_MARK, *_MARKS, _NUMBER, _ISSUER, _DAY, _SEALED, _NOTE, _CC, *_PRINTED)
_SIGNER = _setting("signer", "签发人", "signer")

FRAMES: Mapping[Layout, tuple[Field, ...]] = {
    Layout.RED_HEAD: _RED_HEAD,
    Layout.UPWARD: (
        *_RED_HEAD,
        _SIGNER,
        Field("cosigners", "会签人", FieldKind.LINES, Source.BY_HAND, "签发时填写“会签人”，一行一个"),
    ),
    Layout.JOINT: (
        *_RED_HEAD,
        Field(
            "offices",
            "联合行文机关",
            FieldKind.LINES,
            Source.BY_HAND,
            "签发时填写“联合行文机关”，主办机关在前，一行一个",
            required=True,
        ),
    ),
    Layout.LETTER: (_MARK, *_MARKS, _NUMBER, _ISSUER, _DAY, _SEALED, _NOTE, _CC),
    Layout.MINUTES: (_MARK, *_MARKS, _NUMBER, _ISSUER, _DAY, _CC, *_PRINTED),
    Layout.ORDER: (
        _MARK,
        _NUMBER,
        _DAY,
        _typed("sign_title", "签发人职务", "县长"),
        _SIGNER,
        _CC,
        *_PRINTED,
    ),
    Layout.PLAIN: (_NUMBER, _ISSUER, _DAY, _SEALED),
}
