BEGIN;
\ir ../support/people.psql
\ir ../support/gather.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.registering(p_change jsonb) RETURNS text
LANGUAGE sql
AS $function$
    SELECT ('{"username": "somebody", "password": "12345678", "email": "somebody@example.com"}' || p_change)::text
$function$;

-- register
SELECT * FROM pg_temp.answer('gather_v1.register',
    '{"username": "test1234", "password": "12345678", "email": "test1234@example.com"}') \gset reg_
SELECT core.find_account('test1234@example.com') AS test \gset
SELECT is(:'reg_body'::text, format('{"status" : "success", "user_id" : %s}', :test), 'register: the documented answer');
SELECT is(:reg_status, 200, 'register: 200');
SELECT is((SELECT count(*) FROM app.session), 0::bigint, 'register: no session');
SELECT results_eq(
    format('SELECT state, username, email_confirmed_at IS NULL, password_flow, created_via FROM app.account WHERE id = %s', :test),
    $$VALUES ('active', 'test1234', true, 'gather_v1.registration', 'gather_v1')$$, 'register: active at once, the address not proved');
SELECT results_eq('SELECT kind, recipient, request_id FROM app.mail', $$VALUES ('confirmation', 'test1234@example.com', 'test-request')$$, 'register: mails a link');
SELECT ok(core.render_mail(m.id) LIKE '%' || E'\r\nhttps://rapport.example/api/v1/user/registration/confirm?confirmation_token=' || m.secret || E'\r\n%',
    'register: the link leads to confirm')
  FROM app.mail AS m;
SELECT results_eq($$SELECT account_id, address, request_id FROM app.audit WHERE event = 'account.registered'$$,
    format($$VALUES (%s::bigint, '192.0.2.1', 'test-request')$$, :test), 'register: is in the audit trail');
SELECT is(pg_temp.error_code('login', '{"username": "test1234", "password": "12345678"}'), NULL, 'register: log-in works at once');

-- Wrong parameters
SELECT is(pg_temp.refusal('register', b),
    '100 username: can not be blank, password: can not be blank, email: can not be blank', 'register: every wrong field, in order: ' || coalesce(b, 'no body'))
  FROM unnest(ARRAY[NULL, '{}', '{"username": "", "password": "", "email": " "}', '{"username": null, "password": null, "email": null}']) AS b;
SELECT is(pg_temp.refusal('register', pg_temp.registering(t.change::jsonb)), '100 ' || t.complaint, 'register: ' || t.change)
  FROM (VALUES
    ('{"username": "seven77"}', 'username: is too short (minimum is 8 characters)'),
    ('{"username": "seventeen_letters"}', 'username: is too long (maximum is 16 characters)'),
    ('{"username": 12345678}', 'username: is invalid'),
    ('{"username": ["somebody"]}', 'username: is invalid'),
    ('{"username": "some body"}', 'username: may only have letters, digits, "_", "." and "-"'),
    ('{"username": "sömebody"}', 'username: may only have letters, digits, "_", "." and "-"'),
    ('{"username": "some@body"}', 'username: may only have letters, digits, "_", "." and "-"'),
    ('{"password": "1234567"}', 'password: is too short (minimum is 8 characters)'),
    ('{"password": "12345678901234567"}', 'password: is too long (maximum is 16 characters)'),
    ('{"password": 12345678}', 'password: is invalid'),
    ('{"email": "somebody"}', 'email: is invalid'),
    ('{"email": "a@b.c\nd"}', 'email: is invalid'),
    ('{"email": {"a": 1}}', 'email: is invalid'),
    ('{"username": "x", "password": "x", "email": "x"}',
        'username: is too short (minimum is 8 characters), password: is too short (minimum is 8 characters), email: is invalid')
  ) AS t (change, complaint);
SELECT is(pg_temp.refusal('register', pg_temp.registering(jsonb_build_object('email', repeat('x', 250) || '@b.com'))),
    '100 email: is too long (maximum is 255 characters)', 'register: an address of 256 characters');
SELECT throws_ok(format('SELECT pg_temp.answer(%L, %L)', 'gather_v1.register', b), 'RP400', NULL, 'register: malformed ' || b)
  FROM unnest(ARRAY['{', '[]', '"x"', '{"username": "\u0000"}']) AS b;

