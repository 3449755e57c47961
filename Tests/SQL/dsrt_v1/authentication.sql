BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT pg_temp.person('john.doe@example.com') AS john \gset
UPDATE app.account SET last_name = 'Doe' WHERE id = :john;

-- login
SELECT * FROM pg_temp.answer('dsrt_v1.login', '{"user": {"email": "john.doe@example.com", "password": "secret"}}') \gset login_
SELECT is(:'login_body'::text, format(
    '{"http_status_code" : 200, "message" : "Login successfully", "user" : {"id" : %s, "first_name" : "John", '
    '"last_name" : "Doe", "full_name" : "John Doe", "email" : "john.doe@example.com", "avatar" : null, '
    '"organisation" : null, "default_password" : false}, "access_token" : "%s"}', :john, :'login_new_token'),
    'login: the documented answer, in its order');
SELECT is(:login_status, 200, 'login: 200 on the wire');
SELECT results_eq(format('SELECT session_id, account_id FROM core.caller(%L)', :'login_new_token'),
    format('VALUES (%s::bigint, %s::bigint)', :login_session_id, :john), 'login: opens a session');
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": " JOHN.Doe@Example.com ", "password": "secret"}}'), NULL, 'login: in any case of letters');

SELECT is((pg_temp.answer('dsrt_v1.login', '{"user": {"email": "john.doe@example.com", "password": "wrong"}}')).body,
    '{"message" : "Email or password is invalid", "http_status_code" : 401, "error" : {"code" : "UNAUTHORIZED"}}',
    'login: a wrong password, as documented');
SELECT is((pg_temp.answer('dsrt_v1.login', '{"user": {"email": "nobody@example.com", "password": "secret"}}')).body,
    '{"message" : "Email or password is invalid", "http_status_code" : 401, "error" : {"code" : "UNAUTHORIZED"}}',
    'login: an unknown address, alike');
SELECT is((pg_temp.answer('dsrt_v1.login', '{"user": {"email": "not an address", "password": "secret"}}')).outcome, 401, 'login: what is no address is unknown');
SELECT is((pg_temp.answer('dsrt_v1.login', '{"user": {"email": "x@example.com", "password": "secret"}}')).status, 200, 'login: a refusal is 200 on the wire');
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'password.wrong'), 4::bigint, 'login: failures are remembered');
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": "john.doe@example.com", "password": " secret"}}'), 'UNAUTHORIZED', 'login: a password is taken as it is');

SELECT is(pg_temp.complaints('dsrt_v1.login', b), ARRAY['email: Email can not be blank', 'password: Password can not be blank'], 'login: ' || coalesce(b, 'no body'))
FROM unnest(ARRAY['{}', NULL, '{"user": {}}', '{"user": null}', '{"user": "john"}', '{"user": []}', '{"user": {"email": "", "password": ""}}',
    '{"user": {"email": null, "password": null}}']) AS b;
SELECT is(pg_temp.body('dsrt_v1.login', '{}') ->> 'message', 'Failed to login. Please check for form errors', 'login: what failed');
SELECT is(pg_temp.complaints('dsrt_v1.login', '{"user": {"email": 5, "password": ["secret"]}}'), ARRAY['email: Email is invalid', 'password: Password is invalid'], 'login: wrong types');
SELECT throws_ok(format('SELECT pg_temp.answer(%L, %L)', 'dsrt_v1.login', b), 'RP400', NULL, 'login: malformed ' || b)
FROM unnest(ARRAY['{', '[]', '"x"', '{"user": "\u0000"}', '{"user": "\ud800"}']) AS b;

UPDATE app.account SET password_set_at = NULL, password_hash = NULL WHERE id = :john;
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": "john.doe@example.com", "password": "secret"}}'), 'UNAUTHORIZED', 'login: without a password nobody');

-- States, told after the right password only
SELECT core.make_account('new@example.com', 'secret', 'New', NULL, 'dsrt_v1', 'x') AS new \gset
SELECT is((pg_temp.answer('dsrt_v1.login', '{"user": {"email": "new@example.com", "password": "secret"}}')).body,
    '{"message" : "Please confirm your email before you login", "http_status_code" : 403, "error" : {"code" : "ACCESS_DENINED"}}', 'login: not confirmed');
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": "new@example.com", "password": "wrong"}}'), 'UNAUTHORIZED', 'login: not confirmed, wrong password');
UPDATE app.account SET state = 'disabled', disabled_at = now() WHERE id = :new;
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": "new@example.com", "password": "secret"}}'), 'ACCESS_DENINED', 'login: disabled');
UPDATE app.account SET state = 'blocked', blocked_at = now() WHERE id = :new;
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": "new@example.com", "password": "secret"}}'), 'ACCESS_DENINED', 'login: blocked');
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": "new@example.com", "password": "wrong"}}'), 'UNAUTHORIZED', 'login: blocked, wrong password');
SELECT core.close_account(:new, NULL, NULL) IS NOT NULL AS done \gset
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": "new@example.com", "password": "secret"}}'), 'UNAUTHORIZED', 'login: closed is as unknown');
SELECT is((SELECT count(*) FROM app.session WHERE account_id = :new), 0::bigint, 'login: a refusal opens nothing');

-- logout
SELECT pg_temp.token(:john) AS token, pg_temp.token(:john) AS other \gset
SELECT is((pg_temp.answer('dsrt_v1.logout', NULL, :'token')).body, '{"message" : "Logout successfully", "http_status_code" : 200}', 'logout: done');
SELECT is((pg_temp.answer('dsrt_v1.logout', NULL, :'token')).body,
    '{"message" : "Access token is invalid or expired", "http_status_code" : 401, "error" : {"code" : "ACCESS_TOKEN_INVALID"}}', 'logout: the session has ended');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'other'), 'logout: no other session ends');
SELECT is(pg_temp.code('dsrt_v1.logout'), 'ACCESS_TOKEN_INVALID', 'logout: without a token');

-- Roles
SELECT function_privs_are('dsrt_v1', f, ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], f || ': rapport_api may call it')
FROM unnest(ARRAY['login', 'logout']) AS f;
SELECT function_privs_are('dsrt_v1', f, ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], f || ': rapport_report may not')
FROM unnest(ARRAY['login', 'logout']) AS f;

SELECT * FROM finish();
ROLLBACK;
