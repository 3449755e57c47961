BEGIN;
\ir ../support/people.psql
\ir ../support/pages.psql
SELECT no_plan();

SELECT pg_temp.person('john.doe@example.com') AS john \gset
SELECT pg_temp.token(:john) AS token, pg_temp.token(:john) AS other \gset

-- update_password
SELECT is(pg_temp.code('dsrt_v1.update_password', '{"user": {"password": "newpass"}}'), 'ACCESS_TOKEN_INVALID', 'update_password: no token');
SELECT is((pg_temp.answer('dsrt_v1.update_password', '{"user": {"password": "12345"}}', :'token')).body,
    '{"message" : "Failed to update password", "http_status_code" : 400, "error" : {"code" : "BAD_PARAMETERS", "errors" : '
    '[{"field" : "password", "message" : "Password is too short (minimum is 6 characters)"}]}}', 'update_password: the documented failure');
SELECT is(pg_temp.complaints('dsrt_v1.update_password', t.body, :'token'), ARRAY[t.complaint], 'update_password: ' || left(t.body, 40))
FROM (VALUES
    ('{}', 'password: Password can''t be blank'),
    ('{"user": {"password": ""}}', 'password: Password can''t be blank'),
    ('{"user": {"password": 1234567}}', 'password: Password is invalid'),
    (format('{"user": {"password": "%s"}}', repeat('x', 129)), 'password: Password is too long (maximum is 128 characters)')
) AS t (body, complaint);
SELECT is(pg_temp.tried(:john, 'secret'), 'right', 'update_password: a refusal changes nothing');
SELECT is((pg_temp.answer('dsrt_v1.update_password', '{"user": {"password": "newpass"}}', :'token')).body,
    '{"message" : "Password updated successfully", "http_status_code" : 200}', 'update_password: the documented answer');
SELECT is(pg_temp.tried(:john, 'newpass'), 'right', 'update_password: the new password counts');
SELECT is(pg_temp.tried(:john, 'secret'), 'wrong', 'update_password: the old one does not');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'token'), 'update_password: this session goes on');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'other'), 'update_password: the others end');
SELECT is(pg_temp.code('dsrt_v1.update_password', format('{"user": {"password": "%s"}}', repeat('ä', 128)), :'token'), NULL, 'update_password: 128 characters of two bytes');
SELECT is(pg_temp.tried(:john, repeat('ä', 128)), 'right', 'update_password: count');
SELECT is(pg_temp.tried(:john, repeat('ä', 127)), 'wrong', 'update_password: all of them');

-- forgot
SELECT is((pg_temp.answer('dsrt_v1.forgot_password', '{"user": {"email": "john.doe@example.com"}}')).body,
    '{"message" : "Please check your email for reset password instructions", "http_status_code" : 200}', 'forgot: the documented answer');
SELECT is((pg_temp.answer('dsrt_v1.forgot_password', '{"user": {"email": "nobody@example.com"}}')).body,
    '{"message" : "Please check your email for reset password instructions", "http_status_code" : 200}', 'forgot: of an unknown address, alike');
SELECT is((SELECT array_agg(recipient) FROM app.mail), ARRAY['john.doe@example.com'], 'forgot: only who is known is mailed');
SELECT ok(core.render_mail(m.id) LIKE '%' || E'\r\nhttps://rapport.example/api/v1/user/password/reset?reset_token=' || m.secret || E'\r\n%', 'forgot: the link leads to reset')
FROM app.mail AS m;
SELECT is(pg_temp.complaints('dsrt_v1.forgot_password', t.body), ARRAY[t.complaint], 'forgot: ' || t.body)
FROM (VALUES ('{}', 'email: Email can''t be blank'), ('{"user": {"email": "x"}}', 'email: Email is invalid'), ('{"user": {"email": 5}}', 'email: Email is invalid')) AS t (body, complaint);

-- The link
SELECT pg_temp.mailed('password_reset', 'john.doe@example.com') AS reset \gset
SELECT format('{"reset_token": "%s"}', :'reset') AS query \gset
SELECT is((pg_temp.answer('dsrt_v1.show_reset', NULL, NULL, m, :'query')).body, '{"message" : "The reset token is valid", "http_status_code" : 200}', 'show_reset: ' || m)
FROM unnest(ARRAY['GET', 'HEAD', 'GET']) AS m;
SELECT is((pg_temp.answer('dsrt_v1.show_reset', NULL, NULL, 'GET', '{"reset_token": "nonsense"}')).body,
    '{"message" : "The reset token is invalid or expired", "http_status_code" : 400, "error" : {"code" : "BAD_REQUEST"}}', 'show_reset: an unknown token');
