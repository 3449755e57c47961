BEGIN;
\ir ../support/people.psql
\ir ../support/pages.psql
\ir ../support/exchange.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.registering(p_change jsonb) RETURNS text
LANGUAGE sql
AS $function$
    SELECT ('{"username": "someone", "email": "x@example.com", "password": "a long secret"}' || p_change)::text
$function$;
-- A list of languages from number 1 on.
CREATE FUNCTION pg_temp.languages(p_count integer) RETURNS jsonb
LANGUAGE sql
AS $function$ SELECT jsonb_agg(jsonb_build_object('languageId', n, 'type', 'interest')) FROM generate_series(1, p_count) AS n $function$;

-- register
SELECT * FROM pg_temp.answer('exchange_v1.register', '{"username": "Kukuh", "email": "kukuh@example.com", "password": "a long secret", "phoneNumber": "+62 812 3456 789",
    "country": "Indonesia", "userLanguages": [{"languageId": 37, "type": "interest"}, {"languageId": 65, "type": "native"}]}') \gset reg_
SELECT core.find_account('kukuh@example.com') AS kukuh \gset
SELECT is(:'reg_body'::text, format(
    '{"message" : "Please follow the link that was mailed to you to verify your email", "user" : {"id" : %s, "username" : "Kukuh", "email" : "kukuh@example.com", '
    '"phoneNumber" : "+62 812 3456 789", "country" : "Indonesia", "avatar" : null, "firstName" : null, "lastName" : null, "UserLanguages" : ['
    '{"languageId" : 65, "type" : "native", "Language" : {"id" : 65, "name" : "Indonesian", "code" : "id", "flag" : "🇮🇩"}}, '
    '{"languageId" : 37, "type" : "interest", "Language" : {"id" : 37, "name" : "English", "code" : "en", "flag" : "🇬🇧"}}], "createdAt" : "%s"}}',
    :kukuh, core.time_text(now())), 'register: the user, without a token');
SELECT is(:reg_status || ' ' || :reg_outcome, '201 201', 'register: 201');
SELECT results_eq(format('SELECT state, pending_until, created_via, password_flow FROM app.account WHERE id = %s', :kukuh),
    $$VALUES ('pending', now() + interval '7 days', 'exchange_v1', 'exchange_v1.registration')$$, 'register: pending for 7 days');
SELECT is_empty('SELECT FROM app.session', 'register: no session');
SELECT results_eq('SELECT kind, recipient, request_id FROM app.mail', $$VALUES ('verification', 'kukuh@example.com', 'test-request')$$, 'register: mails a link');
SELECT ok(core.render_mail(m.id) LIKE '%' || E'\r\nhttps://rapport.example/verify?token=' || m.secret || E'\r\n%', 'register: the link leads to verify')
FROM app.mail AS m;
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'account.registered' AND account_id = :kukuh AND address = '192.0.2.1'), 1::bigint, 'register: noted');

SELECT is(pg_temp.said('register', pg_temp.registering('{"password": "1234567"}')),
    '400 {"message" : "Some parameters are invalid", "errors" : [{"field" : "password", "message" : "is too short (minimum is 8 characters)"}]}', 'register: 400');
