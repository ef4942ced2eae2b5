"""What has been left out so far stays accepted, by the word of whoever judged it."""

from django.db import migrations

KEPT = """
UPDATE clocks_clock SET exclusion = 'accepted', exclusion_because = excluded_because, exclusion_rule = 'one_word',
  exclusion_by_id = judged_by_id, exclusion_decided_by_id = judged_by_id,
  exclusion_at = coalesce(judged_at, stopped_at, started_at),
  exclusion_decided_at = coalesce(judged_at, stopped_at, started_at)
WHERE excluded_because <> ''
"""


class Migration(migrations.Migration):
    dependencies = [("clocks", "0002_exclusions")]

    operations = [migrations.RunSQL(KEPT, migrations.RunSQL.noop)]
