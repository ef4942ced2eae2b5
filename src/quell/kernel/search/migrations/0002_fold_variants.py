"""Documents in traditional characters are found by simplified ones, and the other way round: fold their words."""

from django.db import migrations

from quell.kernel.search.index import fold_anew


def forwards(apps, schema_editor):
    fold_anew(schema_editor.connection)


class Migration(migrations.Migration):

    dependencies = [
        ('search', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop),
    ]
