BEGIN;
\ir ../support/people.psql
\ir ../support/gather.psql
SELECT no_plan();

SELECT pg_temp.person('john.doe@example.com', 'password') AS john \gset
SELECT pg_temp.token(:john) AS token, pg_temp.token(:john) AS other \gset
CREATE FUNCTION pg_temp.updated(p_token text, p_body text DEFAULT NULL) RETURNS jsonb
LANGUAGE sql
AS $function$ SELECT pg_temp.body('gather_v1.update_user', p_body, p_token, 'PUT') $function$;

-- update_user
SELECT * FROM pg_temp.answer('gather_v1.update_user',
    '{"firstname": "Johnny", "lastname": "Smith", "username": "john.doe", "dob": "1990-01-01", "gender": "male", "country": "US", "contact_number": "123456"}',
    :'token', 'PUT') \gset all_
SELECT is(:'all_body'::text, format(
    '{"status" : "success", "user" : {"uid" : %s, "user_id" : "%s", "username" : "john.doe", "firstname" : "Johnny", "lastname" : "Smith", "avatar" : null, '
    '"email" : "john.doe@example.com", "dob" : "1990-01-01", "gender" : "male", "country" : "US", "contact_number" : "123456"}}',
    :john, md5('john.doe@example.com')), 'update_user: all of it');
SELECT is((:all_status, :all_session_id::bigint), (200, (SELECT session_id FROM core.caller(:'token'))), 'update_user: names the session it used');
SELECT is(pg_temp.updated(:'token', b) -> 'user', (:'all_body'::jsonb) -> 'user', 'update_user: what is missing keeps its value: ' || coalesce(b, 'no body'))
  FROM unnest(ARRAY[NULL, '{}', '{"email": "x@example.com", "uid": 5, "is_group_creator": true, "middle_name": "X"}']) AS b;
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'other'), 'update_user: without a password no session ends');
SELECT is(pg_temp.updated(:'token', t.change) -> 'user', (:'all_body'::jsonb) -> 'user' || t.change::jsonb, 'update_user: ' || t.change)
  FROM (VALUES ('{"firstname": "J"}'), ('{"firstname": "Johnny", "dob": "1991-02-28"}'), ('{"dob": "1990-01-01", "gender": "other"}'), ('{"gender": "female"}'),
    ('{"gender": "male", "country": "CH"}'), ('{"country": "US", "lastname": "Ärztin 😀 abcdefghijklmnop"}'),
    ('{"lastname": "Smith", "username": "JOHN.DOE"}'), ('{"username": "john.doe"}')) AS t (change);
