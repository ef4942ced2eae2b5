"""The category tree and the priority matrix every instance starts with (domain.md 4.2 and 8.5). Both are data and
can be changed."""

from datetime import UTC, datetime

from django.db import migrations

TREE = {
    ("access", "Access"): [("account", "Account"), ("password", "Password"), ("permission", "Permission")],
    ("email", "E-mail and calendar"): [("mailbox", "Mailbox"), ("calendar", "Calendar"), ("delivery", "Delivery")],
    ("hardware", "Hardware"): [
        ("laptop", "Laptop"),
        ("desktop", "Desktop"),
        ("monitor", "Monitor"),
        ("printer", "Printer"),
        ("phone", "Phone"),
        ("server", "Server"),
    ],
    ("network", "Network"): [
        ("internet", "Internet"),
        ("switch", "Switch"),
        ("vpn", "VPN"),
        ("wifi", "Wi-Fi"),
        ("firewall", "Firewall"),
    ],
    ("software", "Software"): [
        ("office", "Office"),
        ("erp", "ERP"),
        ("browser", "Browser"),
        ("operating-system", "Operating system"),
        ("licence", "Licence"),
    ],
    ("telephony", "Telephony"): [("line", "Line"), ("meeting", "Meetings")],
    ("data", "Data"): [("restore", "Restore"), ("file-share", "File share"), ("database", "Database")],
    ("security", "Security"): [("malware", "Malware"), ("phishing", "Phishing"), ("lost-device", "Lost device")],
    ("other", "Other"): [],
}
MATRIX = [[1, 1, 2, 3], [1, 2, 3, 3], [2, 3, 3, 4], [3, 4, 4, 5]]


def ship(apps, schema_editor):
    category = apps.get_model("incidents", "Category")
    for (code, name), children in TREE.items():
        parent = category.objects.create(code=code, path=code, name=name)
        for child, child_name in children:
            category.objects.create(code=child, path=f"{code}/{child}", name=child_name, parent=parent)
    apps.get_model("incidents", "PriorityMatrix").objects.create(
        version=1, cells=MATRIX, created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )


class Migration(migrations.Migration):
    dependencies = [("incidents", "0001_initial")]

    operations = [migrations.RunPython(ship, migrations.RunPython.noop)]
