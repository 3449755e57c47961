BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- Counted from zero, whatever the database holds.
DELETE FROM app.audit;
SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT core.make_account('new@example.com', NULL, NULL, NULL, 'companion_v1', 'x', p_pending_for => '24 hours') AS new \gset

-- Twelve wrong passwords, the last two unseen; twenty wrong codes, two days apart where they lock.
SELECT count(pg_temp.tried(:ann, 'wrong', p_at => '2026-03-01 23:59:00Z')) AS tried FROM generate_series(1, 12) \gset
SELECT count(pg_temp.entered(:new, 'x', '2026-03-02 00:00:00Z')) AS entered FROM generate_series(1, 10) \gset
SELECT count(pg_temp.entered(:new, 'x', '2026-03-04 00:00:00Z')) AS entered FROM generate_series(1, 5) \gset
SELECT count(pg_temp.entered(:new, 'x', '2026-03-06 00:00:00Z')) AS entered FROM generate_series(1, 6) \gset
SELECT core.note('session.opened', :ann, p_at => '2026-03-07 00:00:00Z') IS NOT NULL AS other \gset

SET LOCAL TimeZone = 'America/Los_Angeles';
SET LOCAL ROLE rapport_report;
SELECT results_eq('SELECT day, wrong_codes, locks, blocks, wrong_passwords, refused FROM report_v1.lockouts_by_day ORDER BY day',
    $$VALUES ('2026-03-01'::date, 0::bigint, 0::bigint, 0::bigint, 10::bigint, 2::bigint), ('2026-03-02', 10, 1, 0, 0, 0), ('2026-03-04', 5, 1, 0, 0, 0), ('2026-03-06', 5, 0, 1, 0, 0)$$,
    'lockouts_by_day: what was wrong, and what came of it');
SET LOCAL ROLE rapport_api;
SELECT throws_ok('SELECT FROM report_v1.lockouts_by_day', '42501', NULL, 'lockouts_by_day: not for rapport_api');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
