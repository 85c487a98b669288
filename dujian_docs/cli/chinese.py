"""The words that click itself prints, in Chinese.

click asks gettext for them, and gettext reads a compiled catalogue; ``python -m dujian_docs.cli.chinese``
compiles ``MESSAGES`` into the one that travels in the package. A test holds the two together.
"""

from __future__ import annotations

import gettext
import os
import struct
from pathlib import Path

import click

LOCALE = Path(__file__).parent / "locale"
CATALOGUE = LOCALE / "zh_CN" / "LC_MESSAGES" / "messages.mo"

MESSAGES: dict[str, str] = {
    "": "Content-Type: text/plain; charset=UTF-8\nLanguage: zh_CN\n",
    "(dynamic)": "（自动）",
    "Aborted!": "已中止。",
    "Argument {name!r} takes {nargs} values.": "参数 {name!r} 要给 {nargs} 个值。",
    "Choose from:\n\t{choices}": "可选：\n\t{choices}",
    "Commands": "命令",
    "Could not open file {filename!r}: {message}": "打不开文件 {filename!r}：{message}",
    "Error: The two entered values do not match.": "错误：两次输入的不一样。",
    "Error: invalid input": "错误：输入不对",
    "Error: {message}": "错误：{message}",
    "Invalid value for {param_hint}: {message}": "{param_hint} 的值不对：{message}",
    "Invalid value: {message}": "值不对：{message}",
    "Missing argument": "缺少参数",
    "Missing command.": "没有写要做什么。",
    "Missing option": "缺少选项",
    "Missing parameter": "缺少参数",
    "Missing parameter: {param_name}": "缺少参数：{param_name}",
    "Missing {param_type}": "缺少 {param_type}",
    "No such command {name!r}.": "没有 {name!r} 这个命令。",
    "No such option {name!r}.": "没有 {name!r} 这个选项。",
    "Option {name!r} does not take a value.": "选项 {name!r} 后面不用写值。",
    "Options": "选项",
    "Positional arguments": "参数",
    "Show the version and exit.": "显示版本。",
    "Show this message and exit.": "显示这份说明。",
    "Try '{command} {option}' for help.": "用 {command} {option} 看怎么用。",
    "Usage:": "用法：",
    "Do you want to continue?": "继续吗？",
    "default: {default}": "默认 {default}",
    "deprecated": "不再使用",
    "directory": "文件夹",
    "env var: {var}": "环境变量 {var}",
    "file": "文件",
    "path": "路径",
    "required": "必填",
    "unknown error": "未知错误",
    "{name} {filename!r} does not exist.": "{name} {filename!r} 不存在。",
    "{name} {filename!r} is a directory.": "{name} {filename!r} 是文件夹。",
    "{name} {filename!r} is a file.": "{name} {filename!r} 是文件。",
    "{name} {filename!r} is not readable.": "{name} {filename!r} 读不了。",
    "{name} {filename!r} is not writable.": "{name} {filename!r} 写不进去。",
    "{value!r} is not a valid {number_type}.": "{value!r} 不是数字。",
    "{value} is not in the range {range}.": "{value} 不在 {range} 之内。",
}

PLURALS: dict[tuple[str, str], str] = {
    (
        "Got unexpected extra argument ({args})",
        "Got unexpected extra arguments ({args})",
    ): "多出了参数（{args}）",
    (
        "Did you mean {possibility}?",
        "(Did you mean one of: {possibilities}?)",
    ): "（是不是 {possibilities}？）",
    (
        "{value!r} is not {choice}.",
        "{value!r} is not one of {choices}.",
    ): "{value!r} 不在可选的 {choices} 之中。",
    (
        "Option {name!r} requires an argument.",
        "Option {name!r} requires {nargs} arguments.",
    ): "选项 {name!r} 后面要写 {nargs} 个值。",
}


def _called(name: str, kind: click.Path) -> click.Path:
    """``kind`` under a Chinese name; click names its types when they are made, before it speaks Chinese."""
    kind.name = name
    return kind


FILE = _called("文件", click.Path(path_type=Path, dir_okay=False))
PATH = _called("文件或文件夹", click.Path(path_type=Path))
FOLDER = _called("文件夹", click.Path(path_type=Path, file_okay=False))


def compiled() -> bytes:
    """``MESSAGES`` as a GNU ``.mo`` catalogue (little-endian, sorted, no hash table)."""
    header = MESSAGES[""] + "Plural-Forms: nplurals=1; plural=0;\n"
    pairs = {**MESSAGES, "": header, **{f"{one}\0{many}": text for (one, many), text in PLURALS.items()}}
    entries = sorted((key.encode(), value.encode()) for key, value in pairs.items())
    count = len(entries)
    keys_at, texts_at = 28, 28 + 8 * count
    offset = 28 + 16 * count
    tables: list[bytes] = []
    body = b""
    for column in (0, 1):
        for entry in entries:
            tables.append(struct.pack("<II", len(entry[column]), offset + len(body)))
            body += entry[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, count, keys_at, texts_at, 0, 0)
    return head + b"".join(tables) + body


def speak_chinese() -> None:
    """From now on click's own words are Chinese in this process, whatever the system's language."""
    os.environ["LANGUAGE"] = "zh_CN"
    gettext.bindtextdomain("messages", str(LOCALE))
    gettext.textdomain("messages")


if __name__ == "__main__":
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(compiled())
