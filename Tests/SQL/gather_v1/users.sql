BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- users
SELECT pg_temp.person('John.Doe@Example.com') AS john \gset
SELECT is((SELECT u.own FROM gather_v1.users() AS u WHERE u.id = :john)::text, format(
    '{"uid" : %s, "user_id" : "%s", "username" : null, "firstname" : "John", "lastname" : "Doe", "avatar" : null, '
    '"email" : "John.Doe@Example.com", "dob" : null, "gender" : null, "country" : null, "contact_number" : null}',
    :john, md5('john.doe@example.com')), 'users: own, and the MD5 of the address in lower case');
UPDATE app.account
   SET username = 'johnny.d', birth_date = '1990-01-01', gender = 'male', country = 'US', contact_number = '123456'
 WHERE id = :john;
SELECT is((SELECT u.own::jsonb FROM gather_v1.users() AS u WHERE u.id = :john) @>
    '{"username": "johnny.d", "dob": "1990-01-01", "gender": "male", "country": "US", "contact_number": "123456"}', true, 'users: own, filled');
SELECT is_empty(format(
    $$SELECT v FROM gather_v1.users() AS u
       CROSS JOIN http.matches_schema('{"$ref": "#/components/schemas/gather_v1.OwnUser"}', u.own::jsonb) AS v
       WHERE u.id = %s$$, :john), 'users: as the schema says');

-- session_cookie
SELECT set_config('rapport.cookie_secure', 'off', true) AS secure \gset
SELECT is(gather_v1.session_cookie('xxx'), E'Set-Cookie: sessionid=xxx; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax\n', 'session_cookie: a session');
SELECT is(gather_v1.session_cookie(), E'Set-Cookie: sessionid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax\n', 'session_cookie: none');
SELECT set_config('rapport.cookie_secure', 'on', true) AS secure \gset
SELECT is(gather_v1.session_cookie('xxx'), E'Set-Cookie: sessionid=xxx; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax; Secure\n', 'session_cookie: over https only');
SELECT is(gather_v1.session_cookie(), E'Set-Cookie: sessionid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure\n', 'session_cookie: none, over https only');

-- answer_session
SELECT is(r, ROW(200, 200, gather_v1.session_cookie('xxx'), '{"a":1}', 7, 'xxx')::http.response, 'answer_session: the token goes with the answer')
  FROM gather_v1.answer_session('{"a":1}', 7, 'xxx') AS r;
SELECT is(r, ROW(200, 200, gather_v1.session_cookie(), '{"a":1}', NULL, NULL)::http.response, 'answer_session: the end of one')
  FROM gather_v1.answer_session('{"a":1}', NULL, NULL) AS r;

SELECT * FROM finish();
ROLLBACK;
