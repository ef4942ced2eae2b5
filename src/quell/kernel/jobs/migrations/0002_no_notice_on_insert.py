"""A notice at every insert makes all commits with a job queue up behind one lock (docs/why/decisions/0005-jobs.md)."""

from django.db import migrations

TRIGGER = "procrastinate_jobs_notify_queue_job_inserted_v1"


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_initial"), ("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        migrations.RunSQL(
            f"DROP TRIGGER IF EXISTS {TRIGGER} ON procrastinate_jobs",
            f"CREATE TRIGGER {TRIGGER} AFTER INSERT ON procrastinate_jobs FOR EACH ROW WHEN (new.status = 'todo') "
            "EXECUTE FUNCTION procrastinate_notify_queue_job_inserted_v1()",
        )
    ]
