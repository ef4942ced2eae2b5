"""The journal is append-only: the database itself refuses to change or delete a line.

The one exception is shredding personal data, which says so for its transaction: `SET LOCAL quell.shredding = 'on'`.
"""

from django.db import migrations

FORWARD = """
CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('quell.shredding', TRUE) = 'on' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER journal_append_only BEFORE UPDATE OR DELETE ON journal_entry
  FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
"""
BACK = "DROP TRIGGER journal_append_only ON journal_entry; DROP FUNCTION journal_refuse_change()"


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
