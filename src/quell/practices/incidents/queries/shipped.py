"""The categories that come with Quell (migration 0002), by path, as their readers call them."""

from __future__ import annotations

from quell.kernel.config.shipped import pgettext_noop, spoken

CATEGORIES = {
    "access": pgettext_noop("category", "Access"),
    "access/account": pgettext_noop("category", "Account"),
    "access/password": pgettext_noop("category", "Password"),
    "access/permission": pgettext_noop("category", "Permission"),
    "email": pgettext_noop("category", "E-mail and calendar"),
    "email/mailbox": pgettext_noop("category", "Mailbox"),
    "email/calendar": pgettext_noop("category", "Calendar"),
    "email/delivery": pgettext_noop("category", "Delivery"),
    "hardware": pgettext_noop("category", "Hardware"),
    "hardware/laptop": pgettext_noop("category", "Laptop"),
    "hardware/desktop": pgettext_noop("category", "Desktop"),
    "hardware/monitor": pgettext_noop("category", "Monitor"),
    "hardware/printer": pgettext_noop("category", "Printer"),
    "hardware/phone": pgettext_noop("category", "Phone"),
    "hardware/server": pgettext_noop("category", "Server"),
    "network": pgettext_noop("category", "Network"),
    "network/internet": pgettext_noop("category", "Internet"),
    "network/switch": pgettext_noop("category", "Switch"),
    "network/vpn": pgettext_noop("category", "VPN"),
    "network/wifi": pgettext_noop("category", "Wi-Fi"),
    "network/firewall": pgettext_noop("category", "Firewall"),
    "software": pgettext_noop("category", "Software"),
    "software/office": pgettext_noop("category", "Office"),
    "software/erp": pgettext_noop("category", "ERP"),
    "software/browser": pgettext_noop("category", "Browser"),
    "software/operating-system": pgettext_noop("category", "Operating system"),
    "software/licence": pgettext_noop("category", "Licence"),
    "telephony": pgettext_noop("category", "Telephony"),
    "telephony/line": pgettext_noop("category", "Line"),
    "telephony/meeting": pgettext_noop("category", "Meetings"),
    "data": pgettext_noop("category", "Data"),
    "data/restore": pgettext_noop("category", "Restore"),
    "data/file-share": pgettext_noop("category", "File share"),
    "data/database": pgettext_noop("category", "Database"),
    "security": pgettext_noop("category", "Security"),
    "security/malware": pgettext_noop("category", "Malware"),
    "security/phishing": pgettext_noop("category", "Phishing"),
    "security/lost-device": pgettext_noop("category", "Lost device"),
    "other": pgettext_noop("category", "Other"),
}


def category_name(path: str, name: str) -> str:
    """A category's own name in the language of the reader, unless it was given another."""
    return spoken("category", CATEGORIES, path, name)
