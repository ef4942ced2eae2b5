"""The accounts of the demonstration and the file that tells their passwords.

One password is drawn at random for each instance: a well-known one would open every demonstration that somebody
left reachable. It is kept in the state directory, readable by its owner alone, and printed at every start; the
database knows only its hash.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from .company import ACCOUNTS

FILE = "demo-accounts.txt"
# No letters that look like others: the password is often read aloud or typed from a second screen.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def fresh_password() -> str:
    """Twelve letters in three groups: 59 random bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _place in range(4)) for _group in range(3))


def password_kept(state: Path) -> str | None:
    """The password in the file, or None when there is no (whole) file."""
    try:
        lines = (state / FILE).read_text().splitlines()
    except OSError:
        return None
    words = [line.split() for line in lines]
    return words[0][2] if len(words) == len(ACCOUNTS) and all(len(line) == 3 for line in words) else None


def keep_password(state: Path, password: str) -> None:
    """Write the file: one line an account, "role  e-mail  password". Appears whole or not at all."""
    roles = max(len(account.role) for account in ACCOUNTS)
    emails = max(len(account.email) for account in ACCOUNTS)
    lines = [f"{account.role:{roles}}  {account.email:{emails}}  {password}" for account in ACCOUNTS]
    fresh = state / f"{FILE}.{os.getpid()}"
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write("\n".join(lines) + "\n")
    fresh.replace(state / FILE)
