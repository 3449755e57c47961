BEGIN;
\ir ../support/people.psql
\ir ../support/pages.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.registering(p_change jsonb) RETURNS text
LANGUAGE sql
AS $function$
    SELECT jsonb_build_object('user', '{"email": "x@example.com", "first_name": "John", "password": "secret"}' || p_change)::text
$function$;

-- register
SELECT * FROM pg_temp.answer('dsrt_v1.register', '{"user": {"email": "john.doe@example.com", "first_name": "John", "last_name": "Smith", "password": "secret", "password_confirmation": "secret"}}') \gset reg_
SELECT core.find_account('john.doe@example.com') AS john \gset
SELECT is(:'reg_body'::text, format(
    '{"http_status_code" : 200, "message" : "Thanks for register with us. You now can login to the DSRT", "user" : {"id" : %s, "first_name" : "John", '
    '"last_name" : "Smith", "full_name" : "John Smith", "email" : "john.doe@example.com", "avatar" : null, '
    '"organisation" : null, "default_password" : false}}', :john), 'register: the documented answer, without a token');
SELECT is(core.account_state(:john), 'pending', 'register: pending');
SELECT is((SELECT count(*) FROM app.session WHERE account_id = :john), 0::bigint, 'register: no session');
SELECT results_eq($$SELECT kind, recipient, request_id FROM app.mail$$, $$VALUES ('confirmation', 'john.doe@example.com', 'test-request')$$, 'register: mails a link');
SELECT ok(core.render_mail(m.id) LIKE '%' || E'\r\nhttps://rapport.example/api/v1/user/registration/confirm?confirmation_token=' || m.secret || E'\r\n%', 'register: the link leads to confirm')
FROM app.mail AS m;

SELECT is((pg_temp.answer('dsrt_v1.register', pg_temp.registering('{"first_name": ""}'))).body,
    '{"message" : "Failed to register. Please check for form errors", "http_status_code" : 400, "error" : {"code" : "BAD_PARAMETERS", '
    '"errors" : [{"field" : "first_name", "message" : "First name can not be blank"}]}}', 'register: the documented failure');
SELECT is(pg_temp.complaints('dsrt_v1.register', b), ARRAY['email: Email can not be blank', 'password: Password can not be blank', 'first_name: First name can not be blank'],
    'register: every wrong field, in order: ' || b)
FROM unnest(ARRAY['{}', '{"user": 5}', '{"user": {"email": " ", "password": "", "first_name": " "}}']) AS b;
SELECT is(pg_temp.complaints('dsrt_v1.register', pg_temp.registering(t.change::jsonb)), ARRAY[t.complaint], 'register: ' || t.change)
FROM (VALUES
    ('{"email": "JOHN.DOE@example.com"}', 'email: Email has already been taken'),
    ('{"email": "john"}', 'email: Email is invalid'),
    ('{"email": "a@b.c\nd"}', 'email: Email is invalid'),
    ('{"email": 5}', 'email: Email is invalid'),
    ('{"password": "12345"}', 'password: Password is too short (minimum is 6 characters)'),
    ('{"password": 123456}', 'password: Password is invalid'),
    ('{"password_confirmation": "Secret"}', 'password_confirmation: Password confirmation doesn''t match Password'),
    ('{"password_confirmation": ""}', 'password_confirmation: Password confirmation doesn''t match Password'),
    ('{"first_name": "abcdefghijklmnopqrstuvwxyz"}', 'first_name: First name is too long (maximum is 25 characters)'),
    ('{"first_name": true}', 'first_name: First name is invalid'),
    ('{"first_name": "a\tb"}', 'first_name: First name is invalid'),
    ('{"last_name": "abcdefghijklmnopqrstuvwxyz"}', 'last_name: Last name is too long (maximum is 25 characters)'),
    ('{"last_name": {}}', 'last_name: Last name is invalid')
) AS t (change, complaint);
SELECT is(pg_temp.complaints('dsrt_v1.register', pg_temp.registering(jsonb_build_object('password', repeat('x', 129)))),
    ARRAY['password: Password is too long (maximum is 128 characters)'], 'register: 129 characters');
