BEGIN;
\ir ../support/people.psql
\ir ../support/companion.psql
SELECT no_plan();

-- read_new_password
SELECT is(r.value, t.password, 'read_new_password: ' || char_length(t.password) || ' characters')
FROM unnest(ARRAY[repeat('x', 8), repeat('ä', 128), '        ']) AS t (password)
CROSS JOIN LATERAL companion_v1.read_new_password('{}', jsonb_build_object('p', t.password), 'p') AS r;
SELECT is(array_to_string(r.errors, ','), format('{"field" : "p", "message" : "%s"}', t.says), 'read_new_password: ' || t.says)
FROM (VALUES
    (to_jsonb(repeat('x', 7)), 'is too short (minimum is 8 characters)'), (to_jsonb(repeat('x', 129)), 'is too long (maximum is 128 characters)'),
    (jsonb '""', 'can not be blank'), (jsonb 'null', 'can not be blank'), (jsonb '12345678', 'is invalid')
) AS t (password, says)
CROSS JOIN LATERAL companion_v1.read_new_password('{}', jsonb_build_object('p', t.password), 'p') AS r;
SELECT is(cardinality(r.errors), 0, 'read_new_password: it may be missing where that is said')
FROM companion_v1.read_new_password('{}', '{}', 'p', false) AS r;

-- welcome
SELECT pg_temp.companion('ann@example.com') AS ann \gset
SELECT is(companion_v1.welcome(:ann, 5, 'TOKEN', 'App CFNetwork/1.0 Darwin/22'), ROW(200, 200, NULL, format(
    '{"success" : true, "user_id" : %s, "token" : "TOKEN", "page" : "PROFILE", "platform" : "iphone"}', :ann), 5, 'TOKEN')::http.response,
    'welcome: PROFILE while the profile is not complete');
UPDATE app.account SET profile_completed_at = now() WHERE id = :ann;
SELECT is(w.body::jsonb ->> 'page', 'MAIN', 'welcome: MAIN after that') FROM companion_v1.welcome(:ann, 5, 'TOKEN', NULL) AS w;
SELECT is(w.body::jsonb ->> 'platform', t.platform, 'welcome: ' || coalesce(t.user_agent, 'no User-Agent'))
FROM (VALUES ('okhttp/4.9', 'android'), ('Mozilla/5.0 (iPad; CPU OS 17)', 'other'), ('Mozilla/5.0 (iPhone; CPU iPhone OS 17)', 'iphone'), (NULL, 'other')) AS t (user_agent, platform)
CROSS JOIN LATERAL companion_v1.welcome(:ann, 5, 'TOKEN', t.user_agent) AS w;

-- refuse_log_in
SELECT is(concat_ws(' ', r.status, r.body::jsonb #>> '{reason,code}', r.headers), t.expected, 'refuse_log_in: ' || t.verdict)
FROM (VALUES
    ('wrong', '401 WRONG_CREDENTIALS'), ('pending', '403 NOT_VERIFIED'), ('disabled', '403 ACCOUNT_DISABLED'), ('blocked', '403 ACCOUNT_BLOCKED'),
    ('locked', E'423 ACCOUNT_LOCKED Retry-After: 3600\n')
) AS t (verdict, expected)
CROSS JOIN LATERAL companion_v1.refuse_log_in(t.verdict, now() + interval '1 hour') AS r;

-- acting_group_creator
SELECT pg_temp.creator('gc@example.com') AS gc \gset
SELECT pg_temp.token(:ann) AS ann_token, pg_temp.token(:gc) AS gc_token \gset
SELECT results_eq(format('SELECT account_id, refusal FROM companion_v1.acting_group_creator(%L)', :'gc_token'), format('VALUES (%s::bigint, NULL::text)', :gc), 'acting_group_creator: one');
SELECT is(a.refusal, 'NOT_ALLOWED', 'acting_group_creator: somebody else') FROM companion_v1.acting_group_creator(:'ann_token') AS a;
SELECT is(a.refusal, 'LOGIN_REQUIRED', 'acting_group_creator: a wrong token') FROM companion_v1.acting_group_creator('nonsense') AS a;
SELECT is(a.refusal, 'LOGIN_REQUIRED', 'acting_group_creator: no token') FROM companion_v1.acting_group_creator(NULL) AS a;
UPDATE app.account SET email_confirmed_at = NULL WHERE id = :gc;
SELECT is(a.refusal, 'NOT_ALLOWED', 'acting_group_creator: without a proved address') FROM companion_v1.acting_group_creator(:'gc_token') AS a;

SELECT * FROM finish();
ROLLBACK;
