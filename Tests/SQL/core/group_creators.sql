BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT throws_ok($$SELECT core.make_group_creator('nonsense', 'password')$$, 'RP422', NULL, 'make_group_creator: no address');
SELECT throws_ok($$SELECT core.make_group_creator(NULL, 'password')$$, 'RP422', NULL, 'make_group_creator: none at all');
SELECT throws_ok($$SELECT core.make_group_creator('gc@example.com', '1234567')$$, 'RP422', NULL, 'make_group_creator: a short password');
SELECT throws_ok(format('SELECT core.make_group_creator(%L, %L)', 'gc@example.com', repeat('x', 129)), 'RP422', NULL, 'make_group_creator: a long one');
SELECT throws_ok($$SELECT core.make_group_creator('gc@example.com', NULL)$$, 'RP422', NULL, 'make_group_creator: none for a new account');

SELECT is(core.make_group_creator(' gc@example.com', 'password'), 'created', 'make_group_creator: a new account');
SELECT results_eq($$SELECT state, is_group_creator, email_confirmed_at IS NOT NULL, created_via FROM app.account WHERE email_key = 'gc@example.com'$$,
    $$VALUES ('active', true, true, 'ops')$$, 'make_group_creator: active and proved');
SELECT ok(core.try_password(core.find_account('gc@example.com'), 'password', NULL, NULL, 'test'), 'make_group_creator: with the password');
SELECT is(core.make_group_creator('GC@example.com', 'password'), 'unchanged', 'make_group_creator: twice');
SELECT is((SELECT count(*) FROM app.mail), 1::bigint, 'make_group_creator: one mail, to the only one');

SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT is(core.make_group_creator('ann@example.com', 'password'), 'promoted', 'make_group_creator: somebody who is there');
SELECT ok(core.try_password(:ann, 'secret', NULL, NULL, 'test'), 'make_group_creator: a proved account keeps its password');
SELECT results_eq($$SELECT recipient, parameters ->> 'email' FROM app.mail WHERE kind = 'group_creator' ORDER BY id OFFSET 1$$,
    $$VALUES ('gc@example.com', 'ann@example.com'), ('ann@example.com', 'ann@example.com')$$, 'make_group_creator: every GroupCreator is told');
SELECT pg_temp.token(:ann) AS token \gset
SELECT ok((SELECT is_group_creator FROM core.caller(:'token')), 'caller: knows a GroupCreator');

SELECT core.make_account('eve@example.com', 'evil-password', 'E', NULL, 'dsrt_v1', 'dsrt_v1.registration') AS eve \gset
SELECT is(core.make_group_creator('eve@example.com', 'password'), 'promoted', 'make_group_creator: an unproved account');
SELECT ok(NOT core.try_password(:eve, 'evil-password', NULL, NULL, 'test'), 'make_group_creator: a stranger''s password dies');
SELECT ok(core.try_password(:eve, 'password', NULL, NULL, 'test'), 'make_group_creator: the given one counts');

SELECT pg_temp.person('bob@example.com') AS bob \gset
UPDATE app.account SET state = 'blocked' WHERE id = :bob;
SELECT throws_ok($$SELECT core.make_group_creator('bob@example.com', 'password')$$, 'RP409', NULL, 'make_group_creator: not of a blocked account');

SELECT * FROM finish();
ROLLBACK;