SELECT is(pg_temp.faults('register', b), ARRAY['username can not be blank', 'email can not be blank', 'password can not be blank'], 'register: ' || coalesce(b, 'no body'))
FROM unnest(ARRAY['{}', NULL, '{"username": "", "email": " ", "password": ""}', '{"username": null, "email": null, "password": null}']) AS b;
SELECT is(pg_temp.faults('register', pg_temp.registering(t.change::jsonb)), ARRAY[t.fault], 'register: ' || t.change)
FROM (VALUES
    ('{"username": "abcdefghijklmnopqrstuvwxyz01234"}', 'username is too long (maximum is 30 characters)'),
    ('{"username": "a b"}', 'username may only have letters, digits, "_", "." and "-"'),
    ('{"username": "a@example.com"}', 'username may only have letters, digits, "_", "." and "-"'),
    ('{"username": 5}', 'username is invalid'),
    ('{"email": "kukuh"}', 'email is invalid'),
    ('{"email": 5}', 'email is invalid'),
    ('{"password": 12345678}', 'password is invalid'),
    ('{"phoneNumber": true}', 'phoneNumber is invalid'),
    ('{"phoneNumber": "012345678901234567890123456789012345678901234567890"}', 'phoneNumber is too long (maximum is 50 characters)'),
    ('{"country": "I"}', 'country is too short (minimum is 2 characters)'),
    ('{"country": "012345678901234567890123456789012345678901234567890"}', 'country is too long (maximum is 50 characters)'),
    ('{"country": {}}', 'country is invalid'),
    ('{"userLanguages": "en"}', 'userLanguages is invalid'),
    ('{"userLanguages": {"languageId": 37, "type": "native"}}', 'userLanguages is invalid'),
    ('{"userLanguages": [37]}', 'userLanguages is invalid'),
    ('{"userLanguages": [null]}', 'userLanguages is invalid'),
    ('{"userLanguages": [{"languageId": 37, "type": "native"}, []]}', 'userLanguages is invalid'),
    ('{"userLanguages": [{"type": "native"}]}', 'userLanguages has a languageId that is not in the list'),
    ('{"userLanguages": [{"languageId": 184, "type": "native"}]}', 'userLanguages has a languageId that is not in the list'),
    ('{"userLanguages": [{"languageId": 1e300, "type": "native"}]}', 'userLanguages has a languageId that is not in the list'),
    ('{"userLanguages": [{"languageId": "en", "type": "native"}]}', 'userLanguages has a languageId that is not in the list'),
    ('{"userLanguages": [{"languageId": [37], "type": "native"}]}', 'userLanguages has a languageId that is not in the list'),
    ('{"userLanguages": [{"languageId": 37}]}', 'userLanguages has a type that is neither native nor interest'),
    ('{"userLanguages": [{"languageId": 37, "type": "fluent"}]}', 'userLanguages has a type that is neither native nor interest'),
    ('{"userLanguages": [{"languageId": 37, "type": ["native"]}]}', 'userLanguages has a type that is neither native nor interest'),
    ('{"userLanguages": [{"languageId": 37, "type": "native"}, {"languageId": "37", "type": "interest"}]}', 'userLanguages has a language twice')
) AS t (change, fault);
SELECT is(pg_temp.faults('register', pg_temp.registering(jsonb_build_object('password', repeat('x', 129)))), ARRAY['password is too long (maximum is 128 characters)'], 'register: 129 characters');
SELECT is(pg_temp.faults('register', pg_temp.registering(jsonb_build_object('userLanguages', pg_temp.languages(51)))), ARRAY['userLanguages is too long (maximum is 50 languages)'], 'register: 51 languages');
SELECT is(pg_temp.faults('register', '{"username": "a b", "email": "x", "password": "1", "phoneNumber": [], "country": 1, "userLanguages": 1}'),
    ARRAY['username may only have letters, digits, "_", "." and "-"', 'email is invalid', 'password is too short (minimum is 8 characters)', 'phoneNumber is invalid',
        'country is invalid', 'userLanguages is invalid'], 'register: one entry a field, in order');
SELECT is(pg_temp.said('register', pg_temp.registering(t.change::jsonb)), '409 {"message" : "Already taken", "errors" : ' || t.errors || '}', 'register: ' || t.change)
FROM (VALUES
    ('{"email": "KUKUH@example.com"}', '[{"field" : "email", "message" : "has already been taken"}]'),
    ('{"username": "kukuH"}', '[{"field" : "username", "message" : "has already been taken"}]'),
    ('{"username": "KUKUH", "email": "Kukuh@Example.com"}', '[{"field" : "username", "message" : "has already been taken"},{"field" : "email", "message" : "has already been taken"}]')
) AS t (change, errors);
SELECT is((SELECT count(*) FROM app.account), 1::bigint, 'register: a refusal makes nothing');
SELECT throws_ok(format('SELECT pg_temp.answer(%L, %L)', 'exchange_v1.register', b), 'RP400', NULL, 'register: malformed ' || b) FROM unnest(ARRAY['{', '[]']) AS b;

