BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- Counted from zero, whatever the database holds.
DELETE FROM app.audit;
DELETE FROM app.account;
SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT pg_temp.person('bob@example.com') AS bob \gset
SELECT core.make_account('new@example.com', 'secret', 'N', NULL, 'dsrt_v1', 'x') AS new \gset
SELECT pg_temp.code('dsrt_v1.login', '{"user": {"email": "ann@example.com", "password": "secret"}}') IS NULL AS ok,
    pg_temp.code('dsrt_v1.login', '{"user": {"email": "ann@example.com", "password": "wrong"}}') IS NULL AS wrong \gset
SELECT core.close_account(:bob, NULL, NULL) IS NOT NULL AS done \gset

SET LOCAL ROLE rapport_report;
SELECT results_eq('SELECT contract, created, activated, closed FROM report_v1.accounts_by_day', $$VALUES ('dsrt_v1', 3::bigint, 2::bigint, 1::bigint)$$, 'accounts_by_day: made, activated, closed');
SELECT results_eq('SELECT state, accounts, with_proved_address FROM report_v1.accounts_by_state ORDER BY state',
    $$VALUES ('active', 1::bigint, 1::bigint), ('closed', 1, 1), ('pending', 1, 0)$$, 'accounts_by_state: as they are');
SELECT results_eq('SELECT contract, sessions, accounts, seen_5_minutes FROM report_v1.sessions_active', $$VALUES ('dsrt_v1', 1::bigint, 1::bigint, 1::bigint)$$, 'sessions_active: what counts now');
SELECT results_eq('SELECT succeeded, wrong_passwords, accounts FROM report_v1.log_ins_by_day', $$VALUES (1::bigint, 1::bigint, 1::bigint)$$, 'log_ins_by_day: right and wrong');
SELECT throws_ok('SELECT FROM app.account', '42501', NULL, 'rapport_report: reads no table');
SET LOCAL ROLE rapport_api;
SELECT throws_ok('SELECT FROM report_v1.accounts_by_day', '42501', NULL, 'rapport_api: reads no report');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
