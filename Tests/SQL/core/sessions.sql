BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT session_id AS session, token
FROM core.open_session(:ann, 'dsrt_v1', '192.0.2.1', repeat('u', 1000), 'r-1') \gset

SELECT matches(:'token'::text, '^[A-Za-z0-9_-]{43}$', 'open_session: 256 bits in base64url');
SELECT results_eq(format('SELECT session_id, account_id, is_group_creator FROM core.caller(%L)', :'token'),
    format('VALUES (%s::bigint, %s::bigint, false)', :session, :ann), 'caller: whose token it is');
SELECT results_eq(format('SELECT token_hash, contract, address, char_length(user_agent), expires_at FROM app.session WHERE id = %s', :session),
    format('VALUES (sha256(%L::bytea), %L, %L, 400, now() + interval %L)', :'token', 'dsrt_v1', '192.0.2.1', '1 year'),
    'open_session: keeps a digest, whence it was opened, and its end');
SELECT is((SELECT count(*) FROM app.session AS s WHERE s::text LIKE '%' || :'token' || '%'), 0::bigint,
    'open_session: keeps the token nowhere');
SELECT is((SELECT count(*) FROM app.audit AS u WHERE u::text LIKE '%' || :'token' || '%'), 0::bigint,
    'open_session: nor in the audit trail');
SELECT is((SELECT last_active_at FROM app.account WHERE id = :ann), now(), 'open_session: was active');
SELECT is_empty($$SELECT FROM core.caller('x')$$, 'caller: nobody''s token');
SELECT is_empty($$SELECT FROM core.caller('')$$, 'caller: an empty token');
SELECT is_empty($$SELECT FROM core.caller(NULL)$$, 'caller: no token');

-- Time
UPDATE app.session SET last_seen_at = now() - interval '30 days' + interval '1 second' WHERE id = :session;
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'token'), 'caller: idle for almost 30 days');
UPDATE app.session SET last_seen_at = now() - interval '30 days' WHERE id = :session;
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'token'), 'caller: idle for 30 days');
UPDATE app.session SET last_seen_at = now(), expires_at = now() WHERE id = :session;
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'token'), 'caller: at its end');
UPDATE app.session SET expires_at = now() + interval '1 second' WHERE id = :session;
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'token'), 'caller: just before its end');

-- State
UPDATE app.account SET state = 'disabled', disabled_at = now() WHERE id = :ann;
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'token'), 'caller: only the active are somebody');
UPDATE app.account SET state = 'active' WHERE id = :ann;

-- Seen
SELECT core.touch_sessions(ARRAY[:session], now() + interval '59 seconds') IS NOT NULL AS done \gset
SELECT is((SELECT last_seen_at FROM app.session WHERE id = :session), now(), 'touch_sessions: not within a minute');
SELECT core.touch_sessions(ARRAY[:session, :session, -1, NULL], now() + interval '61 seconds') IS NOT NULL AS done \gset
SELECT is((SELECT last_seen_at FROM app.session WHERE id = :session), now() + interval '61 seconds',
    'touch_sessions: after a minute');
SELECT is((SELECT last_active_at FROM app.account WHERE id = :ann), now() + interval '61 seconds',
    'touch_sessions: the account was active then');
SELECT core.touch_sessions(ARRAY[:session], now()) IS NOT NULL AS done \gset
SELECT is((SELECT last_seen_at FROM app.session WHERE id = :session), now() + interval '61 seconds',
    'touch_sessions: never goes back');
SELECT lives_ok($$SELECT core.touch_sessions(NULL)$$, 'touch_sessions: of none');

-- End
SELECT pg_temp.token(:ann) AS second, pg_temp.token(:ann) AS third \gset
SELECT core.end_session_by_token(:'second') IS NOT NULL AS done \gset
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'second'), 'end_session_by_token: ends that one');
SELECT is((SELECT count(*) FROM app.session WHERE account_id = :ann), 2::bigint, 'end_session_by_token: and no other');
SELECT core.end_session(:session) IS NOT NULL AS done \gset
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'token'), 'end_session: ends that one');
SELECT core.end_sessions(:ann) IS NOT NULL AS done \gset
SELECT is_empty(format('SELECT FROM app.session WHERE account_id = %s', :ann), 'end_sessions: ends all');

SELECT * FROM finish();
ROLLBACK;
