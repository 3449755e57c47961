BEGIN;
\ir ../support/people.psql
\ir ../support/companion.psql
SELECT no_plan();

SELECT pg_temp.companion('jane.doe@example.com') AS jane, pg_temp.companion('ann@example.com') AS ann \gset
SELECT pg_temp.token(:jane) AS token \gset
SELECT session_id AS session FROM core.caller(:'token') \gset
\set iphone 'Companion/1 CFNetwork/1490 Darwin/23'

-- ping
SELECT is(pg_temp.said('ping', t.body, t.token, t.user_agent), format(
    '{"success" : true, "authorised" : %s, "platform" : "%s", "page" : "%s"}', t.authorised::text, t.platform, t.page), 'ping: ' || t.label)
FROM (VALUES
    ('on an iPhone', format('{"user_id": %s}', :jane), :'token', :'iphone', true, 'iphone', 'MAIN'),
    ('on Android', format('{"user_id": "%s"}', :jane), :'token', 'okhttp/4.9', true, 'android', 'MAIN'),
    ('in a browser', format('{"user_id": %s}', :jane), :'token', 'Mozilla/5.0 (X11; Linux x86_64)', true, 'other', 'LOGIN'),
    ('on an iPad', format('{"user_id": %s}', :jane), :'token', 'Mozilla/5.0 (iPad; CPU OS 17_0)', true, 'other', 'LOGIN'),
    ('without a User-Agent', format('{"user_id": %s}', :jane), :'token', NULL, true, 'other', 'LOGIN'),
    ('without user_id', '{}', :'token', :'iphone', true, 'iphone', 'MAIN'),
    ('without a body', NULL, :'token', :'iphone', true, 'iphone', 'MAIN'),
    ('with user_id null', '{"user_id": null}', :'token', :'iphone', true, 'iphone', 'MAIN'),
    ('as somebody else', format('{"user_id": %s}', :ann), :'token', :'iphone', false, 'iphone', 'LOGIN'),
    ('as nobody', '{"user_id": 0}', :'token', :'iphone', false, 'iphone', 'LOGIN'),
    ('with a wrong token', format('{"user_id": %s}', :jane), 'nonsense', :'iphone', false, 'iphone', 'LOGIN'),
    ('without a token', format('{"user_id": %s}', :jane), NULL, 'okhttp/4.9', false, 'android', 'LOGIN')
) AS t (label, body, token, user_agent, authorised, platform, page);
SELECT is(a.session_id, t.session, 'ping: the session that is seen, ' || t.body)
FROM (VALUES (:'token', '{}', :session::bigint), (:'token', '{"user_id": 0}', NULL), ('nonsense', '{"user_id": null}', NULL)) AS t (token, body, session)
CROSS JOIN LATERAL pg_temp.ask('ping', t.body, t.token) AS a;
SELECT is(pg_temp.faults('ping', format('{"user_id": %s}', v), t), ARRAY['user_id is invalid'], 'ping: user_id ' || v)
FROM unnest(ARRAY['"x"', '-1', '1.5', 'true', '{}']) AS v, unnest(ARRAY[:'token', NULL]) AS t;
SELECT throws_ok(format('SELECT pg_temp.ask(%L, %L)', 'ping', '[]'), 'RP400', NULL, 'ping: malformed');

-- What a ping writes
UPDATE app.account SET last_active_at = now() - interval '2 minutes', used_iphone = false, used_android = false;
SELECT pg_temp.said('ping', t.body, t.token, :'iphone') AS done FROM (VALUES (NULL, 'nonsense'), (NULL, NULL), (format('{"user_id": %s}', :ann), :'token')) AS t (body, token) \g /dev/null
SELECT is_empty('SELECT FROM app.account WHERE used_iphone OR last_active_at > now() - interval ''1 minute''', 'ping: not authorised it writes nothing');
SELECT pg_temp.said('ping', NULL, :'token', :'iphone') AS done \gset
SELECT results_eq('SELECT last_active_at, used_iphone, used_android FROM app.account WHERE last_active_at = now() OR used_iphone', 'VALUES (now(), true, false)', 'ping: moves last_active, notes the phone');
SELECT is_empty('SELECT FROM app.usage_interval', 'ping: opens no interval');

