"""What has been agreed is never changed: the database itself refuses it, whichever way somebody comes.

A version that is settled may go on in its life (state, when it holds and ended), and nothing else in it moves. Its
targets and signatures stand as they were signed. A metric is changed by its next version. Deleting is for a
demonstration that is taken out whole, which says so for its transaction (journal 0004).
"""

from django.db import migrations

FORWARD = """
CREATE SEQUENCE agreements_revision_number;

CREATE FUNCTION agreements_keep_version() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  living text[] := ARRAY['state', 'in_force_from', 'in_force_until', 'activated_at', 'ended_at', 'ended_because',
    'created_by_id'];
BEGIN
  IF OLD.state IN ('draft', 'negotiation') THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' THEN
    IF current_setting('quell.demonstration_leaves', TRUE) = 'on' THEN
      RETURN OLD;
    END IF;
  ELSIF NEW.state NOT IN ('draft', 'negotiation') AND to_jsonb(NEW) - living = to_jsonb(OLD) - living THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a version that has been agreed is never changed' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER agreements_version_kept BEFORE UPDATE OR DELETE ON agreements_version
  FOR EACH ROW EXECUTE FUNCTION agreements_keep_version();

CREATE FUNCTION agreements_keep_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  part jsonb := to_jsonb(CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END);
BEGIN
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'person_id' = to_jsonb(OLD) - 'person_id' THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT 1 FROM agreements_version v WHERE v.state NOT IN ('draft', 'negotiation')
      AND v.id IN ((part ->> 'version_id')::bigint, (to_jsonb(OLD) ->> 'version_id')::bigint))
    AND NOT (TG_OP = 'DELETE' AND coalesce(current_setting('quell.demonstration_leaves', TRUE), '') = 'on')
  THEN
    RAISE EXCEPTION 'a version that has been agreed is never changed' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER agreements_target_kept BEFORE INSERT OR UPDATE OR DELETE ON agreements_target
  FOR EACH ROW EXECUTE FUNCTION agreements_keep_part();
CREATE TRIGGER agreements_signature_kept BEFORE INSERT OR UPDATE OR DELETE ON agreements_signature
  FOR EACH ROW EXECUTE FUNCTION agreements_keep_part();

CREATE FUNCTION agreements_keep_metric() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND coalesce(current_setting('quell.demonstration_leaves', TRUE), '') = 'on' THEN
    RETURN OLD;
  END IF;
  IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'created_by_id' = to_jsonb(OLD) - 'created_by_id' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'a metric is changed by its next version' USING ERRCODE = 'insufficient_privilege';
END
$$;
CREATE TRIGGER agreements_metric_kept BEFORE UPDATE OR DELETE ON agreements_metric
  FOR EACH ROW EXECUTE FUNCTION agreements_keep_metric();
"""
BACK = """
DROP TRIGGER agreements_metric_kept ON agreements_metric;
DROP TRIGGER agreements_signature_kept ON agreements_signature;
DROP TRIGGER agreements_target_kept ON agreements_target;
DROP TRIGGER agreements_version_kept ON agreements_version;
DROP FUNCTION agreements_keep_metric();
DROP FUNCTION agreements_keep_part();
DROP FUNCTION agreements_keep_version();
DROP SEQUENCE agreements_revision_number;
"""


class Migration(migrations.Migration):
    dependencies = [("agreements", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACK)]
