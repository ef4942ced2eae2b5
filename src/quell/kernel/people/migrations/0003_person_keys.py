from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0002_shipped_roles")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="keys",
            field=models.CharField(blank=True, default="", max_length=400),
        ),
    ]
