BEGIN;
\ir ../support/people.psql
\ir ../support/exchange.psql
SELECT no_plan();

SELECT pg_temp.person('kukuh@example.com', 'a long secret') AS kukuh \gset
UPDATE app.account SET username = 'Kukuh' WHERE id = :kukuh;
SELECT core.set_languages(:kukuh, ARRAY[65], ARRAY['native']) IS NOT NULL AS done \gset

-- login
SELECT * FROM pg_temp.answer('exchange_v1.login', '{"email": "kukuh@example.com", "password": "a long secret"}') \gset login_
SELECT is(:'login_body'::text, (SELECT format('{"access_token" : "%s", "user" : %s}', :'login_new_token', u.own) FROM exchange_v1.users() AS u WHERE u.id = :kukuh), 'login: a token and the user');
SELECT alike(:'login_body'::text, '%"UserLanguages" : [{"languageId" : 65, "type" : "native", "Language" : {"id" : 65, "name" : "Indonesian",%', 'login: with languages');
SELECT is(:login_status, 200, 'login: 200');
SELECT is((pg_temp.answer('exchange_v1.login', '{"username": "kukuh", "password": "a long secret"}')).headers, NULL, 'login: sets no cookie');
SELECT results_eq(format('SELECT session_id, account_id FROM core.caller(%L)', :'login_new_token'),
    format('VALUES (%s::bigint, %s::bigint)', :login_session_id, :kukuh), 'login: opens a session');
SELECT is((pg_temp.answer('exchange_v1.login', b)).status, 200, 'login: ' || b)
FROM unnest(ARRAY['{"email": " KUKUH@Example.com ", "password": "a long secret"}', '{"username": "Kukuh", "password": "a long secret"}', '{"username": "KUKUH", "password": "a long secret"}',
    '{"email": "kukuh", "password": "a long secret"}', '{"username": "kukuh@example.com", "password": "a long secret"}', '{"email": null, "username": "kukuh", "password": "a long secret"}',
    '{"email": "", "username": "kukuh", "password": "a long secret"}', '{"email": "kukuh@example.com", "username": "nobody", "password": "a long secret"}']) AS b;

SELECT is(pg_temp.said('login', b), '401 {"message" : "The email, username or password is wrong"}', 'login: ' || b)
FROM unnest(ARRAY['{"email": "kukuh@example.com", "password": "A long secret"}', '{"username": "kukuh", "password": " a long secret"}', '{"email": "nobody@example.com", "password": "a long secret"}',
    '{"username": "nobody", "password": "a long secret"}', '{"email": "no address", "password": "x"}']) AS b;
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'password.wrong' AND details ->> 'where' = 'exchange_v1.login'), 5::bigint, 'login: failures are remembered');

SELECT is(pg_temp.faults('login', b), ARRAY['email or username is needed', 'password can not be blank'], 'login: ' || coalesce(b, 'no body'))
FROM unnest(ARRAY['{}', NULL, '{"email": "", "username": " ", "password": ""}', '{"email": null, "password": null}']) AS b;
SELECT is(pg_temp.said('login', '{"password": "x"}'), '400 {"message" : "Some parameters are invalid", "errors" : [{"field" : "email", "message" : "or username is needed"}]}', 'login: who?');
SELECT is(pg_temp.faults('login', '{"email": 5, "username": ["kukuh"], "password": 12345678}'), ARRAY['email is invalid', 'username is invalid', 'password is invalid'], 'login: wrong types');
SELECT throws_ok(format('SELECT pg_temp.answer(%L, %L)', 'exchange_v1.login', b), 'RP400', NULL, 'login: malformed ' || b)
FROM unnest(ARRAY['{', '[]', '"x"', '{"email": "\u0000"}']) AS b;

-- States, told after the right password only
SELECT core.make_account('new@example.com', 'a long secret', NULL, NULL, 'exchange_v1', 'exchange_v1.registration') AS new \gset
SELECT is(pg_temp.said('login', '{"email": "new@example.com", "password": "a long secret"}'), '403 {"message" : "Please verify your email before you log in"}', 'login: not verified');
SELECT is((pg_temp.answer('exchange_v1.login', '{"email": "new@example.com", "password": "wrong"}')).status, 401, 'login: not verified, wrong password');
UPDATE app.account SET state = 'disabled', disabled_at = now() WHERE id = :new;
SELECT is(pg_temp.said('login', '{"email": "new@example.com", "password": "a long secret"}'), '403 {"message" : "Your account is disabled"}', 'login: disabled');
UPDATE app.account SET state = 'blocked', blocked_at = now() WHERE id = :new;
SELECT is(pg_temp.said('login', '{"email": "new@example.com", "password": "a long secret"}'), '403 {"message" : "Your account is blocked"}', 'login: blocked');
SELECT is((pg_temp.answer('exchange_v1.login', '{"email": "new@example.com", "password": "wrong"}')).status, 401, 'login: blocked, wrong password');
SELECT core.close_account(:new, NULL, NULL) IS NOT NULL AS done \gset
SELECT is((pg_temp.answer('exchange_v1.login', '{"email": "new@example.com", "password": "a long secret"}')).status, 401, 'login: closed is as unknown');
SELECT is_empty(format('SELECT FROM app.session WHERE account_id = %s', :new), 'login: a refusal opens nothing');

-- Too many wrong passwords, of somebody and of nobody
SELECT pg_temp.person('often@example.com', 'a long secret') AS often \gset
SELECT (pg_temp.answer('exchange_v1.login', format('{"email": "%s", "password": "wrong"}', e))).status AS status
FROM generate_series(1, 9) CROSS JOIN unnest(ARRAY['often@example.com', 'noone@example.com']) AS e \g /dev/null
SELECT is(a.status || ' ' || a.body, format('423 {"message" : "Too many failed attempts, please try again later", "lockedUntil": "%s"}', core.time_text(now() + interval '15 minutes')),
    'login: the tenth wrong one locks ' || e)
FROM unnest(ARRAY['often@example.com', 'noone@example.com']) AS e CROSS JOIN LATERAL pg_temp.answer('exchange_v1.login', format('{"email": "%s", "password": "wrong"}', e)) AS a;
SELECT is((pg_temp.answer('exchange_v1.login', '{"email": "often@example.com", "password": "a long secret"}')).headers, E'Retry-After: 900\n', 'login: the right one is not looked at then');

-- logout
SELECT pg_temp.token(:kukuh) AS token, pg_temp.token(:kukuh) AS other \gset
SELECT throws_ok(format('SELECT pg_temp.answer(%L, %L, %L)', 'exchange_v1.logout', '{', :'token'), 'RP400', NULL, 'logout: a malformed body');
SELECT is(pg_temp.said('logout', NULL, :'token'), '200 {"message" : "You are logged out"}', 'logout: done');
SELECT is(pg_temp.said('logout', NULL, t), '401 {"message" : "Please log in"}', 'logout: ' || coalesce(t, 'no token')) FROM unnest(ARRAY[:'token', NULL, 'nonsense']) AS t;
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'other'), 'logout: no other session ends');

-- Roles
SELECT function_privs_are('exchange_v1', f, ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], f || ': rapport_api may call it')
FROM unnest(ARRAY['login', 'logout']) AS f;
SELECT function_privs_are('exchange_v1', f, ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], f || ': rapport_report may not')
FROM unnest(ARRAY['login', 'logout']) AS f;

SELECT * FROM finish();
ROLLBACK;
