from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("config", "0002_cache")]

    operations = [
        migrations.CreateModel(
            name="SetUpStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=20, unique=True)),
                ("state", models.CharField(blank=True, default="", max_length=8)),
                ("facts", models.JSONField(default=dict)),
                ("changed_by_id", models.BigIntegerField(blank=True, null=True)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
    ]
