BEGIN;
\ir ../support/people.psql
\ir ../support/pages.psql
\ir ../support/exchange.psql
SELECT no_plan();

SELECT pg_temp.person('kukuh@example.com') AS kukuh \gset
SELECT pg_temp.token(:kukuh) AS token \gset

-- forgot
SELECT is(pg_temp.said('forgot_password', format('{"email": "%s"}', e)),
    '200 {"message" : "If this address belongs to an account, a link to reset the password has been mailed to it"}', 'forgot: ' || e)
FROM unnest(ARRAY['KUKUH@example.com', 'nobody@example.com']) AS e;
SELECT is((SELECT array_agg(recipient || ' ' || kind) FROM app.mail), ARRAY['kukuh@example.com password_reset'], 'forgot: only who is known is mailed');
SELECT ok(core.render_mail(m.id) LIKE '%' || E'\r\nhttps://rapport.example/reset?token=' || m.secret || E'\r\n%', 'forgot: the link leads to reset')
FROM app.mail AS m;
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'password.forgotten'), 2::bigint, 'forgot: noted whoever is asked for');
SELECT is(pg_temp.faults('forgot_password', t.body), ARRAY[t.fault], 'forgot: ' || t.body)
FROM (VALUES ('{}', 'email can not be blank'), ('{"email": "x"}', 'email is invalid'), ('{"email": 5}', 'email is invalid')) AS t (body, fault);

-- The link
SELECT pg_temp.mailed('password_reset', 'kukuh@example.com') AS reset \gset
SELECT format('{"token": "%s"}', :'reset') AS query \gset
SELECT is(pg_temp.said('show_reset', NULL, NULL, m, :'query'), '200 {"message" : "The link is good: send the new password with its token"}', 'show_reset: ' || m)
FROM unnest(ARRAY['GET', 'HEAD', 'GET']) AS m;
SELECT is(pg_temp.said('show_reset', NULL, NULL, 'GET', '{"token": "nonsense"}'), '400 {"message" : "The link is invalid or expired"}', 'show_reset: an unknown token');
SELECT is(pg_temp.faults('show_reset', NULL, NULL, 'GET', q), ARRAY[f], 'show_reset: ' || coalesce(q, 'no query'))
FROM (VALUES (NULL, 'token can not be blank'), ('{"token": ["x"]}', 'token is invalid')) AS t (q, f);
SELECT is(a.status || ' ' || substring(a.body FROM '<form method="post" action="/reset"><input type="hidden" name="token" value="([^"]+)">'), '200 ' || :'reset', 'show_reset: a form for a browser')
FROM pg_temp.browse('exchange_v1.show_reset', NULL, 'GET', :'query') AS a;
SELECT is(array_length(string_to_array((pg_temp.browse('exchange_v1.show_reset', NULL, 'GET', :'query')).body, :'reset'), 1), 2, 'show_reset: the token stands there once');
SELECT alike((pg_temp.browse('exchange_v1.show_reset', NULL, 'GET', :'query')).body, '%<input id="password" type="password" name="password"%minlength="8"%', 'show_reset: that asks for 8 characters');
SELECT is(pg_temp.title(a) || ' ' || a.status, 'This link does not work 400', 'show_reset: a page for ' || coalesce(q, 'no token'))
FROM unnest(ARRAY[NULL, '{"token": ["x"]}', '{"token": "nonsense"}']) AS q CROSS JOIN LATERAL pg_temp.browse('exchange_v1.show_reset', NULL, 'GET', q) AS a;

-- reset
SELECT is(pg_temp.faults('reset_password', b), ARRAY['token can not be blank', 'password can not be blank'], 'reset: ' || coalesce(b, 'no body'))
FROM unnest(ARRAY[NULL, '{}', '{"token": "", "password": ""}']) AS b;
SELECT is(pg_temp.faults('reset_password', format('{"token": "%s", "password": %s}', :'reset', t.password)), ARRAY[t.fault], 'reset: ' || left(t.password, 20))
FROM (VALUES ('"1234567"', 'password is too short (minimum is 8 characters)'), ('12345678', 'password is invalid'),
    (format('"%s"', repeat('x', 129)), 'password is too long (maximum is 128 characters)')) AS t (password, fault);
