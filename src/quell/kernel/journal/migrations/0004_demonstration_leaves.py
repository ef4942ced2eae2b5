"""The other way out of the append-only journal: a demonstration company that is taken out whole, with its history.

Its transaction says so with `SET LOCAL quell.demonstration_leaves = 'on'` (project/demonstration/leaving.py, and
nowhere else: a test holds it). Lines may then be deleted, not changed.
"""

from django.db import migrations

WITH = """
CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('quell.shredding', TRUE) = 'on' THEN
    RETURN NEW;
  END IF;
  IF TG_OP = 'DELETE' AND current_setting('quell.demonstration_leaves', TRUE) = 'on' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$
"""
WITHOUT = """
CREATE OR REPLACE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND current_setting('quell.shredding', TRUE) = 'on' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the journal is append-only' USING ERRCODE = 'insufficient_privilege';
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0003_of_subjects")]

    operations = [migrations.RunSQL(WITH, WITHOUT)]
