"""The sequence that incident numbers come from."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial")]

    operations = [migrations.RunSQL("CREATE SEQUENCE records_number_inc", "DROP SEQUENCE records_number_inc")]
