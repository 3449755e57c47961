BEGIN;
SELECT no_plan();

SELECT hasnt_column('ops', 'mail', 'secret', 'mail: no codes or links');
SELECT hasnt_column('ops', 'mail', 'parameters', 'mail: nor what surrounds them');
SELECT core.post_mail('confirmation', 'a@example.com', NULL, 'SECRET', '{"path": "/x?t="}', 'r-1') AS mail \gset
SELECT results_eq(format('SELECT kind, state, recipient, next_attempt_at, request_id FROM ops.mail WHERE id = %s', :mail),
    $$VALUES ('confirmation', 'pending', 'a@example.com', now(), 'r-1')$$, 'mail: what is under way');
SELECT is((SELECT count(*) FROM ops.mail AS m WHERE m::text LIKE '%SECRET%'), 0::bigint, 'mail: without the secret');
SELECT table_privs_are('ops', 'mail', 'rapport_api', ARRAY[]::text[], 'mail: not for rapport_api');
SELECT table_privs_are('ops', 'mail', 'rapport_report', ARRAY[]::text[], 'mail: nor for rapport_report');

SELECT * FROM finish();
ROLLBACK;
