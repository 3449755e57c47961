BEGIN;
\ir ../support/people.psql
\ir ../support/gather.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.log_in(p_name text, p_password text, p_function text DEFAULT 'login', p_field text DEFAULT 'username') RETURNS integer
LANGUAGE sql
AS $function$ SELECT pg_temp.error_code(p_function, jsonb_build_object(p_field, p_name, 'password', p_password)::text) $function$;

SELECT (pg_temp.body('gather_v1.register', '{"username": "Test1234", "password": "12345678", "email": "Test1234@example.com"}') ->> 'user_id')::bigint AS test \gset
SELECT pg_temp.person('john.doe@example.com') AS john \gset
SELECT set_config('rapport.cookie_secure', 'off', true) AS secure \gset

-- login
SELECT * FROM pg_temp.answer('gather_v1.login', '{"username": "test1234", "password": "12345678"}') \gset login_
SELECT is(:'login_body'::text, format(
    '{"status" : "success", "username" : "Test1234", "email" : "Test1234@example.com", "uid" : "%s", "user_id" : "%s", "token" : "%s"}',
    :test, md5('test1234@example.com'), :'login_new_token'), 'login: the documented answer, in its order, user_id and token after it');
SELECT is((:login_status, :login_outcome), (200, 200), 'login: 200');
SELECT is(:'login_headers'::text, format(E'Set-Cookie: sessionid=%s; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax\n', :'login_new_token'), 'login: sets the cookie');
SELECT results_eq(format('SELECT session_id, account_id FROM core.caller(%L)', :'login_new_token'),
    format('VALUES (%s::bigint, %s::bigint)', :login_session_id, :test), 'login: opens a session');
SELECT is((SELECT s.contract FROM app.session AS s WHERE s.id = :login_session_id), 'gather_v1', 'login: of this contract');
SELECT is(pg_temp.log_in(n, '12345678'), NULL, 'login: as ' || n)
  FROM unnest(ARRAY['TEST1234', ' test1234 ', 'test1234@example.com', 'TEST1234@EXAMPLE.COM']) AS n;
SELECT is(pg_temp.log_in('john.doe@example.com', 'secret'), NULL, 'login: who registered elsewhere, with a shorter password');
SELECT is(pg_temp.body('gather_v1.login', '{"username": "john.doe@example.com", "password": "secret"}') -> 'username', 'null', 'login: without a username');

SELECT is((a.status, a.outcome, a.body, a.headers),
    (200, 200, '{"status" : "failed", "desc" : "user name or password incorrect", "error_code" : 102}'::text, NULL::text), 'login: the documented failure: ' || b)
  FROM unnest(ARRAY[
    '{"username": "test1234", "password": "wrong"}',
    '{"username": "nobody12", "password": "12345678"}',
    '{"username": "nobody@example.com", "password": "12345678"}',
    '{"username": "test1234", "password": " 12345678"}']) AS b
 CROSS JOIN LATERAL pg_temp.answer('gather_v1.login', b) AS a;
SELECT is((SELECT count(*) FROM app.session AS s WHERE s.account_id IS DISTINCT FROM :john), 5::bigint, 'login: a refusal opens nothing');
SELECT is((SELECT array_agg(u.account_id ORDER BY u.id) FROM app.audit AS u WHERE u.event = 'password.wrong' AND u.details = '{"where": "gather_v1.login"}'),
    ARRAY[:test, NULL, NULL, :test]::bigint[], 'login: failures are in the audit trail');

SELECT is(pg_temp.refusal('login', b), '100 username: can not be blank, password: can not be blank', 'login: ' || coalesce(b, 'no body'))
  FROM unnest(ARRAY[NULL, '{}', '{"username": " ", "password": ""}', '{"username": null, "password": null}', '{"email": "test1234@example.com"}']) AS b;
SELECT is(pg_temp.refusal('login', '{"username": 12345678, "password": ["12345678"]}'), '100 username: is invalid, password: is invalid', 'login: wrong types');
SELECT throws_ok(format('SELECT pg_temp.answer(%L, %L)', 'gather_v1.login', b), 'RP400', NULL, 'login: malformed ' || b)
  FROM unnest(ARRAY['{', '[]', '"x"', '{"username": "\u0000"}']) AS b;

