BEGIN;
\ir ../support/people.psql
\ir ../support/exchange.psql
SELECT no_plan();

SELECT pg_temp.person('kukuh@example.com', 'a long secret') AS kukuh, pg_temp.person('ann@example.com') AS ann \gset

-- users
UPDATE app.account SET created_at = '2030-01-02 03:04:05.678+00' WHERE id = :ann;
SELECT is((SELECT own::text FROM exchange_v1.users() WHERE id = :ann), format(
    '{"id" : %s, "username" : null, "email" : "ann@example.com", "phoneNumber" : null, "country" : null, "avatar" : null, "firstName" : "John", "lastName" : "Doe", '
    '"UserLanguages" : [], "createdAt" : "2030-01-02T03:04:05.678Z"}', :ann), 'users: an account of another contract');
SELECT core.set_languages(:ann, ARRAY[1, 2, 37, 65], ARRAY['interest', 'interest', 'native', 'native']) IS NOT NULL AS done \gset
SELECT core.set_languages(:kukuh, ARRAY[2], ARRAY['native']) IS NOT NULL AS done \gset
SELECT is((SELECT string_agg(l.value ->> 'type' || ' ' || (l.value #>> '{Language,name}'), ', ' ORDER BY l.ordinality)
    FROM exchange_v1.users() AS u CROSS JOIN LATERAL json_array_elements(u.own -> 'UserLanguages') WITH ORDINALITY AS l WHERE u.id = :ann),
    'native English, native Indonesian, interest Abkhazian, interest Afar', 'users: native languages first, then by name');

-- delete_user
SELECT pg_temp.token(:kukuh) AS token, pg_temp.token(:kukuh) AS other, pg_temp.token(:ann) AS annas \gset
SELECT is(pg_temp.said('delete_user', '{', t, 'DELETE'), '401 {"message" : "Please log in"}', 'delete_user: ' || coalesce(t, 'no token'))
FROM unnest(ARRAY[NULL, 'nonsense']) AS t;
SELECT is(pg_temp.faults('delete_user', t.body, :'token', 'DELETE'), ARRAY[t.fault], 'delete_user: ' || coalesce(t.body, 'no body'))
FROM (VALUES (NULL, 'password can not be blank'), ('{}', 'password can not be blank'), ('{"password": ""}', 'password can not be blank'),
    ('{"password": 5}', 'password is invalid'), ('{"password": null}', 'password can not be blank')) AS t (body, fault);
SELECT is(pg_temp.said('delete_user', '{"password": "A long secret"}', :'token', 'DELETE'),
    '403 {"message" : "The password is wrong", "errors" : [{"field" : "password", "message" : "is wrong"}]}', 'delete_user: a wrong password');
SELECT is(core.account_state(:kukuh), 'active', 'delete_user: a refusal closes nothing');
SELECT is((SELECT failures FROM app.password_failure WHERE subject = 'account:' || :kukuh), 1, 'delete_user: it is counted');
SELECT is(pg_temp.said('delete_user', '{"password": "a long secret"}', :'token', 'DELETE'), format('200 {"id" : %s}', :kukuh), 'delete_user: the number');
SELECT is(core.account_state(:kukuh), 'closed', 'delete_user: closed');
SELECT is_empty(format('SELECT FROM core.caller(%L)', t), 'delete_user: every session ends') FROM unnest(ARRAY[:'token', :'other']) AS t;
SELECT is((pg_temp.answer('exchange_v1.login', '{"email": "kukuh@example.com", "password": "a long secret"}')).status, 401, 'delete_user: unknown from then on');
SELECT is(core.account_state(:ann), 'active', 'delete_user: nobody else');

-- Too many wrong passwords
SELECT (pg_temp.answer('exchange_v1.delete_user', '{"password": "wrong"}', :'annas', 'DELETE')).status AS status FROM generate_series(1, 9) \g /dev/null
SELECT * FROM pg_temp.answer('exchange_v1.delete_user', '{"password": "wrong"}', :'annas', 'DELETE') \gset tenth_
SELECT is(:tenth_status || ' ' || :'tenth_body', format('423 {"message" : "Too many failed attempts, please try again later", "lockedUntil": "%s"}', core.time_text(now() + interval '15 minutes')),
    'delete_user: the tenth wrong one locks');
SELECT is(:'tenth_headers'::text, E'Retry-After: 900\n', 'delete_user: for a while');
SELECT is((pg_temp.answer('exchange_v1.delete_user', '{"password": "secret"}', :'annas', 'DELETE')).status, 423, 'delete_user: the right one is not looked at then');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'annas'), 'delete_user: the session goes on');

-- GroupCreators
SELECT (core.make_group_creator('chief@example.com', 'a long secret', true)).account_id AS chief \gset
SELECT pg_temp.token(:chief) AS chiefs \gset
SELECT is(pg_temp.said('delete_user', '{"password": "a long secret"}', :'chiefs', 'DELETE'), '403 {"message" : "You are the last one who runs the place"}', 'delete_user: not the last GroupCreator');
SELECT is(core.account_state(:chief), 'active', 'delete_user: who stays');
SELECT (core.make_group_creator('deputy@example.com', 'a long secret', true)).account_id AS deputy \gset
SELECT is(pg_temp.said('delete_user', '{"password": "a long secret"}', :'chiefs', 'DELETE'), format('200 {"id" : %s}', :chief), 'delete_user: one of two GroupCreators');

-- Roles
SELECT function_privs_are('exchange_v1', 'delete_user', ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], 'delete_user: rapport_api may call it');
SELECT function_privs_are('exchange_v1', 'delete_user', ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], 'delete_user: rapport_report may not');
SELECT function_privs_are('exchange_v1', 'users', ARRAY[]::text[], r, ARRAY[]::text[], 'users: ' || r || ' may not') FROM unnest(ARRAY['rapport_api', 'rapport_report']) AS r;

SELECT * FROM finish();
ROLLBACK;