-- app_opened, ping, app_closed
SELECT is(pg_temp.said('app_opened', '{}', :'token', 'okhttp/4.9'), '{"success" : true}', 'app_opened: the answer');
SELECT results_eq('SELECT account_id, session_id, platform, opened_at, last_ping_at, closed_at FROM app.usage_interval',
    format('VALUES (%s::bigint, %s::bigint, %L, now(), now(), NULL::timestamptz)', :jane, :session, 'android'), 'app_opened: an open interval');
SELECT ok(used_android, 'app_opened: notes the phone') FROM app.account WHERE id = :jane;
UPDATE app.usage_interval SET opened_at = now() - interval '10 minutes', last_ping_at = now() - interval '5 minutes';
SELECT pg_temp.said('ping', format('{"user_id": %s}', :ann), :'token') AS other, pg_temp.told('ping', NULL, pg_temp.token(:jane)) AS elsewhere \gset
SELECT is((SELECT last_ping_at FROM app.usage_interval), now() - interval '5 minutes', 'ping: as somebody else, or of another session, moves nothing');
SELECT pg_temp.said('ping', NULL, :'token') AS done \gset
SELECT is((SELECT last_ping_at FROM app.usage_interval), now(), 'ping: moves the open interval');
SELECT is(pg_temp.said('app_closed', '{}', :'token'), '{"success" : true}', 'app_closed: the answer');
SELECT is((SELECT closed_at - opened_at FROM app.usage_interval), interval '10 minutes', 'app_closed: ends it now');
SELECT is(pg_temp.said('app_closed', NULL, :'token'), '{"success" : true}', 'app_closed: none open, success');
SELECT is((SELECT count(*) FROM app.usage_interval), 1::bigint, 'app_closed: and nothing written');
SELECT pg_temp.said('app_opened', NULL, :'token') AS one \gset
UPDATE app.usage_interval SET opened_at = now() - interval '3 minutes', last_ping_at = now() - interval '2 minutes' WHERE closed_at IS NULL;
SELECT is(pg_temp.said('app_opened', NULL, :'token'), '{"success" : true}', 'app_opened: again');
SELECT results_eq('SELECT closed_at - opened_at FROM app.usage_interval ORDER BY opened_at', $$VALUES (interval '10 minutes'), ('1 minute'), (NULL)$$, 'app_opened: what was open ends at its last ping');
SELECT is(a.session_id, :session::bigint, f || ': the session is seen') FROM unnest(ARRAY['app_opened', 'app_closed']) AS f CROSS JOIN LATERAL pg_temp.ask(f, NULL, :'token') AS a;

SELECT is(pg_temp.said(f, NULL, t), '{"success" : false, "reason" : {"code" : "LOGIN_REQUIRED", "message" : "Please log in"}}', f || ': ' || coalesce('token ' || t, 'no token'))
FROM unnest(ARRAY['app_opened', 'app_closed']) AS f, unnest(ARRAY['nonsense', NULL]) AS t;
SELECT is(pg_temp.told(f), '401 LOGIN_REQUIRED', f || ': 401') FROM unnest(ARRAY['app_opened', 'app_closed']) AS f;
SELECT throws_ok(format('SELECT pg_temp.ask(%L, %L, %L)', f, '[]', :'token'), 'RP400', NULL, f || ': malformed') FROM unnest(ARRAY['app_opened', 'app_closed']) AS f;

-- Roles
SELECT function_privs_are('companion_v1', f, ARRAY['http.request'], r, p, f || ': ' || r)
FROM unnest(ARRAY['ping', 'app_opened', 'app_closed']) AS f
CROSS JOIN (VALUES ('rapport_api', ARRAY['EXECUTE']), ('rapport_report', ARRAY[]::text[])) AS r (r, p);

SELECT * FROM finish();
ROLLBACK;