-- login_by_email
SELECT * FROM pg_temp.answer('gather_v1.login_by_email', '{"email": "john.doe@example.com", "password": "secret"}') \gset by_
SELECT is(:'by_body'::text, format(
    '{"status" : "success", "username" : null, "email" : "john.doe@example.com", "uid" : "%s", "user_id" : "%s", "token" : "%s"}',
    :john, md5('john.doe@example.com'), :'by_new_token'), 'login_by_email: answers as the other log-in');
SELECT is(:'by_headers'::text, gather_v1.session_cookie(:'by_new_token'), 'login_by_email: sets the cookie');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'by_new_token'), 'login_by_email: opens a session');
SELECT is(pg_temp.error_code('login_by_email', format(b, :john, md5('john.doe@example.com'))), NULL, 'login_by_email: ' || b)
  FROM unnest(ARRAY['{"user_id": "%2$s", "password": "secret"}',
    '{"email": "JOHN.DOE@example.com", "password": "secret"}', '{"email": "john.doe@example.com", "user_id": 0, "password": "secret"}']) AS b;
SELECT is((a.status, a.body), (200, '{"status" : "failed", "desc" : "user name or password incorrect", "error_code" : 102}'::text), 'login_by_email: ' || b)
  FROM unnest(ARRAY['{"email": "john.doe@example.com", "password": "wrong"}', '{"email": "nobody@example.com", "password": "secret"}',
    '{"email": "test1234", "password": "12345678"}', '{"user_id": 0, "password": "secret"}',
    '{"user_id": "d41d8cd98f00b204e9800998ecf8427e", "password": "secret"}']) AS b
 CROSS JOIN LATERAL pg_temp.answer('gather_v1.login_by_email', b) AS a;
SELECT is(pg_temp.error_code('login_by_email', format(b, :john)), '102', 'login_by_email: not by number: ' || b)
  FROM unnest(ARRAY['{"user_id": "%s", "password": "secret"}', '{"user_id": %s, "password": "secret"}']) AS b;
SELECT is(pg_temp.refusal('login_by_email', b), '100 email: or user_id is needed, password: can not be blank', 'login_by_email: ' || coalesce(b, 'no body'))
  FROM unnest(ARRAY[NULL, '{}', '{"email": "", "user_id": "", "password": ""}', '{"username": "test1234"}']) AS b;
SELECT is(pg_temp.refusal('login_by_email', '{"email": 5, "password": 5}'), '100 email: is invalid, password: is invalid', 'login_by_email: wrong types');

-- What an account is, told after the right password only
SELECT pg_temp.body('gather_v1.create_user', '{"email": "new@example.com", "firstname": "New", "lastname": "One"}') ->> 'status' AS done \gset
SELECT core.find_account('new@example.com') AS new \gset
SELECT core.set_password(:new, 'password', 'test') AS done \gset
SELECT is(pg_temp.log_in('new@example.com', 'password', f, n), 103, f || ': not activated')
  FROM (VALUES ('login', 'username'), ('login_by_email', 'email')) AS t (f, n);
SELECT is((a.status, a.body), (403, '{"status" : "failed", "desc" : "account not activated", "error_code" : 103}'::text), 'login: 103')
  FROM pg_temp.answer('gather_v1.login', '{"username": "new@example.com", "password": "password"}') AS a;
SELECT is(pg_temp.log_in('new@example.com', 'wrong'), 102, 'login: not activated, wrong password');
UPDATE app.account SET codes_locked_at = now(), codes_locked_until = now() + interval '1 hour' WHERE id = :new;
SELECT is((a.status, a.body, a.headers), (423, format(
    '{"status" : "failed", "desc" : "account locked", "error_code" : 104, "locked_until": "%s"}', core.time_text(now() + interval '1 hour')), E'Retry-After: 3600\n'::text),
    'login: not activated, and codes are locked')
  FROM pg_temp.answer('gather_v1.login', '{"username": "new@example.com", "password": "password"}') AS a;
UPDATE app.account SET state = 'blocked', blocked_at = now() WHERE id = :new;
SELECT is((a.status, a.body), (403, '{"status" : "failed", "desc" : "account blocked or disabled", "error_code" : 112}'::text), 'login: blocked')
  FROM pg_temp.answer('gather_v1.login', '{"username": "new@example.com", "password": "password"}') AS a;
