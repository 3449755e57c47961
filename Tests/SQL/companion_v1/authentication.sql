BEGIN;
\ir ../support/people.psql
\ir ../support/companion.psql
SELECT no_plan();

SELECT pg_temp.companion('jane.doe@example.com') AS jane, pg_temp.companion('ann@example.com') AS ann \gset

-- login
SELECT * FROM pg_temp.ask('login', '{"email": "jane.doe@example.com", "password": "long enough"}', p_user_agent => 'okhttp/4.9') \gset login_
SELECT is(:'login_body'::text, format(
    '{"success" : true, "user_id" : %s, "token" : "%s", "page" : "PROFILE", "platform" : "android"}', :jane, :'login_new_token'),
    'login: the answer');
SELECT is(:login_status, 200, 'login: 200');
SELECT results_eq(format('SELECT session_id, account_id FROM core.caller(%L)', :'login_new_token'),
    format('VALUES (%s::bigint, %s::bigint)', :login_session_id, :jane), 'login: opens a session');
SELECT results_eq(format('SELECT contract, code_proved_at FROM app.session WHERE id = %s', :login_session_id),
    $$VALUES ('companion_v1', NULL::timestamptz)$$, 'login: no code opened it');
SELECT results_eq(format('SELECT used_iphone, used_android, last_active_at FROM app.account WHERE id = %s', :jane), 'VALUES (false, true, now())', 'login: seen on a phone');
UPDATE app.account SET profile_completed_at = now() WHERE id = :jane;
SELECT is(pg_temp.said('login', '{"email": " JANE.Doe@Example.com ", "password": "long enough"}')::jsonb - 'token', format(
    '{"success": true, "user_id": %s, "page": "MAIN", "platform": "other"}', :jane)::jsonb, 'login: in any case of letters; MAIN with a complete profile');
SELECT is(pg_temp.said('login', '{"user_id": 5, "email": "jane.doe@example.com", "password": "long enough"}')::jsonb ->> 'user_id', :'jane', 'login: what else is there is ignored');

SELECT is(pg_temp.said('login', '{"email": "jane.doe@example.com", "password": "wrong"}'),
    '{"success" : false, "reason" : {"code" : "WRONG_CREDENTIALS", "message" : "Email or password is wrong"}}', 'login: a wrong password');
SELECT is(pg_temp.said('login', t.body), pg_temp.said('login', '{"email": "jane.doe@example.com", "password": "wrong"}'), 'login: alike: ' || t.body)
FROM (VALUES ('{"email": "nobody@example.com", "password": "long enough"}'), ('{"email": "no address", "password": "long enough"}'),
    ('{"email": "jane.doe@example.com", "password": " long enough"}')) AS t (body);
SELECT is(pg_temp.told('login', '{"email": "nobody@example.com", "password": "long enough"}'), '401 WRONG_CREDENTIALS', 'login: 401');

SELECT is(pg_temp.faults('login', b), ARRAY['email can not be blank', 'password can not be blank'], 'login: ' || coalesce(b, 'no body'))
FROM unnest(ARRAY['{}', NULL, '{"email": "", "password": ""}', '{"email": null, "password": null}', '{"user": {"email": "jane.doe@example.com", "password": "long enough"}}']) AS b;
SELECT is(pg_temp.faults('login', '{"email": 5, "password": ["x"]}'), ARRAY['email is invalid', 'password is invalid'], 'login: wrong types');
SELECT is(pg_temp.faults('login', format('{"user_id": %s, "password": "long enough"}', :jane)), ARRAY['email can not be blank'], 'login: not by user_id');
SELECT is(pg_temp.faults('login', '{"user_id": 5, "email": "jane.doe@example.com"}'), ARRAY['password can not be blank'], 'login: an email is no log-out');
SELECT throws_ok(format('SELECT pg_temp.ask(%L, %L)', 'login', b), 'RP400', NULL, 'login: malformed ' || b) FROM unnest(ARRAY['{', '[]', '"x"']) AS b;

-- An account of another contract is the same person.
SELECT pg_temp.person('john.doe@example.com') AS john \gset
SELECT is(pg_temp.said('login', '{"email": "john.doe@example.com", "password": "secret"}')::jsonb ->> 'user_id', :'john', 'login: registered elsewhere, with a password of any length');
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": "jane.doe@example.com", "password": "long enough"}}'), NULL, 'login: registered here, elsewhere');

-- States, told after the right password only
SELECT core.make_account('new@example.com', 'long enough', NULL, NULL, 'companion_v1', 'companion_v1.registration', p_pending_for => '24 hours') AS new \gset
SELECT is(pg_temp.said('login', '{"email": "new@example.com", "password": "long enough"}'),
    '{"success" : false, "reason" : {"code" : "NOT_VERIFIED", "message" : "The security code has not been entered yet"}}', 'login: not verified');
SELECT is(pg_temp.told('login', '{"email": "new@example.com", "password": "long enough"}'), '403 NOT_VERIFIED', 'login: 403');
UPDATE app.account SET codes_locked_at = now(), codes_locked_until = now() + interval '1 hour' WHERE id = :new;
SELECT is(pg_temp.said('login', '{"email": "new@example.com", "password": "long enough"}'), format(
    '{"success" : false, "reason" : {"code" : "ACCOUNT_LOCKED", "message" : "The account is locked for a while", "locked_until": "%s"}}',
    core.time_text(now() + interval '1 hour')), 'login: locked by wrong codes, until when');
