"""Chance that comes out the same every time: numbers and names drawn from what they are for."""

from __future__ import annotations

import hashlib

_SURNAMES = "陶尚卞盛柯苗葛阮饶祁毕卫常康伍余鲍费岑雷倪汤滕殷罗郝邬安乐时傅皮齐顾孟平黄尤解巫"
_MEN = "文轩建华晓峰志远立新国庆永强向阳云飞德胜少波家骏振宇长青石磊承志大勇明亮"
_WOMEN = "玉兰雨桐春梅海燕秀英佳怡丽华静宜月琴红霞桂芳雪梅若兰美玲惠敏诗涵小满思源"
_EACH = len(_MEN) // 2
"""Each given name has two characters; there are as many for men as for women."""
_STRIDE = 389
"""Prime and no divisor of the number of names, so that steps of it meet each name before any comes twice."""


def drawn(among: int, *purpose: object) -> int:
    """A number from 0 up to, but not with, ``among``; the same for the same purpose."""
    told = "/".join(str(one) for one in purpose)
    return int.from_bytes(hashlib.sha256(told.encode()).digest()[:6], "big") % among


def people(count: int, *purpose: object) -> tuple[tuple[str, str], ...]:
    """So many different invented names, each with 男 or 女."""
    names = len(_SURNAMES) * 2 * _EACH
    start = drawn(names, *purpose)
    return tuple(_named((start + at * _STRIDE) % names) for at in range(count))


def person(*purpose: object) -> str:
    """An invented name."""
    return people(1, *purpose)[0][0]


def _named(number: int) -> tuple[str, str]:
    rest, surname = divmod(number, len(_SURNAMES))
    given = (_MEN + _WOMEN)[2 * rest : 2 * rest + 2]
    return _SURNAMES[surname] + given, "男" if rest < _EACH else "女"
