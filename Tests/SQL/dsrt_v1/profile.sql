BEGIN;
\ir ../support/people.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.updating(p_change jsonb) RETURNS text
LANGUAGE sql
AS $function$
    SELECT jsonb_build_object('user', '{"first_name": "John", "dob": "1990-01-01", "gender": "male", "country": "US"}' || p_change)::text
$function$;

SELECT pg_temp.person('john.doe@example.com') AS john \gset
SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT session_id AS session, token FROM core.open_session(:john, 'dsrt_v1', NULL, NULL, NULL) \gset

-- Without a session
SELECT is((pg_temp.answer(f, '{', 'nonsense', 'GET')).body,
    '{"message" : "Access token is invalid or expired", "http_status_code" : 401, "error" : {"code" : "ACCESS_TOKEN_INVALID"}}', f || ': a wrong token')
FROM unnest(ARRAY['dsrt_v1.me', 'dsrt_v1.update_profile']) AS f;
SELECT is(pg_temp.code(f), 'ACCESS_TOKEN_INVALID', f || ': no token')
FROM unnest(ARRAY['dsrt_v1.me', 'dsrt_v1.update_profile']) AS f;

-- me
UPDATE app.account SET birth_date = '1990-01-01', gender = 'male', contact_number = '123456', country = 'US' WHERE id = :john;
SELECT * FROM pg_temp.answer('dsrt_v1.me', NULL, :'token', 'GET') \gset me_
SELECT is(:'me_body'::text, format(
    '{"http_status_code" : 200, "user" : {"id" : %s, "first_name" : "John", "middle_name" : null, "last_name" : "Doe", "full_name" : "John Doe", '
    '"email" : "john.doe@example.com", "secondary_email" : null, "secondary_email_confirmed" : null, "level" : "account_holder", "email_confirmed" : true, '
    '"dob" : "1990-01-01", "gender" : "male", "contact_number" : "123456", "country" : "US", "avatar" : null}}', :john), 'me: the documented answer, in its order');