-- Taken
SELECT is(pg_temp.refusal('register', pg_temp.registering(t.change::jsonb)), '106 ' || t.complaint, 'register: ' || t.change)
  FROM (VALUES
    ('{"username": "TEST1234"}', 'username: has already been taken'),
    ('{"email": "Test1234@Example.com"}', 'email: has already been taken'),
    ('{"username": "Test1234", "email": "test1234@example.com"}', 'username: has already been taken, email: has already been taken')
  ) AS t (change, complaint);
SELECT is((pg_temp.answer('gather_v1.register', pg_temp.registering('{"username": "test1234"}'))).status, 409, 'register: 409');
SELECT is((SELECT count(*) FROM app.account), 1::bigint, 'register: a refusal makes nothing');
SELECT is((SELECT count(*) FROM app.mail), 1::bigint, 'register: and mails nothing');

SELECT pg_temp.person('ann@example.com') AS ann \gset
UPDATE app.account SET secondary_email = 'ann.two@example.com', username = 'ann.1234' WHERE id = :ann;
SELECT is(pg_temp.refusal('register', pg_temp.registering('{"username": "not.ann2", "email": "ann.two@example.com"}')), '',
    'register: a secondary address without proof takes it from nobody');
UPDATE app.account SET secondary_email = 'ann.three@example.com', secondary_email_confirmed_at = now() WHERE id = :ann;
SELECT is(pg_temp.refusal('register', pg_temp.registering('{"email": "Ann.Three@example.com"}')), '106 email: has already been taken',
    'register: a confirmed secondary address does');
SELECT core.close_account(:ann, NULL, NULL) AS done \gset
SELECT is(pg_temp.refusal('register', pg_temp.registering('{"username": "Ann.1234", "email": "ann@example.com"}')),
    '106 username: has already been taken, email: has already been taken', 'register: after closing both stay taken');
SELECT is(pg_temp.error_code('create_user', '{"email": "pending@example.com", "firstname": "P", "lastname": "P"}'), NULL, 'register: a pending account');
SELECT is(pg_temp.refusal('register', pg_temp.registering('{"email": "pending@example.com"}')), '106 email: has already been taken', 'register: has its address too');

-- What is right at its limits
SELECT is(pg_temp.error_code('register', pg_temp.registering(jsonb_build_object('email', n || '@example.com', 'username', 'person_' || n) || t.change::jsonb)), NULL,
    'register: ' || t.change)
  FROM (VALUES (1, '{"username": "A_.-5678"}'), (2, '{"username": "  sixteen_letters_  "}'), (3, '{"password": "1234567890123456"}'),
    (4, '{"password": "        "}'), (5, '{"password": "ÄÖÜäöüß😀"}'), (6, '{"id": 1, "is_group_creator": true, "firstname": "X"}')) AS t (n, change);
SELECT is((SELECT username FROM app.account WHERE email = '2@example.com'), 'sixteen_letters_', 'register: blanks around a username are taken off');
SELECT results_eq($$SELECT is_group_creator, first_name FROM app.account WHERE email = '6@example.com'$$, 'VALUES (false, NULL::text)', 'register: unknown fields are ignored');
SELECT is(pg_temp.error_code('login', '{"username": "person_5", "password": "ÄÖÜäöüß😀"}'), NULL, 'register: a password of any characters');

-- The mailed link
SELECT pg_temp.mailed('confirmation', 'test1234@example.com') AS link \gset
SELECT is((SELECT state FROM core.confirm_email(:'link')), 'active', 'register: the link is good');
SELECT isnt((SELECT email_confirmed_at FROM app.account WHERE id = :test), NULL, 'register: and sets email_confirmed');
SELECT is(pg_temp.error_code('login', '{"username": "test1234", "password": "12345678"}'), NULL, 'register: the password set in the same flow goes on');

-- Roles
SELECT function_privs_are('gather_v1', 'register', ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], 'register: rapport_api may call it');
SELECT function_privs_are('gather_v1', 'register', ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], 'register: rapport_report may not');

SELECT * FROM finish();
ROLLBACK;
