BEGIN;
\ir ../support/people.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.made(p_email text, p_password text, p_is_vouched boolean) RETURNS text
LANGUAGE sql
AS $function$ SELECT m.done FROM core.make_group_creator(p_email, p_password, p_is_vouched, 'r-1') AS m $function$;

-- Vouched for by an operator
SELECT is(pg_temp.made('gc@example.com', NULL, true), 'password_missing', 'make_group_creator: no password for a new account');
SELECT is(pg_temp.made(' gc@example.com', 'password', true), 'created', 'make_group_creator: a new account');
SELECT results_eq($$SELECT state, is_group_creator, email_confirmed_at IS NOT NULL, created_via FROM app.account WHERE email_key = 'gc@example.com'$$,
    $$VALUES ('active', true, true, 'ops')$$, 'make_group_creator: active and proved');
SELECT is(pg_temp.tried(core.find_account('gc@example.com'), 'password'), 'right', 'make_group_creator: with the password');
SELECT is(pg_temp.made('GC@example.com', 'password', true), 'unchanged', 'make_group_creator: twice');
SELECT is((SELECT count(*) FROM app.mail), 1::bigint, 'make_group_creator: one mail, to the only one');

SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT is(pg_temp.made('ann@example.com', NULL, false), 'promoted', 'make_group_creator: somebody who is there, no password needed');
SELECT is(pg_temp.tried(:ann, 'secret'), 'right', 'make_group_creator: a proved account keeps its password');
SELECT results_eq($$SELECT recipient, parameters ->> 'email' FROM app.mail WHERE kind = 'group_creator' ORDER BY id OFFSET 1$$,
    $$VALUES ('gc@example.com', 'ann@example.com'), ('ann@example.com', 'ann@example.com')$$, 'make_group_creator: every GroupCreator is told');
SELECT pg_temp.token(:ann) AS token \gset
SELECT ok((SELECT is_group_creator FROM core.caller(:'token')), 'caller: knows a GroupCreator');

SELECT core.make_account('eve@example.com', 'evil-password', 'E', NULL, 'dsrt_v1', 'dsrt_v1.registration') AS eve \gset
SELECT is(pg_temp.made('eve@example.com', 'password', true), 'promoted', 'make_group_creator: an unproved account');
SELECT is(pg_temp.tried(:eve, 'evil-password'), 'wrong', 'make_group_creator: a stranger''s password dies');
SELECT is(pg_temp.tried(:eve, 'password'), 'right', 'make_group_creator: the given one counts');

-- Made by another GroupCreator: nobody vouches for the address
SELECT is(pg_temp.made('new@example.com', 'password', false), 'created', 'make_group_creator: by another one');
SELECT core.find_account('new@example.com') AS new \gset
SELECT results_eq(format('SELECT state, is_group_creator, email_confirmed_at, created_via FROM app.account WHERE id = %s', :new),
    $$VALUES ('pending', true, NULL::timestamptz, 'companion_v1')$$, 'make_group_creator: pending until the code comes back');
SELECT is_empty(format('SELECT FROM core.group_creators() AS g WHERE g.id = %s', :new), 'group_creators: not before that');
SELECT is((SELECT request_id FROM app.mail WHERE kind = 'security_code' AND account_id = :new), 'r-1', 'make_group_creator: a security code is mailed');
SELECT is(pg_temp.entered(:new, pg_temp.mailed('security_code', 'new@example.com')), 'right', 'make_group_creator: it comes back');
SELECT isnt_empty(format('SELECT FROM core.group_creators() AS g WHERE g.id = %s', :new), 'group_creators: then');
SELECT is(pg_temp.tried(:new, 'password'), 'right', 'make_group_creator: with the password that was given');

