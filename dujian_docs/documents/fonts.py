"""Stand-ins for the fonts of official documents, for the PDF preview on machines without them.

The .docx names the real fonts; hanzi of all of them are one em wide, so lines break the same. Fontconfig is
told only inside the converter, not system-wide, and a font that is installed is never replaced.
"""

from __future__ import annotations

from collections.abc import Collection
from xml.sax.saxutils import escape

FANG = (
    "仿宋_GB2312",
    "FangSong_GB2312",
    "仿宋",
    "FangSong",
    "SimFang",
    "方正仿宋_GBK",
    "方正仿宋简体",
    "STFangsong",
    "华文仿宋",
)
KAI = ("楷体_GB2312", "KaiTi_GB2312", "楷体", "KaiTi", "SimKai", "方正楷体_GBK", "STKaiti", "华文楷体")
HEI = ("黑体", "SimHei", "方正黑体_GBK", "方正黑体简体", "STHeiti")
SONG = ("宋体", "SimSun", "NSimSun", "新宋体", "STSong")
BIAO = ("方正小标宋简体", "方正小标宋_GBK", "FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "小标宋", "小标宋体")

STAND_INS: tuple[tuple[tuple[str, ...], tuple[str, ...], str], ...] = (
    # names asked for, stand-ins (the first installed one is taken), weight
    (FANG, ("FandolFang", "AR PL UMing CN", "Noto Serif CJK SC"), ""),
    (KAI, ("FandolKai", "AR PL UKai CN", "LXGW WenKai", "Noto Serif CJK SC"), ""),
    (HEI, ("FandolHei", "Noto Sans CJK SC"), ""),
    (SONG, ("Noto Serif CJK SC",), ""),
    (BIAO, ("Noto Serif CJK SC",), "bold"),
    (("Times New Roman",), ("Liberation Serif",), ""),
)
FULL_SET = ("FandolFang", "FandolKai", "FandolHei", "Noto Serif CJK SC", "Liberation Serif")
"""With these a preview has the look of the real thing."""


def fontconfig(installed: Collection[str]) -> str:
    """A fontconfig file that adds the stand-ins to the system's own configuration.

    Args:
        installed: the family names of this machine; when empty (unknown) the first stand-ins are taken.
    """
    rules = [
        _rule(name, next((family for family in families if family in installed), families[0]), weight)
        for names, families, weight in STAND_INS
        for name in names
        if name not in installed
    ]
    return (
        '<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig>\n'
        '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>\n'
        + "\n".join(rules)
        + "\n</fontconfig>\n"
    )


def _rule(name: str, family: str, weight: str) -> str:
    heavy = (
        f'<edit name="weight" mode="assign" binding="strong"><const>{weight}</const></edit>' if weight else ""
    )
    asked = f'<test name="family" qual="any"><string>{escape(name)}</string></test>'
    given = f'<edit name="family" mode="assign" binding="strong"><string>{escape(family)}</string></edit>'
    return f'<match target="pattern">{asked}{given}{heavy}</match>'