SELECT is(pg_temp.told('login', '{"email": "new@example.com", "password": "wrong"}'), '401 WRONG_CREDENTIALS', 'login: not told after a wrong password');
UPDATE app.account SET state = 'blocked', blocked_at = now() WHERE id = :new;
SELECT is(pg_temp.told('login', '{"email": "new@example.com", "password": "long enough"}'), '403 ACCOUNT_BLOCKED', 'login: blocked');
SELECT is(core.disable_account(:ann, 'spam', NULL, NULL, NULL), 'disabled', 'login: setting out');
SELECT is(pg_temp.told('login', '{"email": "ann@example.com", "password": "long enough"}'), '403 ACCOUNT_DISABLED', 'login: disabled');
SELECT is(pg_temp.told('login', '{"email": "ann@example.com", "password": "wrong"}'), '401 WRONG_CREDENTIALS', 'login: disabled, wrong password');
SELECT is(core.close_account(:ann, NULL, NULL), 'closed', 'login: setting out');
SELECT is(pg_temp.told('login', '{"email": "ann@example.com", "password": "long enough"}'), '401 WRONG_CREDENTIALS', 'login: closed is as unknown');
SELECT is_empty(format('SELECT FROM app.session WHERE account_id IN (%s, %s)', :new, :ann), 'login: a refusal opens nothing');

-- Too many wrong passwords
SELECT pg_temp.companion('bob@example.com') AS bob \gset
SELECT is(array_agg(pg_temp.told('login', '{"email": "bob@example.com", "password": "wrong"}', p_address => '198.51.100.7') ORDER BY n),
    array_fill('401 WRONG_CREDENTIALS'::text, ARRAY[9]) || '423 ACCOUNT_LOCKED'::text, 'login: the 10th wrong password locks')
FROM generate_series(1, 10) AS n;
SELECT is(pg_temp.told('login', '{"email": "bob@example.com", "password": "long enough"}', p_address => '198.51.100.7'), '423 ACCOUNT_LOCKED', 'login: the right one is not looked at then');
SELECT is(a.headers || (a.body::jsonb #>> '{reason,locked_until}'), E'Retry-After: 900\n' || core.time_text(now() + interval '15 minutes'), 'login: until when, twice')
FROM pg_temp.ask('login', '{"email": "bob@example.com", "password": "long enough"}', p_address => '198.51.100.7') AS a;
SELECT is(pg_temp.told('login', '{"email": "bob@example.com", "password": "long enough"}'), '200', 'login: from elsewhere it is');
SELECT is(array_agg(pg_temp.told('login', '{"email": "who@example.com", "password": "wrong"}', p_address => '198.51.100.7') ORDER BY n),
    array_fill('401 WRONG_CREDENTIALS'::text, ARRAY[9]) || '423 ACCOUNT_LOCKED'::text, 'login: of an unknown address, alike')
FROM generate_series(1, 10) AS n;

-- logout, in both spellings
SELECT pg_temp.token(:jane) AS one, pg_temp.token(:jane) AS two, pg_temp.token(:jane) AS three, pg_temp.token(:jane) AS four \gset
SELECT is(pg_temp.said('login', format('{"user_id": %s}', :jane), :'one'), '{"success" : true}', 'logout: as the document spells it');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'one'), 'logout: the session has ended');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'two'), 'logout: no other one');
SELECT is(pg_temp.said('login', format('{"user_id": "%s", "password": null}', :jane), :'two'), '{"success" : true}', 'logout: the number as text, a password that is null');
SELECT is(pg_temp.said('logout', format('{"user_id": %s}', :jane), :'three'), '{"success" : true}', 'logout: at its own path');
SELECT is(pg_temp.told('logout', NULL, :'four'), '200', 'logout: without a body');
SELECT is_empty(format('SELECT FROM core.caller(%L)', t), 'logout: ended too') FROM unnest(ARRAY[:'two', :'three', :'four']) AS t;
SELECT pg_temp.token(:jane) AS token \gset
SELECT is(pg_temp.said(f, format('{"user_id": %s}', :john), :'token'),
    '{"success" : false, "reason" : {"code" : "NOT_ALLOWED", "message" : "You are not allowed to do this"}}', f || ': not of somebody else')
FROM unnest(ARRAY['login', 'logout']) AS f;
SELECT is(pg_temp.told(f, format('{"user_id": %s}', :john), :'token'), '403 NOT_ALLOWED', f || ': 403') FROM unnest(ARRAY['login', 'logout']) AS f;
SELECT is(pg_temp.told(f, format('{"user_id": %s}', :jane), t), '401 LOGIN_REQUIRED', f || ': log-out with ' || coalesce('token ' || t, 'no token'))
FROM unnest(ARRAY['login', 'logout']) AS f, unnest(ARRAY[:'one', 'nonsense', NULL]) AS t;
SELECT is(pg_temp.faults(f, format('{"user_id": %s}', v), :'token'), ARRAY['user_id is invalid'], f || ': user_id ' || v)
FROM unnest(ARRAY['login', 'logout']) AS f, unnest(ARRAY['"x"', '-1', '1.5', 'true', '[1]', '1234567890123456789']) AS v;
SELECT throws_ok(format('SELECT pg_temp.ask(%L, %L, %L)', 'logout', '[]', :'token'), 'RP400', NULL, 'logout: malformed');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'token'), 'logout: a refusal ends nothing');

-- Roles
SELECT function_privs_are('companion_v1', f, ARRAY['http.request'], r, p, f || ': ' || r)
FROM unnest(ARRAY['login', 'logout']) AS f
CROSS JOIN (VALUES ('rapport_api', ARRAY['EXECUTE']), ('rapport_report', ARRAY[]::text[])) AS r (r, p);
SELECT function_privs_are('companion_v1', 'end_own_session', ARRAY['http.request'], 'rapport_api', ARRAY[]::text[], 'end_own_session: not published');

SELECT * FROM finish();
ROLLBACK;
