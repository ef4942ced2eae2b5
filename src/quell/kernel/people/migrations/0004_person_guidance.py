from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0003_person_keys")]

    operations = [
        migrations.AddField(
            model_name="person", name="tour", field=models.CharField(blank=True, default="", max_length=8)
        ),
        migrations.AddField(model_name="person", name="set_up_card", field=models.BooleanField(default=True)),
    ]