SELECT is((pg_temp.answer('exchange_v1.register', (pg_temp.registering(jsonb_build_object('username', 'u' || n, 'email', n || '@example.com'))::jsonb || t.change)::text)).status, 201, 'register: ' || n || left(t.change::text, 60))
FROM (VALUES
    (1, '{}'), (2, '{"phoneNumber": null, "country": "", "userLanguages": null}'), (3, '{"userLanguages": []}'), (4, '{"id": 1, "is_group_creator": true, "state": "active"}'),
    (5, jsonb_build_object('userLanguages', pg_temp.languages(50))), (6, '{"phoneNumber": 628123456789}'), (7, '{"userLanguages": [{"languageId": "37", "type": "native", "x": 1}]}'),
    (8, '{"username": "abcdefghijklmnopqrstuvwxyz0123"}')) AS t (n, change);
SELECT is((SELECT count(*) FROM app.account WHERE is_group_creator OR state <> 'pending'), 0::bigint, 'register: unknown fields are ignored');
SELECT is((SELECT count(*) FROM app.account_language AS l INNER JOIN app.account AS a ON a.id = l.account_id WHERE a.username = 'u5'), 50::bigint, 'register: 50 languages');
SELECT is((SELECT contact_number FROM app.account WHERE username = 'u6'), '628123456789', 'register: a phone number may be a number');

-- verify
SELECT pg_temp.mailed('verification', 'kukuh@example.com') AS token \gset
SELECT format('{"token": "%s"}', :'token') AS query \gset
SELECT is((pg_temp.answer('exchange_v1.verify', NULL, NULL, 'HEAD', :'query')).status, 200, 'verify: HEAD looks');
SELECT is(core.account_state(:kukuh), 'pending', 'verify: and proves nothing');
SELECT is((pg_temp.answer('exchange_v1.verify', NULL, NULL, 'HEAD', '{"token": "nonsense"}')).status, 400, 'verify: HEAD of a bad link');
SELECT is(pg_temp.said('verify', NULL, NULL, 'GET', :'query'), '200 {"message" : "Your email address is verified", "user" : ' || u.own || '}', 'verify: the user, without a token')
FROM exchange_v1.users() AS u WHERE u.id = :kukuh;
SELECT is(core.account_state(:kukuh), 'active', 'verify: active');
SELECT is_empty('SELECT FROM app.session', 'verify: opens no session');
SELECT is((pg_temp.answer('exchange_v1.login', '{"username": "kukuh", "password": "a long secret"}')).status, 200, 'verify: log-in works now');
SELECT is((pg_temp.answer('exchange_v1.verify', NULL, NULL, 'GET', :'query')).status, 200, 'verify: twice');
SELECT is(pg_temp.said('verify', NULL, NULL, 'GET', '{"token": "nonsense"}'), '400 {"message" : "The link is invalid or expired"}', 'verify: an unknown token');
SELECT is(pg_temp.faults('verify', NULL, NULL, 'GET', q), ARRAY[f], 'verify: ' || coalesce(q, 'no query'))
FROM (VALUES (NULL, 'token can not be blank'), ('{"token": ""}', 'token can not be blank'), ('{"token": ["x"]}', 'token is invalid')) AS t (q, f);
SELECT format('{"token": "%s"}', pg_temp.mailed('verification', '1@example.com')) AS first, format('{"token": "%s"}', pg_temp.mailed('verification', '2@example.com')) AS second \gset
UPDATE app.mailed_token SET expires_at = now() WHERE address = '2@example.com';
SELECT is((pg_temp.answer('exchange_v1.verify', NULL, NULL, 'GET', :'second')).status, 400, 'verify: too late');

