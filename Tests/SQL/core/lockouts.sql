BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- lockout_step, failures_left
SELECT is((SELECT array_agg(n ORDER BY n) FROM generate_series(1, 40) AS n WHERE (core.lockout_step('password_pair', n)).lock_for IS NOT NULL),
    ARRAY[10, 15, 20, 25, 30, 35, 40], 'lockout_step: the 10th, the 15th, every fifth after it');
SELECT is((SELECT array_agg((core.lockout_step('password_pair', n)).lock_for::text ORDER BY n) FROM unnest(ARRAY[10, 15, 20, 25]) AS n),
    ARRAY['00:15:00', '01:00:00', '24:00:00', '24:00:00'], 'lockout_step: how long');
SELECT is((SELECT array_agg(n ORDER BY n) FROM generate_series(1, 40) AS n WHERE (core.lockout_step('code_never_active', n)).blocks), ARRAY[20], 'lockout_step: the block');
SELECT is((SELECT array_agg(core.failures_left('code_once_active', n) ORDER BY n) FROM unnest(ARRAY[0, 9, 10, 14, 15, 19, 20, 24]) AS n),
    ARRAY[10, 1, 5, 1, 5, 1, 5, 1], 'failures_left: to the next step');
SELECT is(core.failures_left('code_never_active', 20), NULL, 'failures_left: beyond the last one');

-- network_of, password_subject
SELECT is(core.network_of('192.0.2.7'), '192.0.2.7', 'network_of: IPv4');
SELECT is(core.network_of('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64', 'network_of: IPv6 by its line');
SELECT is(core.network_of('nonsense'), 'nonsense', 'network_of: what is none');
SELECT is(core.network_of(NULL), '', 'network_of: nothing');
SELECT core.make_account('zed@example.com', NULL, NULL, NULL, 'gather_v1', 'x', p_username => 'zed.lee') AS zed \gset
SELECT is(core.password_subject(NULL, n), 'account:' || :zed, 'password_subject: a known name in a field for others: ' || n) FROM unnest(ARRAY['zed@example.com', ' ZED@example.com', md5('zed@example.com'), 'Zed.Lee']) AS n;
SELECT is(core.password_subject(7, 'ann@example.com'), 'account:7', 'password_subject: an account');
SELECT ok(core.password_subject(NULL, 'Secret') ~ '^unknown:[0-9a-f]{8}$', 'password_subject: a short digest');
SELECT is(core.password_subject(NULL, ' Nobody@example.com '), core.password_subject(NULL, upper(md5('nobody@example.com'))), 'password_subject: an address and its MD5 are one, as of an account');
SELECT is(core.password_subject(NULL, 'NOBODY@example.com'), core.password_subject(NULL, 'nobody@EXAMPLE.com'), 'password_subject: in any case of letters');

SELECT throws_ok($$INSERT INTO app.lockout_step (ladder, failures, lock_for, counted_within) VALUES ('password_account', 200, '1 day', '1 day')$$, '23505', NULL, 'app.lockout_step: one step for accounts over all addresses');

-- Per pair of account and network: exactly as the ladder says
SELECT pg_temp.person('ann@example.com') AS ann \gset
CREATE FUNCTION pg_temp.tried_often(p_account_id bigint, p_times integer, p_at timestamptz, p_address text DEFAULT '192.0.2.1') RETURNS text[]
LANGUAGE plpgsql
AS $function$
DECLARE
    v_answers text[];
BEGIN
    FOR i IN 1..p_times LOOP
        v_answers := v_answers || pg_temp.tried(p_account_id, 'wrong', p_address, p_at);
    END LOOP;
    RETURN v_answers;
END
$function$;
\set start '2030-01-01 12:00:00+00'
SELECT is(pg_temp.tried_often(:ann, 10, :'start'), array_fill('wrong'::text, ARRAY[9]) || 'locked'::text, 'count_wrong_password: the 10th locks the pair');
SELECT is((SELECT t.locked_until FROM core.try_password(:ann, NULL, 'secret', '192.0.2.1', NULL, 'test', :'start') AS t), :'start'::timestamptz + interval '15 minutes', 'try_password: until when');
SELECT is(pg_temp.tried(:ann, 'secret', '192.0.2.1', :'start'::timestamptz + interval '14 minutes 59 seconds'), 'locked', 'try_password: the right one is not looked at');
SELECT is((SELECT failures FROM app.password_failure WHERE subject = 'account:' || :ann), 10, 'try_password: nothing is counted meanwhile');
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'password.refused' AND account_id = :ann), 2::bigint, 'try_password: yet written down');
SELECT is(pg_temp.tried(:ann, 'secret', '192.0.2.2', :'start'), 'right', 'try_password: from elsewhere it is');
SELECT is((pg_temp.tried_often(:ann, 5, :'start'::timestamptz + interval '15 minutes'))[4:], ARRAY['wrong', 'locked'], 'count_wrong_password: the 15th locks');
SELECT is((SELECT locked_until FROM app.password_failure WHERE subject = 'account:' || :ann), :'start'::timestamptz + interval '75 minutes', 'count_wrong_password: for an hour');
SELECT is((pg_temp.tried_often(:ann, 5, :'start'::timestamptz + interval '75 minutes'))[4:], ARRAY['wrong', 'locked'], 'count_wrong_password: the 20th locks');
SELECT is((SELECT locked_until FROM app.password_failure WHERE subject = 'account:' || :ann), :'start'::timestamptz + interval '75 minutes 24 hours', 'count_wrong_password: for 24 hours');
SELECT is(core.account_state(:ann), 'active', 'count_wrong_password: never a block');
SELECT is(pg_temp.tried(:ann, 'secret', '192.0.2.1', :'start'::timestamptz + interval '75 minutes 24 hours'), 'right', 'try_password: after that the right one');
SELECT is((pg_temp.tried_often(:ann, 10, :'start'::timestamptz + interval '3 days'))[9:], ARRAY['wrong', 'locked'], 'try_password: a right one begins the count anew');
SELECT core.forget_wrong_passwords(:ann) IS NOT NULL AS done \gset
SELECT is(pg_temp.tried(:ann, 'secret', '192.0.2.1', :'start'::timestamptz + interval '3 days'), 'right', 'forget_wrong_passwords: lifts the lock');