-- A pending account that has a code already: it gets another at once
SELECT core.make_account('gus@example.com', 'evil-password', NULL, NULL, 'companion_v1', 'companion_v1.registration') AS gus \gset
SELECT core.send_code(:gus, 'security_code', 'security_code', NULL) AS sent \gset
SELECT is(pg_temp.made('gus@example.com', NULL, false), 'password_missing', 'make_group_creator: a pending account needs a password');
SELECT is(pg_temp.made('gus@example.com', 'password', false), 'promoted', 'make_group_creator: a pending account');
SELECT is((SELECT count(*) FROM app.mail WHERE kind = 'security_code' AND account_id = :gus), 2::bigint, 'make_group_creator: a code is mailed, whenever the last one was');
SELECT is(pg_temp.entered(:gus, pg_temp.mailed('security_code', 'gus@example.com')), 'right', 'make_group_creator: which counts');
SELECT is(pg_temp.tried(:gus, 'evil-password'), 'wrong', 'make_group_creator: a stranger''s password does not');

-- An active account whose address somebody else may have written down
SELECT core.make_account('fay@example.com', 'evil-password', NULL, NULL, 'gather_v1', 'gather_v1.registration', p_pending_for => NULL) AS fay \gset
SELECT pg_temp.token(:fay) AS fay_token \gset
SELECT is(pg_temp.made('fay@example.com', 'password', false), 'promoted', 'make_group_creator: active, yet unproved');
SELECT is(pg_temp.tried(:fay, 'password'), 'wrong', 'make_group_creator: nobody else chooses its password');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'fay_token'), 'make_group_creator: whoever has a session loses it');
SELECT is(pg_temp.tried(:fay, 'evil-password'), 'wrong', 'make_group_creator: and the password');
SELECT pg_temp.token(:fay) AS fay_token \gset
SELECT is((SELECT is_group_creator FROM core.caller(:'fay_token')), false, 'caller: no GroupCreator without proof');
SELECT is(pg_temp.entered(:fay, pg_temp.mailed('security_code', 'fay@example.com')), 'right', 'make_group_creator: the proof');
SELECT is((SELECT is_group_creator FROM core.caller(:'fay_token')), true, 'caller: a GroupCreator with proof');
SELECT is(pg_temp.made('fay@example.com', NULL, false), 'unchanged', 'make_group_creator: it is one');

SELECT pg_temp.person('bob@example.com') AS bob \gset
UPDATE app.account SET state = 'blocked', blocked_at = now() WHERE id = :bob;
SELECT is(pg_temp.made('bob@example.com', 'password', false), 'blocked', 'make_group_creator: not of a blocked account');
UPDATE app.account SET state = 'disabled', disabled_at = now() WHERE id = :bob;
SELECT is(pg_temp.made('bob@example.com', 'password', true), 'disabled', 'make_group_creator: nor of a disabled one');
SELECT core.close_account(:bob, NULL, NULL) AS done \gset
SELECT is(pg_temp.made('bob@example.com', 'password', true), 'closed', 'make_group_creator: nor of a closed one');
UPDATE app.account SET secondary_email = 'second@example.com', secondary_email_confirmed_at = now() WHERE id = :ann;
SELECT is(pg_temp.made('second@example.com', 'password', true), 'taken', 'make_group_creator: not at somebody''s secondary address');

SELECT m.done AS made FROM core.make_group_creator('hal@example.com', 'password', false, 'r-3', now(), :ann, '192.0.2.8') AS m \gset
SELECT results_eq($$SELECT details, address FROM app.audit WHERE request_id = 'r-3' AND event = 'group_creator.made'$$, format('VALUES (%L::jsonb, %L)', json_build_object('done', 'created', 'by', :ann), '192.0.2.8'), 'make_group_creator: who did it, and from where');

-- remove_group_creator
SELECT is(core.remove_group_creator(:fay, :ann, '192.0.2.1', 'r-2'), 'removed', 'remove_group_creator: removed');
SELECT is((SELECT is_group_creator FROM core.caller(:'fay_token')), false, 'remove_group_creator: from now on');
SELECT is(core.remove_group_creator(:fay, :ann, NULL, NULL), 'not_found', 'remove_group_creator: who is none');
SELECT is(core.remove_group_creator(-1, :ann, NULL, NULL), 'not_found', 'remove_group_creator: nobody');
SELECT is((SELECT (details ->> 'by')::bigint FROM app.audit WHERE event = 'group_creator.removed'), :ann::bigint, 'remove_group_creator: who did it');

SELECT * FROM finish();
ROLLBACK;
