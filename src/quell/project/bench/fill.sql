-- Made data of the benchmarks, set by set. %(count)s incidents; the staging table bench_text holds their words.
INSERT INTO people_organisation (code, name, path, active, created_at)
  VALUES ('bench', 'Bench and Sons', '{}', TRUE, now());
INSERT INTO people_organisation (code, name, parent_id, path, active, created_at)
  SELECT 'bench-' || n, 'Branch ' || n, (SELECT id FROM people_organisation WHERE code = 'bench'), '{}', TRUE, now()
  FROM generate_series(1, 19) n;
UPDATE people_organisation SET path = CASE WHEN parent_id IS NULL THEN ARRAY[id] ELSE ARRAY[parent_id, id] END;
CREATE TEMP TABLE bench_place AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM people_organisation WHERE code LIKE 'bench%%';

INSERT INTO people_person (password, email, name, organisation_id, language, timezone, theme, phone, job_title, vip,
    is_active, single_key_shortcuts, created_at, keys, tour, set_up_card)
  SELECT '', 'person' || g || '@bench.invalid', 'Person ' || g, p.id, '', '', '', '', '', g %% 200 = 0, TRUE, TRUE, now(), '', '', FALSE
  FROM generate_series(1, greatest(%(count)s / 20, 20)) g JOIN bench_place p ON p.n = g %% 20 ORDER BY g;
INSERT INTO people_person (password, email, name, organisation_id, language, timezone, theme, phone, job_title, vip,
    is_active, single_key_shortcuts, created_at, keys, tour, set_up_card)
  SELECT '', 'agent' || n || '@bench.invalid', 'Agent ' || n, (SELECT id FROM bench_place WHERE n = 0), '', '', '', '',
    'Agent', FALSE, TRUE, TRUE, now(), '', '', FALSE
  FROM generate_series(1, 100) n;
CREATE TEMP TABLE bench_person AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, organisation_id
  FROM people_person WHERE email LIKE 'person%%@bench.invalid';
CREATE TEMP TABLE bench_agent AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM people_person WHERE email LIKE 'agent%%@bench.invalid';

INSERT INTO people_team (code, name, organisation_id, active, created_at)
  SELECT 'bench-team-' || n, 'Team ' || n, (SELECT id FROM bench_place WHERE n = 0), TRUE, now()
  FROM generate_series(1, 20) n;
CREATE TEMP TABLE bench_team AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM people_team WHERE code LIKE 'bench-team-%%';
INSERT INTO people_membership (team_id, person_id, lead)
  SELECT t.id, a.id, a.n < 20 FROM bench_agent a JOIN bench_team t ON t.n = a.n %% 20;
INSERT INTO people_rolegrant (person_id, role_id, organisation_id, granted_at)
  SELECT a.id, (SELECT id FROM people_role WHERE code = 'agent'), (SELECT id FROM bench_place WHERE n = 0), now()
  FROM bench_agent a;
INSERT INTO items_item (item_class, code, name, organisation_id, status, criticality, description, attributes, active,
    version, created_at, updated_at)
  SELECT 'service', 'bench-service-' || n, 'Service ' || n, (SELECT id FROM bench_place WHERE n = 0), 'live',
    1 + n %% 4, '', '{}', TRUE, 1, now(), now()
  FROM generate_series(1, 60) n;
CREATE TEMP TABLE bench_service AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM items_item WHERE code LIKE 'bench-service-%%';
CREATE TEMP TABLE bench_category AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS n, id FROM incidents_category WHERE organisation_id IS NULL;

-- Each incident's dice are thrown once. Open are 3 in 100, most of them young, as in a queue that is worked.
CREATE TEMP TABLE bench_fate AS
  SELECT n, now() - interval '730 days' * (1 - n::float8 / %(count)s) AS opened,
    CASE WHEN p < 0.01 THEN 1 WHEN p < 0.05 THEN 2 WHEN p < 0.75 THEN 3 WHEN p < 0.95 THEN 4 ELSE 5 END AS priority,
    CASE WHEN o >= (CASE WHEN n > %(count)s * 0.9 THEN 0.25 ELSE 0.005556 END) THEN 'closed'
      WHEN s < 0.25 THEN 'new' WHEN s < 0.55 THEN 'assigned' WHEN s < 0.9 THEN 'in_progress' ELSE 'on_hold' END AS state,
    who, agent, ends
  FROM (SELECT n, random() AS p, random() AS o, random() AS s, random() AS who, (random() * 99)::int AS agent,
      interval '1 minute' * (30 + random() * random() * 6000) AS ends FROM generate_series(1, %(count)s) n) AS dice;
CREATE INDEX ON bench_fate (n);
ANALYZE bench_fate;

