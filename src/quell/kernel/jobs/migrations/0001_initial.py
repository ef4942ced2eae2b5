from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Failure",
            fields=[
                ("job_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("attempt", models.IntegerField()),
                ("sentence", models.CharField(max_length=500)),
                ("trace", models.TextField(blank=True, default="")),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
