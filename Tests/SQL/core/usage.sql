BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT session_id AS s FROM core.open_session(:ann, 'companion_v1', NULL, NULL, NULL) \gset
SELECT session_id AS t FROM core.open_session(:ann, 'companion_v1', NULL, NULL, NULL) \gset
CREATE FUNCTION pg_temp.minutes(p_minutes numeric) RETURNS timestamptz
LANGUAGE sql STABLE
AS $function$ SELECT now() + p_minutes * interval '1 minute' $function$;
-- Of a session, oldest first: when each interval was opened, last heard of and closed, in minutes.
CREATE FUNCTION pg_temp.intervals(p_session_id bigint) RETURNS text[]
LANGUAGE sql
AS $function$
    SELECT array_agg(concat_ws(
            ' ', round(extract(epoch FROM u.opened_at - now()) / 60), round(extract(epoch FROM u.last_ping_at - now()) / 60),
            coalesce(round(extract(epoch FROM u.closed_at - now()) / 60)::text, 'open')) ORDER BY u.opened_at)
    FROM app.usage_interval AS u
    WHERE u.session_id = p_session_id
$function$;

-- mark_active
UPDATE app.account SET last_active_at = now() WHERE id = :ann;
SELECT core.mark_active(:ann, 'other', pg_temp.minutes(1) - interval '1 second') IS NULL AS done \gset
SELECT is((SELECT last_active_at FROM app.account WHERE id = :ann), now(), 'mark_active: to the minute');
SELECT core.mark_active(:ann, 'other', pg_temp.minutes(1)) IS NULL AS done \gset
SELECT is((SELECT last_active_at FROM app.account WHERE id = :ann), pg_temp.minutes(1), 'mark_active: a minute later');
SELECT core.mark_active(:ann, 'iphone', now()) IS NULL AS done \gset
SELECT results_eq(format('SELECT last_active_at, used_iphone, used_android FROM app.account WHERE id = %s', :ann), 'VALUES (pg_temp.minutes(1), true, false)', 'mark_active: a phone at once, the time never backwards');
SELECT core.mark_active(:ann, 'android', pg_temp.minutes(1)) IS NULL AS done \gset
SELECT results_eq(format('SELECT used_iphone, used_android FROM app.account WHERE id = %s', :ann), 'VALUES (true, true)', 'mark_active: both phones');
SELECT core.mark_active(:ann, 'other', pg_temp.minutes(10)) IS NULL AS done \gset
SELECT results_eq(format('SELECT used_iphone, used_android FROM app.account WHERE id = %s', :ann), 'VALUES (true, true)', 'mark_active: who ever used one');
UPDATE app.account SET last_active_at = NULL WHERE id = :ann;
SELECT core.mark_active(:ann, 'other') IS NULL AS done \gset
SELECT is((SELECT last_active_at FROM app.account WHERE id = :ann), now(), 'mark_active: the first time');
SELECT pg_temp.person('closed@example.com') AS closed \gset
SELECT core.close_account(:closed, NULL, NULL) AS done \gset
SELECT core.mark_active(:closed, 'iphone') IS NULL AS done \gset
SELECT is((SELECT used_iphone FROM app.account WHERE id = :closed), false, 'mark_active: not of a closed account');
CREATE TEMPORARY TABLE version AS SELECT ctid AS place FROM app.account WHERE id = :ann;
SELECT core.mark_active(:ann, 'iphone') IS NULL AS done \gset
SELECT results_eq(format('SELECT ctid FROM app.account WHERE id = %s', :ann), 'SELECT place FROM version', 'mark_active: writes nothing where nothing is new');

-- open_usage
SELECT ok(core.open_usage(:s, 'iphone', now()), 'open_usage: opens');
SELECT is(pg_temp.intervals(:s), ARRAY['0 0 open'], 'open_usage: an interval');
SELECT ok(core.open_usage(:t, 'android', now()), 'open_usage: another session');
SELECT is(pg_temp.intervals(:t), ARRAY['0 0 open'], 'open_usage: has its own');
SELECT core.ping_usage(:s, pg_temp.minutes(2)) IS NULL AS done \gset
SELECT ok(core.open_usage(:s, 'iphone', pg_temp.minutes(5)), 'open_usage: again');
SELECT is(pg_temp.intervals(:s), ARRAY['0 2 2', '5 5 open'], 'open_usage: one still open ends at its last ping');
SELECT ok(NOT core.open_usage(0, 'iphone', now()), 'open_usage: not in a session that has ended');
SELECT throws_ok(format($$INSERT INTO app.usage_interval (account_id, session_id, platform, opened_at, last_ping_at) VALUES (%s, %s, 'other', now(), now())$$, :ann, :s),
    '23505', NULL, 'usage_interval: one open at a time for a session');