SELECT is(pg_temp.said('reset_password', '{"token": "nonsense", "password": "another long secret"}'), '400 {"message" : "The link is invalid or expired"}', 'reset: an unknown token');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'token'), 'reset: a refusal ends nothing');
SELECT is(pg_temp.said('reset_password', format('{"token": "%s", "password": "another long secret"}', :'reset')), '200 {"message" : "Your new password is set"}', 'reset: done');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'token'), 'reset: every session ends');
SELECT is(pg_temp.tried(:kukuh, 'another long secret'), 'right', 'reset: the new password counts');
SELECT is((SELECT password_flow FROM app.account WHERE id = :kukuh), 'exchange_v1.reset', 'reset: set in this flow');
SELECT is(pg_temp.said('reset_password', format('{"token": "%s", "password": "a third long secret"}', :'reset')), '400 {"message" : "The link is invalid or expired"}', 'reset: once');

-- reset, by the form
UPDATE app.mail SET created_at = now() - interval '1 minute';
SELECT (pg_temp.answer('exchange_v1.forgot_password', '{"email": "kukuh@example.com"}')).status AS status \gset
SELECT pg_temp.mailed('password_reset', 'kukuh@example.com') AS reset \gset
SELECT is(pg_temp.title(a) || ' ' || a.status || ' ' || substring(a.body FROM 'id="wrong">([^<]*)<') || ' ' || (a.body LIKE '%value="' || :'reset' || '"%'),
    'Choose a new password 400 The password ' || t.wrong || ' true', 'reset: the form once more: ' || t.wrong)
FROM (VALUES ('', 'can not be blank'), ('1234567', 'is too short (minimum is 8 characters)')) AS t (password, wrong)
CROSS JOIN LATERAL pg_temp.browse('exchange_v1.reset_password', format('{"token": "%s", "password": "%s"}', :'reset', t.password), 'POST') AS a;
SELECT unalike((pg_temp.browse('exchange_v1.reset_password', format('{"token": "%s", "password": "1234567"}', :'reset'), 'POST')).body, '%1234567%', 'reset: no password in a page');
SELECT is(pg_temp.title(a) || ' ' || a.status, 'This link does not work 400', 'reset: a page for ' || b)
FROM unnest(ARRAY['{"password": "a third long secret"}', '{"token": "nonsense", "password": "a third long secret"}', '{}']) AS b
CROSS JOIN LATERAL pg_temp.browse('exchange_v1.reset_password', b, 'POST') AS a;
SELECT is(pg_temp.title(a) || ' ' || a.status, 'Your new password is set 200', 'reset: a page')
FROM pg_temp.browse('exchange_v1.reset_password', format('{"token": "%s", "password": "a third long secret"}', :'reset'), 'POST') AS a;
SELECT is(pg_temp.tried(:kukuh, 'a third long secret'), 'right', 'reset: by a browser too');
SELECT is((SELECT count(*) FROM app.audit AS u WHERE u::text ~ 'long secret|\$2a\$' OR u::text LIKE '%' || :'reset' || '%'), 0::bigint, 'audit: no password, hash or token');

-- Roles
SELECT function_privs_are('exchange_v1', f, ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], f || ': rapport_api may call it')
FROM unnest(ARRAY['forgot_password', 'show_reset', 'reset_password']) AS f;
SELECT function_privs_are('exchange_v1', f, ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], f || ': rapport_report may not')
FROM unnest(ARRAY['forgot_password', 'show_reset', 'reset_password']) AS f;

SELECT * FROM finish();
ROLLBACK;