SELECT is(:me_session_id, :session, 'me: tells which session was used');
SET LOCAL DateStyle = 'German';
SELECT is(pg_temp.body('dsrt_v1.me', NULL, :'token', 'GET') #>> '{user,dob}', '1990-01-01', 'me: dates follow no setting');
SELECT is(pg_temp.body('dsrt_v1.me', NULL, :'token', 'HEAD') ->> 'http_status_code', '200', 'me: HEAD');
SELECT volatility_is('dsrt_v1', 'me', ARRAY['http.request'], 'stable', 'me: only reads');
UPDATE app.account SET state = 'disabled', disabled_at = now() WHERE id = :john;
SELECT is(pg_temp.code('dsrt_v1.me', NULL, :'token', 'GET'), 'ACCESS_TOKEN_INVALID', 'me: only of the active');
UPDATE app.account SET state = 'active' WHERE id = :john;

-- update
SELECT is((pg_temp.answer('dsrt_v1.update_profile', '{"user": {"secondary_email": "john.doe2@example.com", "first_name": "John", "last_name": "Smith", "dob": "1990-01-01", "gender": "male", "contact_number": "xxx", "country": "US"}}', :'token')).body, format(
    '{"http_status_code" : 200, "user" : {"id" : %s, "first_name" : "John", "middle_name" : null, "last_name" : "Smith", "full_name" : "John Smith", '
    '"email" : "john.doe@example.com", "secondary_email" : "john.doe2@example.com", "secondary_email_confirmed" : false, "level" : "account_holder", "email_confirmed" : true, '
    '"dob" : "1990-01-01", "gender" : "male", "contact_number" : "xxx", "country" : "US", "avatar" : null}}', :john), 'update: the documented answer');
SELECT ok(core.render_mail(m.id) LIKE '%' || E'\r\nhttps://rapport.example/api/v1/user/profile/confirm_secondary_email?confirmation_token=' || m.secret || E'\r\n%', 'update: the new address is mailed a link')
FROM app.mail AS m WHERE m.recipient = 'john.doe2@example.com';
SELECT is((pg_temp.answer('dsrt_v1.update_profile', pg_temp.updating('{"first_name": "", "dob": "soon"}'), :'token')).body,
    '{"message" : "Failed to update profile. Please check for form errors", "http_status_code" : 400, "error" : {"code" : "BAD_PARAMETERS", "errors" : '
    '[{"field" : "first_name", "message" : "First name can not be blank"},{"field" : "dob", "message" : "Date of birth is not a date"}]}}', 'update: the documented failure');
SELECT is((pg_temp.answer('dsrt_v1.update_profile', '{}', :'token')).session_id, :session::bigint, 'update: a refusal tells the session too');
SELECT is(pg_temp.complaints('dsrt_v1.update_profile', '{}', :'token'),
    ARRAY['first_name: First name can not be blank', 'dob: Date of birth can not be blank', 'gender: Gender can not be blank', 'country: Country can not be blank'], 'update: what is required');
SELECT is(pg_temp.complaints('dsrt_v1.update_profile', pg_temp.updating(t.change::jsonb), :'token'), ARRAY[t.complaint], 'update: ' || t.change)
FROM (VALUES
    ('{"first_name": "abcdefghijklmnopqrstuvwxyz"}', 'first_name: First name is too long (maximum is 25 characters)'),
    ('{"middle_name": "abcdefghijklmnopqrstuvwxyz"}', 'middle_name: Middle name is too long (maximum is 25 characters)'),
    ('{"middle_name": 5}', 'middle_name: Middle name is invalid'),
    ('{"last_name": "abcdefghijklmnopqrstuvwxyz"}', 'last_name: Last name is too long (maximum is 25 characters)'),
    ('{"secondary_email": "nonsense"}', 'secondary_email: Secondary email is invalid'),
    ('{"secondary_email": "JOHN.doe@example.com"}', 'secondary_email: Secondary email is invalid'),
    ('{"secondary_email": "ANN@example.com"}', 'secondary_email: Secondary email has already been taken'),
    ('{"secondary_email": 5}', 'secondary_email: Secondary email is invalid'),
    ('{"dob": ""}', 'dob: Date of birth can not be blank'),
    ('{"dob": "1990-02-30"}', 'dob: Date of birth is not a date'),
    ('{"dob": "01/01/1990"}', 'dob: Date of birth is not a date'),
    ('{"dob": 19900101}', 'dob: Date of birth is invalid'),
    ('{"dob": "2999-01-01"}', 'dob: Date of birth is invalid'),
    ('{"gender": "Male"}', 'gender: Gender is not included in the list'),
    ('{"gender": 1}', 'gender: Gender is invalid'),
    ('{"contact_number": true}', 'contact_number: Contact number is invalid'),
    ('{"contact_number": -5}', 'contact_number: Contact number is invalid'),
    ('{"country": "U"}', 'country: Country is too short (minimum is 2 characters)'),
    ('{"country": ["US"]}', 'country: Country is invalid')
) AS t (change, complaint);
SELECT is(pg_temp.complaints('dsrt_v1.update_profile', pg_temp.updating(jsonb_build_object('contact_number', repeat('5', 51), 'country', repeat('x', 51), 'secondary_email', repeat('x', 250) || '@b.com')), :'token'),
    ARRAY['secondary_email: Secondary email is too long (maximum is 255 characters)', 'contact_number: Contact number is too long (maximum is 50 characters)', 'country: Country is too long (maximum is 50 characters)'],
    'update: one more than allowed');
SELECT is((SELECT last_name FROM app.account WHERE id = :john), 'Smith', 'update: a refusal changes nothing');
SELECT is(pg_temp.code('dsrt_v1.update_profile', pg_temp.updating(jsonb_build_object('dob', to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD'))), :'token'), NULL, 'update: born today');

SELECT is(pg_temp.body('dsrt_v1.update_profile', pg_temp.updating('{"middle_name": " von ", "contact_number": 5551234}'), :'token') -> 'user' ->> 'full_name', 'John von Smith', 'update: names are joined by single blanks');
SELECT is((SELECT contact_number FROM app.account WHERE id = :john), '5551234', 'update: a number stands for digits');
SELECT is(pg_temp.body('dsrt_v1.update_profile', pg_temp.updating('{}'), :'token') -> 'user' ->> 'full_name', 'John von Smith', 'update: missing names are kept');
SELECT results_eq(format('SELECT contact_number, secondary_email FROM app.account WHERE id = %s', :john), $$VALUES ('5551234', 'john.doe2@example.com')$$, 'update: so are number and address');
SELECT core.confirm_secondary_email(pg_temp.mailed('secondary_confirmation', 'john.doe2@example.com')) AS confirmed \gset
SELECT is(pg_temp.body('dsrt_v1.update_profile', pg_temp.updating('{"secondary_email": "John.Doe2@example.com"}'), :'token') #>> '{user,secondary_email_confirmed}', 'true', 'update: the same address stays confirmed');
SELECT is(pg_temp.body('dsrt_v1.update_profile', pg_temp.updating('{"secondary_email": "john.doe3@example.com"}'), :'token') #>> '{user,secondary_email_confirmed}', 'false', 'update: a changed one does not');
SELECT is((pg_temp.body('dsrt_v1.update_profile', pg_temp.updating('{"secondary_email": "", "contact_number": "", "middle_name": "", "last_name": null}'), :'token') -> 'user') - ARRAY['id', 'email', 'level', 'email_confirmed', 'dob', 'gender', 'country', 'avatar'],
    '{"first_name": "John", "middle_name": null, "last_name": null, "full_name": "John", "secondary_email": null, "secondary_email_confirmed": null, "contact_number": null}', 'update: empty ones are cleared');
SELECT is(pg_temp.body('dsrt_v1.update_profile', pg_temp.updating('{"email": "x@example.com", "level": "x", "email_confirmed": false, "avatar": "x"}'), :'token') #>> '{user,email}', 'john.doe@example.com', 'update: read-only fields are ignored');
SELECT throws_ok(format('SELECT pg_temp.answer(%L, %L, %L)', 'dsrt_v1.update_profile', '{', :'token'), 'RP400', NULL, 'update: malformed');

-- Roles
SELECT function_privs_are('dsrt_v1', f, ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], f || ': rapport_api may call it')
FROM unnest(ARRAY['me', 'update_profile']) AS f;
SELECT function_privs_are('dsrt_v1', f, ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], f || ': rapport_report may not')
FROM unnest(ARRAY['me', 'update_profile']) AS f;

SELECT * FROM finish();
ROLLBACK;