SELECT throws_ok(format('INSERT INTO app.usage_interval (account_id, platform, opened_at, last_ping_at, closed_at) VALUES (%s, %L, now(), now() %s, now() %s)', :ann, t.platform, t.ping, t.closed),
    '23514', NULL, 'usage_interval: refused: ' || t.label)
FROM (VALUES ('other', '- interval ''1 s''', '', 'a ping before it was opened'), ('other', '', '- interval ''1 s''', 'closed before it was opened'), ('ipad', '', '', 'an unknown platform')) AS t (platform, ping, closed, label);

-- ping_usage
SELECT core.ping_usage(:s, pg_temp.minutes(10)), core.ping_usage(:s, pg_temp.minutes(8)) \g /dev/null
SELECT is(pg_temp.intervals(:s), ARRAY['0 2 2', '5 10 open'], 'ping_usage: forward only, the open one only');
SELECT is(pg_temp.intervals(:t), ARRAY['0 0 open'], 'ping_usage: of its own session');
SELECT core.ping_usage(:s, pg_temp.minutes(1450)) \g /dev/null
SELECT is(pg_temp.intervals(:s), ARRAY['0 2 2', '5 10 open'], 'ping_usage: after a day it is over');
SELECT core.ping_usage(:s, pg_temp.minutes(1449)) \g /dev/null
SELECT is(pg_temp.intervals(:s), ARRAY['0 2 2', '5 1449 open'], 'ping_usage: not before');

-- close_usage
SELECT core.close_usage(:s, pg_temp.minutes(1600)) \g /dev/null
SELECT is(pg_temp.intervals(:s), ARRAY['0 2 2', '5 1449 1600'], 'close_usage: ends it now');
SELECT core.close_usage(:s, pg_temp.minutes(1602)), core.ping_usage(:s, pg_temp.minutes(1602)) \g /dev/null
SELECT is(pg_temp.intervals(:s), ARRAY['0 2 2', '5 1449 1600'], 'close_usage: none open, nothing happens');
SELECT core.close_usage(:t, pg_temp.minutes(1440)) \g /dev/null
SELECT is(pg_temp.intervals(:t), ARRAY['0 0 open'], 'close_usage: after a day it is over, and left to the sweep');
SELECT core.ping_usage(:t, pg_temp.minutes(7)), core.close_usage(:t, pg_temp.minutes(6)) \g /dev/null
SELECT is(pg_temp.intervals(:t), ARRAY['0 7 7'], 'close_usage: not before the last ping');

-- sweep_usage
DELETE FROM app.usage_interval;
SELECT session_id AS u FROM core.open_session(:ann, 'companion_v1', NULL, NULL, NULL) \gset
SELECT core.open_usage(:s, 'other', now()), core.open_usage(:t, 'other', now()), core.open_usage(:u, 'other', now()) \g /dev/null
SELECT core.ping_usage(:t, pg_temp.minutes(30)), core.ping_usage(:u, pg_temp.minutes(2)) \g /dev/null
SELECT is(core.sweep_usage(pg_temp.minutes(1440) - interval '1 second', 10), 0::bigint, 'sweep_usage: not within the day');
SELECT core.end_session(:u) \g /dev/null
SELECT is(core.sweep_usage(pg_temp.minutes(3), 10), 1::bigint, 'sweep_usage: at once when the session has ended');
SELECT results_eq('SELECT session_id, closed_at FROM app.usage_interval WHERE closed_at IS NOT NULL', 'VALUES (NULL::bigint, pg_temp.minutes(2))', 'sweep_usage: at the last ping');
SELECT is(core.sweep_usage(pg_temp.minutes(1440), 10), 1::bigint, 'sweep_usage: what was not heard of for a day');
SELECT is(pg_temp.intervals(:s), ARRAY['0 0 0'], 'sweep_usage: ends at its last ping');
SELECT is(pg_temp.intervals(:t), ARRAY['0 30 open'], 'sweep_usage: leaves what was');
SELECT core.open_usage(:s, 'other', pg_temp.minutes(1)) \g /dev/null
SELECT is(array_agg(core.sweep_usage(pg_temp.minutes(1500), 1)), ARRAY[1, 1, 0]::bigint[], 'sweep_usage: no more than the batch, once each') FROM generate_series(1, 3);

-- Sessions and accounts that go
SELECT core.end_sessions(:ann) \g /dev/null
SELECT is((SELECT count(*) FROM app.usage_interval WHERE account_id = :ann AND session_id IS NULL), 4::bigint, 'usage_interval: outlives its session');
DELETE FROM app.account WHERE id = :ann;
SELECT is_empty('SELECT FROM app.usage_interval', 'usage_interval: goes with its account');

SELECT * FROM finish();
ROLLBACK;
