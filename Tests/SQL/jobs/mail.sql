BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT core.post_mail('confirmation', 'a@example.com', NULL, 'SECRET', '{"path": "/x?t="}', NULL) AS mail \gset
SELECT core.post_mail('confirmation', 'b@example.com', NULL, 'SECRET', '{"path": "/x?t="}', NULL) AS other \gset

SET LOCAL ROLE rapport_api;
SELECT throws_ok('SELECT * FROM jobs.claim_mail(81, 10)', 'RP409', NULL, 'claim_mail: not without registering');
SELECT ok(jobs.register_worker(81), 'register_worker: as rapport_api');
SELECT is((SELECT count(*) FROM jobs.claim_mail(81, 10) AS c WHERE c.message LIKE E'From: %\r\nTo: ' || c.recipient || E'\r\n%SECRET%'), 2::bigint, 'claim_mail: the complete message');
SELECT ok(jobs.complete_mail(:mail, 81), 'complete_mail: as rapport_api');
SELECT ok(NOT jobs.complete_mail(:mail, 81), 'complete_mail: once');
SELECT ok(jobs.fail_mail(:other, 81, 'no route'), 'fail_mail: as rapport_api');
SELECT ok(NOT jobs.fail_mail(:other, 81, 'no route'), 'fail_mail: once a claim');
SELECT isnt_empty('SELECT * FROM jobs.sweep()', 'sweep: as rapport_api');

-- What it may not
SELECT throws_ok('SELECT FROM app.mail', '42501', NULL, 'rapport_api: reads no table');
SELECT throws_ok('SELECT core.render_mail(1)', '42501', NULL, 'rapport_api: calls no rule');
SELECT throws_ok('SELECT FROM ops.mail', '42501', NULL, 'rapport_api: reads no view of ours');
SELECT throws_ok('SELECT ops.sweep()', '42501', NULL, 'rapport_api: does no operator''s work');
SET LOCAL ROLE rapport_report;
SELECT throws_ok('SELECT jobs.sweep()', '42501', NULL, 'rapport_report: does no job');
RESET ROLE;

SELECT results_eq(format('SELECT state, secret FROM app.mail WHERE id = %s', :mail), $$VALUES ('sent', NULL)$$, 'complete_mail: wiped');
SELECT results_eq(format('SELECT state, last_error, next_attempt_at FROM app.mail WHERE id = %s', :other),
    $$VALUES ('pending', 'no route', now() + interval '1 minute')$$, 'fail_mail: later');

SELECT pg_advisory_unlock_all();
SELECT * FROM finish();
ROLLBACK;
