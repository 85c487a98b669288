"""An Outlook message that is attached to another one, as the mail it was: that can be read by itself."""

from __future__ import annotations

from datetime import datetime
from email.header import Header
from email.message import Message
from email.mime.application import MIMEApplication
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime

from indexer.extract.attached import ENVELOPE
from indexer.extract.msgfields import OutlookMessage


def as_mail(message: OutlookMessage, depth: int) -> bytes:
    """The message with all that is attached, messages in messages ``depth`` deep, as RFC 5322 writes it."""
    return ENVELOPE + _made(message, depth).as_bytes()


def _made(message: OutlookMessage, depth: int) -> Message:
    mail = MIMEMultipart()
    fields = (
        ("Subject", message.subject),
        ("From", message.sender),
        ("To", message.receivers),
        ("Cc", message.copied),
    )
    for name, value in fields:
        if value:
            mail[name] = Header(" ".join(value.split()), "utf-8").encode()
    if message.date:
        mail["Date"] = format_datetime(datetime.fromisoformat(message.date))
    mail.attach(MIMEText(message.body, "plain", "utf-8"))
    for one in message.attachments():
        if one.message and depth > 0:
            part: Message = MIMEMessage(_made(one.message, depth - 1))
        elif not one.message:
            part = MIMEApplication(one.content())
        else:
            continue
        part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", one.name))
        mail.attach(part)
    return mail