SELECT is(pg_temp.complaints('dsrt_v1.show_reset', NULL, NULL, 'GET', q), ARRAY[c], 'show_reset: ' || coalesce(q, 'no query'))
FROM (VALUES (NULL, 'reset_token: Reset token can''t be blank'), ('{"reset_token": ["x"]}', 'reset_token: Reset token is invalid')) AS t (q, c);
SELECT alike(a.body, '%<form method="post" action="/api/v1/user/password/reset"><input type="hidden" name="reset_token" value="' || :'reset'
    || '">%<input id="password" type="password" name="user[password]"%minlength="6"%', 'show_reset: a form for a browser')
FROM pg_temp.browse('dsrt_v1.show_reset', NULL, 'GET', :'query') AS a;
SELECT is(pg_temp.title(a) || ' ' || a.status || ' ' || a.outcome, 'This link does not work 200 400', 'show_reset: a page for ' || coalesce(q, 'no token'))
FROM unnest(ARRAY[NULL, '{"reset_token": "nonsense"}']) AS q CROSS JOIN LATERAL pg_temp.browse('dsrt_v1.show_reset', NULL, 'GET', q) AS a;

-- reset
SELECT is(pg_temp.complaints('dsrt_v1.reset_password', '{}'), ARRAY['reset_token: Reset token can''t be blank', 'password: Password can''t be blank'], 'reset: what is required');
SELECT is(pg_temp.complaints('dsrt_v1.reset_password', format('{"reset_token": "%s", "user": {"password": "12345"}}', :'reset')),
    ARRAY['password: Password is too short (minimum is 6 characters)'], 'reset: a short password');
SELECT is((pg_temp.answer('dsrt_v1.reset_password', '{"reset_token": "nonsense", "user": {"password": "resetpass"}}')).body,
    '{"message" : "The reset token is invalid or expired", "http_status_code" : 400, "error" : {"code" : "BAD_REQUEST"}}', 'reset: an unknown token');
SELECT is((pg_temp.answer('dsrt_v1.reset_password', format('{"reset_token": "%s", "user": {"password": "resetpass"}}', :'reset'))).body,
    '{"message" : "Password has been reset successfully", "http_status_code" : 200}', 'reset: a failure before did not use it up');
SELECT is(pg_temp.code('dsrt_v1.reset_password', format('{"reset_token": "%s", "user": {"password": "resetpass"}}', :'reset')), 'BAD_REQUEST', 'reset: once');
SELECT is(pg_temp.code('dsrt_v1.me', NULL, :'token', 'GET'), 'ACCESS_TOKEN_INVALID', 'reset: all sessions end');
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": "john.doe@example.com", "password": "resetpass"}}'), NULL, 'reset: log-in with the new password');

-- reset, by the form
UPDATE app.mail SET created_at = now() - interval '1 minute';
SELECT pg_temp.code('dsrt_v1.forgot_password', '{"user": {"email": "john.doe@example.com"}}') AS code \gset
SELECT pg_temp.mailed('password_reset', 'john.doe@example.com') AS reset \gset
SELECT is(pg_temp.title(a) || ' ' || a.status || ' ' || a.outcome || ' ' || substring(a.body FROM 'id="wrong">([^<]*)<'),
    'Choose a new password 200 400 Password is too short (minimum is 6 characters)', 'reset: the form once more')
FROM pg_temp.browse('dsrt_v1.reset_password', format('{"reset_token": "%s", "user": {"password": "12345"}}', :'reset'), 'POST') AS a;
SELECT is(pg_temp.title(a) || ' ' || a.status || ' ' || a.outcome, 'This link does not work 200 400', 'reset: a page for ' || b)
FROM unnest(ARRAY['{}', '{"user": {"password": "formpass"}}', '{"reset_token": "nonsense", "user": {"password": "formpass"}}']) AS b
CROSS JOIN LATERAL pg_temp.browse('dsrt_v1.reset_password', b, 'POST') AS a;
SELECT is(pg_temp.title(a) || ' ' || a.status, 'Password has been reset successfully 200', 'reset: a page')
FROM pg_temp.browse('dsrt_v1.reset_password', format('{"reset_token": "%s", "user": {"password": "formpass"}}', :'reset'), 'POST') AS a;
SELECT is(pg_temp.code('dsrt_v1.login', '{"user": {"email": "john.doe@example.com", "password": "formpass"}}'), NULL, 'reset: by a browser too');

-- Nothing secret in answers or the audit trail
SELECT is((SELECT count(*) FROM app.audit AS u WHERE u::text ~ 'secret|newpass|resetpass|formpass|\$2a\$' OR u::text LIKE '%' || :'reset' || '%'), 0::bigint, 'audit: no password, hash or token');

-- Roles
SELECT function_privs_are('dsrt_v1', f, ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], f || ': rapport_api may call it')
FROM unnest(ARRAY['update_password', 'forgot_password', 'show_reset', 'reset_password']) AS f;
SELECT function_privs_are('dsrt_v1', f, ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], f || ': rapport_report may not')
FROM unnest(ARRAY['update_password', 'forgot_password', 'show_reset', 'reset_password']) AS f;

SELECT * FROM finish();
ROLLBACK;