INSERT INTO records_record (kind, number, organisation_id, title, description, state, state_category, priority,
    requester_id, opened_by_id, owner_id, assignee_id, team_id, service_id, channel, opened_at, responded_at,
    resolved_at, closed_at, updated_at, version)
  SELECT 'incident', 'INC-' || lpad(f.n::text, greatest(6, length(f.n::text)), '0'), p.organisation_id, x.title,
    x.description, f.state,
    CASE f.state WHEN 'new' THEN 'new' WHEN 'on_hold' THEN 'waiting' WHEN 'closed' THEN 'closed' ELSE 'active' END,
    f.priority, p.id, p.id, a.id, CASE WHEN f.state <> 'new' THEN a.id END, t.id, s.id,
    (ARRAY['portal', 'email', 'phone', 'api'])[1 + f.n %% 4], f.opened, f.opened + f.ends / 8,
    CASE WHEN f.state = 'closed' THEN f.opened + f.ends END,
    CASE WHEN f.state = 'closed' THEN f.opened + f.ends + interval '3 days' END,
    f.opened + f.ends + interval '3 days', CASE f.state WHEN 'new' THEN 1 WHEN 'closed' THEN 5 ELSE 3 END
  FROM bench_fate f JOIN bench_text x ON x.n = f.n
  JOIN bench_person p ON p.n = floor(f.who * (SELECT count(*) FROM bench_person))
  JOIN bench_agent a ON a.n = f.agent JOIN bench_team t ON t.n = a.n %% 20 JOIN bench_service s ON s.n = f.n %% 60
  ORDER BY f.n;
CREATE TEMP TABLE bench_record AS
  SELECT r.id, f.n, f.state, f.opened, f.ends, r.requester_id, r.assignee_id, r.organisation_id
  FROM records_record r JOIN bench_fate f ON r.number = 'INC-' || lpad(f.n::text, greatest(6, length(f.n::text)), '0');
ANALYZE bench_record;

INSERT INTO incidents_incident (record_id, impact, urgency, priority_source, priority_note, category_id, affected_users,
    hold_reason, resume_at, resolution_code, resolution, cause_code, transfer_count, reopen_count, escalation_level,
    major)
  SELECT r.id, 1 + r.n %% 4, 1 + (r.n / 4) %% 4, 'matrix', '', c.id, 1,
    CASE r.state WHEN 'on_hold' THEN 'supplier' ELSE '' END,
    CASE r.state WHEN 'on_hold' THEN now() + interval '30 days' END,
    CASE r.state WHEN 'closed' THEN 'fixed' ELSE '' END,
    CASE r.state WHEN 'closed' THEN 'Set right and tried with the person who reported it.' ELSE '' END, '', 0, 0, 0,
    FALSE
  FROM bench_record r JOIN bench_category c ON c.n = r.n %% (SELECT count(*) FROM bench_category) ORDER BY r.id;

INSERT INTO search_document (record_id, public_words)
  SELECT r.id, {vector} || to_tsvector('simple', x.number)
  FROM bench_record b JOIN records_record r ON r.id = b.id,
    LATERAL (SELECT r.number, r.title || E'\n' || r.description AS words) x
  ORDER BY r.id;

INSERT INTO records_reply (record_id, author_id, body, channel, created_at)
  SELECT id, assignee_id, 'We are looking into it and will write again today.', 'web', opened + ends / 4
  FROM bench_record WHERE state <> 'new' AND n %% 2 = 0 ORDER BY id;
CREATE TEMP TABLE bench_reply AS SELECT record_id, id FROM records_reply;
INSERT INTO journal_entry (record_id, subject, organisation_id, verb, actor_id, channel, at, public, changes, data,
    request_id, version)
  SELECT r.id, '', r.organisation_id, step.verb, CASE WHEN step.verb = 'open' THEN r.requester_id ELSE r.assignee_id END,
    'web', r.opened + r.ends * step.after, step.public, step.changes,
    CASE WHEN y.id IS NOT NULL THEN jsonb_build_object('reply', y.id) ELSE '{}' END, '', step.version
  FROM bench_record r CROSS JOIN (VALUES
      (1, 'open', 0.0, TRUE, '{}'::jsonb, 1, FALSE, FALSE),
      (2, 'assign', 0.1, FALSE, '{"state": ["new", "assigned"]}', 2, TRUE, FALSE),
      (3, 'comment', 0.25, TRUE, '{}', 3, TRUE, FALSE),
      (4, 'resolve', 1.0, TRUE, '{"state": ["assigned", "resolved"]}', 4, TRUE, TRUE),
      (5, 'close', 1.1, TRUE, '{"state": ["resolved", "closed"]}', 5, TRUE, TRUE)
    ) AS step (place, verb, after, public, changes, version, taken, ended)
  LEFT JOIN bench_reply y ON step.verb = 'comment' AND y.record_id = r.id
  WHERE (NOT step.taken OR r.state <> 'new') AND (NOT step.ended OR r.state = 'closed')
    AND (step.verb <> 'comment' OR y.id IS NOT NULL)
  ORDER BY r.id, step.place;
SELECT setval('records_number_inc', %(count)s);
DROP TABLE bench_text