SELECT is(pg_temp.complaints('dsrt_v1.register', pg_temp.registering(jsonb_build_object('email', repeat('x', 250) || '@b.com'))),
    ARRAY['email: Email is too long (maximum is 255 characters)'], 'register: an address of 256 characters');
SELECT is(pg_temp.complaints('dsrt_v1.register', '{"user": {"email": "john", "password": "1", "password_confirmation": "2", "first_name": "", "last_name": 1}}'),
    ARRAY['email: Email is invalid', 'password: Password is too short (minimum is 6 characters)', 'password_confirmation: Password confirmation doesn''t match Password',
        'first_name: First name can not be blank', 'last_name: Last name is invalid'], 'register: one entry a field, in order');
SELECT is((SELECT count(*) FROM app.account), 1::bigint, 'register: a refusal makes nothing');

SELECT is(pg_temp.code('dsrt_v1.register', pg_temp.registering(jsonb_build_object('email', n || '@example.com') || t.change::jsonb)), NULL, 'register: ' || t.change)
FROM (VALUES (1, '{}'), (2, '{"last_name": null, "password_confirmation": null}'), (3, '{"last_name": ""}'), (4, '{"id": 1, "is_group_creator": true, "state": "active"}'),
    (5, '{"first_name": "Ärztin 😀 abcdefghijklmnop"}'), (6, '{"invite_token": "xxx"}')) AS t (n, change);
SELECT is((SELECT count(*) FROM app.account WHERE is_group_creator OR state <> 'pending'), 0::bigint, 'register: unknown fields are ignored');
SELECT is((SELECT first_name FROM app.account WHERE email = '5@example.com'), 'Ärztin 😀 abcdefghijklmnop', 'register: any script');

-- confirm
SELECT pg_temp.mailed('confirmation', 'john.doe@example.com') AS token \gset
SELECT format('{"confirmation_token": "%s"}', :'token') AS query \gset
SELECT is(pg_temp.body('dsrt_v1.confirm_registration', NULL, NULL, 'HEAD', :'query') ->> 'http_status_code', '200', 'confirm: HEAD looks');
SELECT is(core.account_state(:john), 'pending', 'confirm: and changes nothing');
SELECT is(pg_temp.code('dsrt_v1.confirm_registration', NULL, NULL, 'HEAD', '{"confirmation_token": "nonsense"}'), 'BAD_REQUEST', 'confirm: HEAD of a bad one');
SELECT * FROM pg_temp.answer('dsrt_v1.confirm_registration', NULL, NULL, 'GET', :'query') \gset confirm_
SELECT is(:'confirm_body'::text, format(
    '{"http_status_code" : 200, "message" : "Your email has been confirmed", "user" : {"id" : %s, "first_name" : "John", '
    '"last_name" : "Smith", "full_name" : "John Smith", "email" : "john.doe@example.com", "avatar" : null, '
    '"organisation" : null, "default_password" : false}, "access_token" : "%s"}', :john, :'confirm_new_token'), 'confirm: the user and a token');
SELECT is(core.account_state(:john), 'active', 'confirm: active');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'confirm_new_token'), 'confirm: logged in');
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": "john.doe@example.com", "password": "secret"}}'), NULL, 'confirm: log-in works now');
SELECT is((pg_temp.answer('dsrt_v1.confirm_registration', NULL, NULL, 'GET', :'query')).body,
    '{"message" : "The confirmation token is invalid or expired", "http_status_code" : 400, "error" : {"code" : "BAD_REQUEST"}}', 'confirm: once');
