BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- Two of each kind, so that a batch of one leaves one.
SELECT pg_temp.person('ann@example.com') AS ann, pg_temp.person('bob@example.com') AS bob, pg_temp.person('eve@example.com') AS eve \gset
SELECT pg_temp.token(:ann), pg_temp.token(:ann) \gset session_
SELECT count(core.open_usage(s.id, 'other')) AS opened FROM app.session AS s WHERE s.account_id = :ann \gset
SELECT core.send_code(:ann, 'security_code', 'security_code', NULL), core.send_code(:ann, 'activation', 'activation', NULL) \gset code_
SELECT core.issue_mailed_token(:ann, p, 'ann@example.com', '24 hours', p_flow => 'x') AS token FROM unnest(ARRAY['password_reset', 'confirmation']) AS p \g /dev/null
SELECT pg_temp.tried(:ann, 'wrong'), pg_temp.tried(:ann, 'wrong', '192.0.2.2'), pg_temp.tried(NULL, 'wrong') \gset tried_
SELECT core.remember_network(:ann, '192.0.2.1'), core.remember_network(:ann, '192.0.2.2') \gset network_
SELECT count(core.make_account(n || '@example.com', 'secret', n, NULL, 'dsrt_v1', 'x')) AS made FROM unnest(ARRAY['never', 'nobody']) AS n \gset
SELECT core.close_account(:bob, NULL, NULL), core.close_account(:eve, NULL, NULL) \gset closed_
SELECT count(core.give_up_mail(core.post_mail('confirmation', n || '@example.com', NULL, 'S', NULL, NULL), 'no')) AS failed FROM unnest(ARRAY['a', 'b']) AS n \gset
INSERT INTO app.idempotency_record (id, caller, function, fingerprint, created_at)
SELECT sha256(n::bytea), 'address:192.0.2.1', 'x.y', sha256('x'), now() FROM unnest(ARRAY['a', 'b']) AS n;

SELECT is((SELECT sum(s.removed) FROM ops.sweep(now()) AS s), 0::numeric, 'sweep: nothing is over yet');
SELECT results_eq('SELECT what, removed FROM ops.sweep(now() + interval ''2 years'', 1)', $$VALUES
    ('sessions', 1::bigint), ('usage_intervals', 1), ('mailed_tokens', 1), ('mailed_codes', 1), ('password_failures', 1), ('password_pressure', 1),
    ('known_networks', 1), ('pending_accounts', 1), ('closed_accounts', 1), ('undelivered_mail', 1), ('mail', 1), ('audit', 1),
    ('idempotency_records', 1)$$, 'sweep: a batch of each');
SELECT is((SELECT count(*) FROM ops.sweep(now() + interval '2 years', 1) AS s WHERE s.removed = 0), 0::bigint, 'sweep: more at the next call');
SELECT cmp_ok((SELECT sum(s.removed) FROM ops.sweep(now() + interval '2 years') AS s), '>', 0::numeric, 'sweep: the rest at once');
SELECT cmp_ok((SELECT sum(s.removed) FROM ops.sweep(now() + interval '3 years') AS s), '>', 0::numeric, 'sweep: what the last one settled goes later');
SELECT is((SELECT sum(s.removed) FROM ops.sweep(now() + interval '3 years') AS s), 0::numeric, 'sweep: until nothing is left');
SELECT is(core.account_state(:ann), 'active', 'sweep: nobody who is active');

SELECT function_privs_are('ops', 'sweep', ARRAY['timestamptz', 'integer'], r, ARRAY[]::text[], 'sweep: not for ' || r)
FROM unnest(ARRAY['rapport_api', 'rapport_report']) AS r;
SET LOCAL ROLE rapport_owner;
SELECT isnt_empty('SELECT FROM ops.sweep()', 'sweep: by the owner');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