SELECT is(pg_temp.updated(:'token', '{"contact_number": 4912345}') #>> '{user,contact_number}', '4912345', 'update_user: a number of digits');
SELECT is(pg_temp.updated(:'token', format('{"%1$s": %2$s}', f, v)) -> 'user' -> f, 'null', format('update_user: %s %s clears it', f, v))
  FROM unnest(ARRAY['dob', 'gender', 'country', 'contact_number']) AS f CROSS JOIN unnest(ARRAY['""', 'null', '" "']) AS v;
SELECT results_eq(format('SELECT first_name, last_name, username FROM app.account WHERE id = %s', :john), $$VALUES ('Johnny', 'Smith', 'john.doe')$$, 'update_user: and nothing else');
UPDATE app.account SET middle_name = 'Q' WHERE id = :john;
SELECT is(pg_temp.updated(:'token', '{"lastname": "Doe"}') ->> 'status', 'success', 'update_user: a middle name');
SELECT is((SELECT middle_name FROM app.account WHERE id = :john), 'Q', 'update_user: is kept, which other contracts know');

-- Wrong parameters
SELECT is(pg_temp.refusal('update_user', t.body, :'token'), '100 ' || t.complaint, 'update_user: ' || t.body)
  FROM (VALUES
    ('{"password": "1234567"}', 'password: is too short (minimum is 8 characters)'),
    ('{"password": "12345678901234567"}', 'password: is too long (maximum is 16 characters)'),
    ('{"password": ""}', 'password: can not be blank'),
    ('{"password": null}', 'password: can not be blank'),
    ('{"password": 12345678}', 'password: is invalid'),
    ('{"firstname": " "}', 'firstname: can not be blank'),
    ('{"firstname": null}', 'firstname: can not be blank'),
    ('{"firstname": "abcdefghijklmnopqrstuvwxyz"}', 'firstname: is too long (maximum is 25 characters)'),
    ('{"lastname": ""}', 'lastname: can not be blank'),
    ('{"lastname": 5}', 'lastname: is invalid'),
    ('{"lastname": "abcdefghijklmnopqrstuvwxyz"}', 'lastname: is too long (maximum is 25 characters)'),
    ('{"username": ""}', 'username: can not be blank'),
    ('{"username": "seven77"}', 'username: is too short (minimum is 8 characters)'),
    ('{"username": "seventeen_letters"}', 'username: is too long (maximum is 16 characters)'),
    ('{"username": "john doe"}', 'username: may only have letters, digits, "_", "." and "-"'),
    ('{"username": true}', 'username: is invalid'),
    ('{"dob": "01.01.1990"}', 'dob: is not a date'),
    ('{"dob": "1990-02-30"}', 'dob: is not a date'),
    ('{"dob": 19900101}', 'dob: is invalid'),
    ('{"gender": "m"}', 'gender: is not included in the list'),
    ('{"gender": ["male"]}', 'gender: is invalid'),
    ('{"country": "U"}', 'country: is too short (minimum is 2 characters)'),
    ('{"country": 12}', 'country: is invalid'),
    ('{"contact_number": {}}', 'contact_number: is invalid'),
    ('{"contact_number": 1.5}', 'contact_number: is invalid'),
    ('{"password": "x", "firstname": "", "lastname": "", "username": "x", "dob": "x", "gender": "x", "country": "x", "contact_number": true}',
        'password: is too short (minimum is 8 characters), firstname: can not be blank, lastname: can not be blank, '
        'username: is too short (minimum is 8 characters), dob: is not a date, gender: is not included in the list, '
        'country: is too short (minimum is 2 characters), contact_number: is invalid')
  ) AS t (body, complaint);
SELECT is(pg_temp.refusal('update_user', jsonb_build_object(f, repeat('5', 51))::text, :'token'), format('100 %s: is too long (maximum is 50 characters)', f), f || ': 51 characters')
  FROM unnest(ARRAY['country', 'contact_number']) AS f;
SELECT is(pg_temp.refusal('update_user', jsonb_build_object('dob', ((now() AT TIME ZONE 'UTC')::date + 1)::text)::text, :'token'), '100 dob: is invalid', 'update_user: a birth tomorrow');
SELECT throws_ok(format('SELECT pg_temp.answer(%L, %L, %L)', 'gather_v1.update_user', b, :'token'), 'RP400', NULL, 'update_user: malformed ' || b)
  FROM unnest(ARRAY['{', '[]', '{"password": "\u0000"}']) AS b;
SELECT is((a.outcome, a.session_id), (400, (SELECT session_id FROM core.caller(:'token'))), 'update_user: a refusal names the session')
  FROM pg_temp.answer('gather_v1.update_user', '{"gender": "m"}', :'token', 'PUT') AS a;

-- Username of somebody else
SELECT (pg_temp.body('gather_v1.register', '{"username": "Test1234", "password": "12345678", "email": "test1234@example.com"}') ->> 'user_id')::bigint AS test \gset
SELECT pg_temp.token(:test) AS test_token \gset
SELECT is((a.status, a.body, a.session_id),
    (409, '{"status" : "failed", "desc" : "username or email taken", "error_code" : 106, "errors" : [{"field" : "username", "message" : "has already been taken"}]}'::text,
    (SELECT session_id FROM core.caller(:'token'))), 'update_user: a username that is taken')
  FROM pg_temp.answer('gather_v1.update_user', '{"username": "TEST1234", "password": "new password", "firstname": "Nobody"}', :'token', 'PUT') AS a;
SELECT is((core.try_password(:john, NULL, 'password', NULL, NULL, 'test')).verdict, 'right', 'update_user: then the password is not changed');
SELECT is((SELECT first_name FROM app.account WHERE id = :john), 'Johnny', 'update_user: nor anything else');
SELECT is(pg_temp.updated(:'test_token', '{"username": "tEST1234"}') #>> '{user,username}', 'tEST1234', 'update_user: one''s own, in other letters');
SELECT is(pg_temp.updated(:'token', '{"username": "john.new"}') #>> '{user,username}', 'john.new', 'update_user: another username');
SELECT is(pg_temp.updated(:'test_token', '{"username": "John.Doe"}') #>> '{user,username}', 'John.Doe', 'update_user: the old one is free');

-- Password
SELECT is(pg_temp.updated(:'token', '{"password": "new password"}') ->> 'status', 'success', 'update_user: a new password');
SELECT is(pg_temp.error_code('login', '{"username": "john.new", "password": "new password"}'), NULL, 'update_user: it opens');
SELECT is(pg_temp.error_code('login', '{"username": "john.new", "password": "password"}'), 102, 'update_user: the old one does not');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'other'), 'update_user: all other sessions end');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'token'), 'update_user: this one goes on');
SELECT results_eq(format($$SELECT address, request_id FROM app.audit WHERE account_id = %s AND event = 'password.changed'$$, :john),
    $$VALUES ('192.0.2.1', 'test-request')$$, 'update_user: is in the audit trail');
SELECT is(pg_temp.updated(:'token', '{"password": "1234567890123456", "gender": "male"}') #>> '{user,gender}', 'male', 'update_user: password and profile at once');

-- A registration that changes its password before its link is followed keeps it
SELECT is(pg_temp.updated(:'test_token', '{"password": "87654321"}') ->> 'status', 'success', 'update_user: before the address is proved');
SELECT is((SELECT state FROM core.confirm_email(pg_temp.mailed('confirmation', 'test1234@example.com'))), 'active', 'update_user: then the link of the registration');
SELECT is(pg_temp.error_code('login', '{"username": "john.doe", "password": "87654321"}'), NULL, 'update_user: the password goes on');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'test_token'), 'update_user: and so does the session');

-- Without a session
SELECT is((a.status, a.body), (401, '{"status" : "failed", "desc" : "login required", "error_code" : 101}'::text), 'update_user: ' || c)
  FROM (VALUES ('no session', NULL), ('another''s guess', 'xxx'), ('an ended session', :'other')) AS t (c, token)
 CROSS JOIN LATERAL pg_temp.answer('gather_v1.update_user', '{"firstname": "X", "gender": "m"}', t.token, 'PUT') AS a;

-- Roles
SELECT function_privs_are('gather_v1', 'update_user', ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], 'update_user: rapport_api may call it');
SELECT function_privs_are('gather_v1', 'update_user', ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], 'update_user: rapport_report may not');

SELECT * FROM finish();
ROLLBACK;
