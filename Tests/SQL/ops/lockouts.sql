BEGIN;
\ir ../support/people.psql
SELECT no_plan();

DELETE FROM app.password_failure;
DELETE FROM app.password_pressure;
UPDATE app.account SET codes_locked_until = NULL, codes_locked_at = NULL;
SELECT pg_temp.person(n || '@example.com') AS person FROM unnest(ARRAY['free', 'codes', 'passwords', 'strangers', 'past', 'closed']) AS n \g /dev/null
SELECT core.make_account('blocked@example.com', NULL, NULL, NULL, 'companion_v1', 'x', p_pending_for => '24 hours') AS blocked \gset
SELECT core.find_account('codes@example.com') AS codes, core.find_account('passwords@example.com') AS passwords, core.find_account('strangers@example.com') AS strangers \gset

-- locked_accounts
SELECT is_empty('SELECT FROM ops.locked_accounts', 'locked_accounts: nobody');
SELECT count(pg_temp.entered(:codes, 'x')) AS done FROM generate_series(1, 10) \gset
SELECT count(pg_temp.entered(:blocked, 'x', now() + n * interval '2 days')) AS done FROM generate_series(-20, -1) AS n \gset
SELECT count(pg_temp.tried(:passwords, 'wrong', a)) AS done FROM unnest(ARRAY['192.0.2.1', '192.0.2.2']) AS a, generate_series(1, 10) \gset
SELECT count(core.count_wrong_password(core.password_subject(:passwords, NULL), :passwords, '192.0.2.3', now())) AS done \gset
INSERT INTO app.password_pressure (subject, recent, last_failed_at, strangers_locked_until)
VALUES (core.password_subject(:strangers, NULL), '{}', now(), now() + interval '15 minutes'), (core.password_subject(core.find_account('past@example.com'), NULL), '{}', now(), now());
INSERT INTO app.password_failure (subject, network, failures, last_failed_at, locked_until)
VALUES (core.password_subject(core.find_account('past@example.com'), NULL), '192.0.2.1', 10, now(), now());
UPDATE app.account SET codes_locked_at = now(), codes_locked_until = now() WHERE email = 'past@example.com';
UPDATE app.account SET codes_locked_at = now(), codes_locked_until = now() + interval '1 hour' WHERE email = 'closed@example.com';
SELECT core.close_account(core.find_account('closed@example.com'), NULL, NULL) AS closed \gset
SELECT results_eq('SELECT l.id, l.email, l.state, l.wrong_codes, l.codes_locked_until - now(), l.blocked_at - now(), l.locked_networks, l.passwords_locked_until - now(), l.strangers_locked_until - now() FROM ops.locked_accounts AS l ORDER BY l.email',
    format($$VALUES (%s::bigint, 'blocked@example.com', 'blocked', 20, NULL::interval, '-2 days'::interval, 0::bigint, NULL::interval, NULL::interval),
        (%s, 'codes@example.com', 'active', 10, '1 hour', NULL, 0, NULL, NULL),
        (%s, 'passwords@example.com', 'active', 0, NULL, NULL, 2, '15 minutes', NULL),
        (%s, 'strangers@example.com', 'active', 0, NULL, NULL, 0, NULL, '15 minutes')$$, :blocked, :codes, :passwords, :strangers), 'locked_accounts: why, and until when');

-- unblock_account
SELECT is(ops.unblock_account(a.id), 'unblocked', 'unblock_account: ' || a.email) FROM ops.locked_accounts AS a ORDER BY a.email;
SELECT is_empty('SELECT FROM ops.locked_accounts', 'unblock_account: nobody is locked out any more');
SELECT is(core.account_state(:blocked), 'pending', 'unblock_account: one that was never active waits for a code');
SELECT is(pg_temp.tried(:passwords, 'secret'), 'right', 'unblock_account: passwords are looked at');
SELECT is(ops.unblock_account(:codes), 'unblocked', 'unblock_account: one that was not locked');
SELECT throws_ok('SELECT ops.unblock_account(-1)', 'RP422', 'there is no open account -1', 'unblock_account: nobody');
SELECT throws_ok(format('SELECT ops.unblock_account(%s)', a.id), 'RP422', NULL, 'unblock_account: a closed one') FROM app.account AS a WHERE a.email = 'closed@example.com';
SELECT is((SELECT count(*) FROM app.audit AS u WHERE u.event = 'account.unblocked' AND u.account_id = :blocked), 1::bigint, 'unblock_account: is in the audit trail');

-- Roles
SELECT table_privs_are('ops', 'locked_accounts', r, ARRAY[]::text[], 'locked_accounts: not for ' || r) FROM unnest(ARRAY['rapport_api', 'rapport_report']) AS r;
SELECT function_privs_are('ops', 'unblock_account', ARRAY['bigint'], r, ARRAY[]::text[], 'unblock_account: not for ' || r) FROM unnest(ARRAY['rapport_api', 'rapport_report']) AS r;
SET LOCAL ROLE rapport_owner;
SELECT is(ops.unblock_account(:codes), 'unblocked', 'unblock_account: by the owner');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