SELECT is(pg_temp.code('dsrt_v1.confirm_registration', format('{"confirmation_token": "%s"}', pg_temp.mailed('confirmation', '1@example.com'))), NULL, 'confirm: by POST');
SELECT is(pg_temp.complaints('dsrt_v1.confirm_registration', '{}'), ARRAY['confirmation_token: Confirmation token can not be blank'], 'confirm: no token');
SELECT is(pg_temp.complaints('dsrt_v1.confirm_registration', '{"confirmation_token": 5}'), ARRAY['confirmation_token: Confirmation token is invalid'], 'confirm: a wrong type');
UPDATE app.mailed_token SET expires_at = now() WHERE address = '2@example.com';
SELECT is(pg_temp.code('dsrt_v1.confirm_registration', format('{"confirmation_token": "%s"}', pg_temp.mailed('confirmation', '2@example.com'))), 'BAD_REQUEST', 'confirm: too late');
UPDATE app.account SET state = 'blocked', blocked_at = now() WHERE email = '3@example.com';
SELECT is(pg_temp.code('dsrt_v1.confirm_registration', format('{"confirmation_token": "%s"}', pg_temp.mailed('confirmation', '3@example.com'))), 'ACCESS_DENINED', 'confirm: a blocked account stays blocked');
SELECT is((SELECT count(*) FROM app.session AS s INNER JOIN app.account AS a ON a.id = s.account_id WHERE a.email = '3@example.com'), 0::bigint, 'confirm: and gets no session');

-- confirm, in a browser
SELECT format('{"confirmation_token": "%s"}', pg_temp.mailed('confirmation', '4@example.com')) AS query \gset
SELECT is(pg_temp.title(a) || ' ' || a.status, 'Your email has been confirmed 200', 'confirm: HEAD of the page')
FROM pg_temp.browse('dsrt_v1.confirm_registration', NULL, 'HEAD', :'query') AS a;
SELECT is(core.account_state(core.find_account('4@example.com')), 'pending', 'confirm: changes nothing either');
SELECT is(pg_temp.title(a) || ' ' || a.status, 'Your email has been confirmed 200', 'confirm: a page')
FROM pg_temp.browse('dsrt_v1.confirm_registration', NULL, 'GET', :'query') AS a;
SELECT is(core.account_state(core.find_account('4@example.com')), 'active', 'confirm: by a browser too');
SELECT is_empty($$SELECT FROM app.session WHERE account_id = core.find_account('4@example.com')$$, 'confirm: which gets no session');
SELECT is(pg_temp.title(a) || ' ' || a.status || ' ' || a.outcome, 'This link does not work 200 400', 'confirm: a page for ' || coalesce(q, 'no token'))
FROM unnest(ARRAY[NULL, :'query', '{"confirmation_token": ""}', '{"confirmation_token": ["x"]}']) AS q CROSS JOIN LATERAL pg_temp.browse('dsrt_v1.confirm_registration', NULL, 'GET', q) AS a;
UPDATE app.account SET state = 'blocked', blocked_at = now() WHERE email = '5@example.com';
SELECT is(pg_temp.title(a) || ' ' || a.status || ' ' || a.outcome, 'Your account is blocked 200 403', 'confirm: a page for a blocked account')
FROM pg_temp.browse('dsrt_v1.confirm_registration', NULL, 'GET', format('{"confirmation_token": "%s"}', pg_temp.mailed('confirmation', '5@example.com'))) AS a;
SELECT is((SELECT array_agg(method || ' ' || media_types::text ORDER BY method) FROM app.route WHERE path = '/api/v1/user/registration/confirm'),
    ARRAY['GET {application/json,text/html}', 'POST {application/json}'], 'confirm: the link has a page, the call has none');

-- Roles
SELECT function_privs_are('dsrt_v1', f, ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], f || ': rapport_api may call it')
FROM unnest(ARRAY['register', 'confirm_registration']) AS f;
SELECT function_privs_are('dsrt_v1', f, ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], f || ': rapport_report may not')
FROM unnest(ARRAY['register', 'confirm_registration']) AS f;

SELECT * FROM finish();
ROLLBACK;