-- Unknown names run through the same counters
SELECT is(pg_temp.tried_often(NULL, 11, :'start'), array_fill('wrong'::text, ARRAY[9]) || ARRAY['locked', 'locked'], 'count_wrong_password: nobody is locked alike');

-- Per account over all addresses: strangers are refused, those who logged in before are not
SELECT pg_temp.person('bob@example.com') AS bob \gset
SELECT is((SELECT l.verdict FROM core.log_in(:bob, NULL, 'secret', 'dsrt_v1', '198.51.100.1', NULL, NULL, :'start') AS l), 'open', 'log_in: from home');
SELECT is(pg_temp.tried(:bob, 'wrong', '203.0.113.' || n, :'start'::timestamptz + n * interval '30 seconds'), 'wrong', 'count_wrong_password: over all addresses, ' || n)
FROM generate_series(1, 99) AS n;
SELECT is(pg_temp.tried(:bob, 'secret', '192.0.2.9', :'start'::timestamptz + interval '50 minutes'), 'right', 'try_password: 99 within an hour lock nobody');
SELECT is(pg_temp.tried(:bob, 'wrong', '203.0.113.100', :'start'::timestamptz + interval '50 minutes'), 'locked', 'count_wrong_password: the 100th does');
SELECT is(pg_temp.tried(:bob, 'secret', '192.0.2.9', :'start'::timestamptz + interval '50 minutes'), 'locked', 'try_password: strangers are refused');
SELECT is(pg_temp.tried(:bob, 'secret', '198.51.100.1', :'start'::timestamptz + interval '50 minutes'), 'right', 'try_password: at home it is right');
SELECT is(pg_temp.tried(:bob, 'secret', '192.0.2.9', :'start'::timestamptz + interval '65 minutes'), 'right', 'try_password: strangers again after 15 minutes');
SELECT is((SELECT cardinality(recent) FROM app.password_pressure WHERE subject = 'account:' || :bob), 100, 'count_wrong_password: keeps no more than it needs');
SELECT is(pg_temp.tried(:bob, 'wrong', '203.0.113.101', :'start'::timestamptz + interval '65 minutes'), 'wrong', 'count_wrong_password: 100 since the first, yet not within an hour');
SELECT core.open_session(:bob, 'gather_v1', '203.0.113.200', NULL, NULL) IS NOT NULL AS opened \gset
SELECT isnt_empty(format('SELECT FROM app.known_network WHERE account_id = %s AND network = %L', :bob, '203.0.113.200'), 'open_session: whichever way it was opened, the network is known');
SELECT core.make_account('cat@example.com', 'secret', 'C', NULL, 'dsrt_v1', 'x') AS cat \gset
SELECT is((SELECT l.verdict FROM core.log_in(:cat, NULL, 'secret', 'dsrt_v1', '192.0.2.1', NULL, NULL) AS l), 'pending', 'log_in: refused');
SELECT is_empty(format('SELECT FROM app.known_network WHERE account_id = %s', :cat), 'log_in: a refused one makes no network known');
UPDATE app.lockout_step SET failures = 3 WHERE ladder = 'password_account';
SELECT is((SELECT array_agg(pg_temp.tried(:cat, 'wrong', '203.0.113.' || n) ORDER BY n) FROM generate_series(1, 3) AS n), ARRAY['wrong', 'wrong', 'locked'], 'app.lockout_step: changed rows count at once');

SELECT * FROM finish();
ROLLBACK;