SELECT is(pg_temp.log_in('new@example.com', 'wrong'), 102, 'login: blocked, wrong password');
SELECT is(core.disable_account(:new, NULL, NULL, NULL, NULL), 'disabled', 'login: somebody disabled');
SELECT is(pg_temp.log_in('new@example.com', 'password'), 112, 'login: disabled');
SELECT core.close_account(:new, NULL, NULL) AS done \gset
SELECT is(pg_temp.log_in('new@example.com', 'password'), 102, 'login: closed is as unknown');
SELECT is((SELECT count(*) FROM app.session WHERE account_id = :new), 0::bigint, 'login: none of them got a session');

-- Wrong passwords count over both log-ins together; an unknown name runs through the same counters
SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT is(array_agg(pg_temp.log_in('ann@example.com', 'wrong', f, n)), array_fill(102, ARRAY[9]), 'login: nine wrong passwords')
  FROM (SELECT CASE i % 2 WHEN 0 THEN 'login' ELSE 'login_by_email' END, CASE i % 2 WHEN 0 THEN 'username' ELSE 'email' END
          FROM generate_series(1, 9) AS i) AS t (f, n);
SELECT * FROM pg_temp.answer('gather_v1.login', '{"username": "ann@example.com", "password": "wrong"}') \gset locked_
SELECT is(:'locked_body'::text, format('{"status" : "failed", "desc" : "account locked", "error_code" : 104, "locked_until": "%s"}',
    core.time_text(now() + interval '15 minutes')), 'login: the tenth locks');
SELECT is((:locked_status, :'locked_headers'::text), (423, E'Retry-After: 900\n'::text), 'login: 423');
SELECT is(pg_temp.log_in('ann@example.com', 'secret'), 104, 'login: the right one is not looked at then');
SELECT is(array_agg(pg_temp.log_in('stranger@example.com', 'wrong')), array_fill(102, ARRAY[9]) || 104, 'login: an unknown name, alike')
  FROM generate_series(1, 10) AS i;

-- logout
SELECT pg_temp.token(:test) AS token, pg_temp.token(:test) AS other, pg_temp.token(:test) AS third \gset
SELECT is((a.status, a.body, a.headers, a.session_id), (200, format('{"status" : "success", "uid" : %s}', :test), gather_v1.session_cookie(), NULL::bigint),
    'logout: the documented answer, and the cookie is taken away')
  FROM pg_temp.answer('gather_v1.logout', NULL, :'token') AS a;
SELECT is((a.status, a.body, a.headers), (401, '{"status" : "failed", "desc" : "login required", "error_code" : 101}'::text, NULL::text),
    'logout: the session has ended: the documented failure')
  FROM pg_temp.answer('gather_v1.logout', NULL, :'token') AS a;
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'other'), 'logout: no other session ends');
SELECT is((pg_temp.answer('gather_v1.logout', NULL, :'third', 'DELETE')).body, format('{"status" : "success", "uid" : %s}', :test), 'logout: by DELETE');
SELECT is(pg_temp.error_code('logout'), 101, 'logout: without a session');
SELECT throws_ok(format('SELECT pg_temp.answer(%L, %L, %L)', 'gather_v1.logout', '[]', :'other'), 'RP400', NULL, 'logout: malformed');

-- A retried log-in gets a fresh token, in the body and in the cookie
CREATE FUNCTION pg_temp.log_in_once(p_key text) RETURNS http.response
LANGUAGE sql
AS $function$
    SELECT http.guarded('gather_v1.login', ROW('test-request', 'POST', NULL, NULL,
        '{"username": "test1234", "password": "12345678"}', NULL, p_key, '192.0.2.1', 'pgTAP', NULL)::http.request)
$function$;
SELECT * FROM pg_temp.log_in_once('key') \gset first_
SELECT * FROM pg_temp.log_in_once('key') \gset again_
SELECT isnt(:'again_new_token'::text, :'first_new_token', 'login: again with the same key: another token');
SELECT is(:'again_headers'::text, gather_v1.session_cookie(:'again_new_token') || E'Idempotency-Replayed: true\n', 'login: also in the cookie');
SELECT is(:'again_body'::text, replace(:'first_body', :'first_new_token', :'again_new_token'), 'login: and in the body');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'first_new_token'), 'login: the first one is void');

-- Roles
SELECT function_privs_are('gather_v1', f, ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], f || ': rapport_api may call it')
  FROM unnest(ARRAY['login', 'login_by_email', 'logout']) AS f;
SELECT function_privs_are('gather_v1', f, ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], f || ': rapport_report may not')
  FROM unnest(ARRAY['login', 'login_by_email', 'logout']) AS f;

SELECT * FROM finish();
ROLLBACK;
