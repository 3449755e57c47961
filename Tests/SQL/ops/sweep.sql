BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT pg_temp.token(:ann) AS a, pg_temp.token(:ann) AS b \gset
SELECT core.make_account('never@example.com', 'secret', 'N', NULL, 'dsrt_v1', 'x') AS never \gset
SELECT core.send_confirmation(:never, '/x?t=', NULL) IS NOT NULL AS done \gset
SELECT pg_temp.person('bob@example.com') AS bob \gset
SELECT core.close_account(:bob, NULL, NULL) IS NOT NULL AS done \gset
SELECT is((SELECT count(*) FROM ops.sweep(now()) AS s WHERE s.removed > 0), 0::bigint, 'sweep: nothing is over yet');
SELECT results_eq($$SELECT what, removed FROM ops.sweep(now() + interval '31 days', 1) ORDER BY what$$,
    $$VALUES ('audit', 0::bigint), ('closed_accounts', 1), ('idempotency_records', 0), ('mail', 0), ('mailed_tokens', 1), ('sessions', 1), ('unconfirmed_accounts', 1), ('undelivered_mail', 0)$$,
    'sweep: a batch of each');
SELECT is((SELECT removed FROM ops.sweep(now() + interval '31 days', 1) WHERE what = 'sessions'), 1::bigint, 'sweep: the rest at the next call');
SELECT is((SELECT sum(removed) FROM ops.sweep(now() + interval '31 days')), 0::numeric, 'sweep: until nothing is left');
SELECT is((SELECT sum(removed) > 0 FROM ops.sweep(now() + interval '91 days')), true, 'sweep: the audit trail at last');

SELECT * FROM finish();
ROLLBACK;