-- verify, in a browser
SELECT is(pg_temp.title(a) || ' ' || a.status, 'Your email address is verified 200', 'verify: HEAD of the page') FROM pg_temp.browse('exchange_v1.verify', NULL, 'HEAD', :'first') AS a;
SELECT is(core.account_state(core.find_account('1@example.com')), 'pending', 'verify: proves nothing either');
SELECT is(pg_temp.title(a) || ' ' || a.status, 'Your email address is verified 200', 'verify: a page') FROM pg_temp.browse('exchange_v1.verify', NULL, 'GET', :'first') AS a;
SELECT is(core.account_state(core.find_account('1@example.com')), 'active', 'verify: by a browser too');
SELECT unalike((pg_temp.browse('exchange_v1.verify', NULL, 'GET', :'first')).body, '%' || pg_temp.mailed('verification', '1@example.com') || '%', 'verify: no token in the page');
SELECT is(pg_temp.title(a) || ' ' || a.status, 'This link does not work 400', 'verify: a page for ' || coalesce(q, 'no token'))
FROM unnest(ARRAY[NULL, '{"token": ""}', '{"token": "nonsense"}', :'second']) AS q CROSS JOIN LATERAL pg_temp.browse('exchange_v1.verify', NULL, 'GET', q) AS a;

-- resend
SELECT '200 {"message" : "If this address waits for verification, a new link has been mailed to it"}' AS resent \gset
SELECT is(pg_temp.said('resend_verification', format('{"email": "%s"}', e)), :'resent', 'resend: ' || e)
FROM unnest(ARRAY['3@example.com', 'kukuh@example.com', 'nobody@example.com']) AS e;
SELECT is((SELECT count(*) FROM app.mail WHERE recipient = '3@example.com'), 1::bigint, 'resend: at most one mail a minute');
UPDATE app.mail SET created_at = now() - interval '1 minute';
SELECT is(pg_temp.said('resend_verification', format('{"email": "%s"}', e)), :'resent', 'resend: ' || e || ', a minute later')
FROM unnest(ARRAY[' 3@EXAMPLE.com ', 'kukuh@example.com', 'nobody@example.com']) AS e;
SELECT is((SELECT array_agg(recipient || ' ' || kind) FROM app.mail WHERE created_at = now()), ARRAY['3@example.com verification'], 'resend: only who waits for it is mailed');
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'verification.requested'), 6::bigint, 'resend: noted whoever is asked for');
SELECT ok(core.render_mail(m.id) LIKE '%' || E'\r\nhttps://rapport.example/verify?token=' || m.secret || E'\r\n%', 'resend: the link leads to verify')
FROM app.mail AS m WHERE m.created_at = now();
SELECT is((pg_temp.answer('exchange_v1.verify', NULL, NULL, 'GET', format('{"token": "%s"}', pg_temp.mailed('verification', '3@example.com')))).status, 200, 'resend: and is good');
SELECT is((SELECT password_hash IS NOT NULL FROM app.account WHERE email = '3@example.com'), true, 'resend: the password of the registration stays');
SELECT is(pg_temp.faults('resend_verification', t.body), ARRAY[t.fault], 'resend: ' || t.body)
FROM (VALUES ('{}', 'email can not be blank'), ('{"email": "x"}', 'email is invalid'), ('{"email": 5}', 'email is invalid')) AS t (body, fault);

-- Roles
SELECT function_privs_are('exchange_v1', f, ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], f || ': rapport_api may call it')
FROM unnest(ARRAY['register', 'verify', 'resend_verification']) AS f;
SELECT function_privs_are('exchange_v1', f, ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], f || ': rapport_report may not')
FROM unnest(ARRAY['register', 'verify', 'resend_verification']) AS f;

SELECT * FROM finish();
ROLLBACK;
