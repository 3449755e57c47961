BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- Hashing
SELECT ok(core.password_matches('secret', core.hash_password('secret')), 'password_matches: the right one');
SELECT ok(NOT core.password_matches('Secret', core.hash_password('secret')), 'password_matches: another one');
SELECT is(core.password_matches('secret', NULL), false, 'password_matches: nobody''s is false, not NULL');
SELECT isnt(core.hash_password('secret'), core.hash_password('secret'), 'hash_password: salted');
SELECT ok(NOT core.password_matches(repeat('x', 127) || 'a', core.hash_password(repeat('x', 127) || 'b')),
    'hash_password: nothing is cut at 72 bytes');
SELECT ok(NOT core.password_matches(repeat(E'\u0301', 20000) || repeat(E'\u0316', 20000), core.hash_password('secret')), 'password_matches: endless marks are compared as they are, at once');
SELECT ok(core.password_matches(E'A\u0308pfel1', core.hash_password(E'\u00c4pfel1')),
    'password_matches: composed and decomposed letters are one');
SELECT is(core.bcrypt_cost(), 4, 'bcrypt_cost: the setting');
SELECT is(left(core.hash_password('x'), 7), '$2a$04$', 'hash_password: at the cost of the setting');

SELECT pg_temp.person('ann@example.com') AS ann \gset

-- set_password
SELECT session_id AS kept, token AS kept_token FROM core.open_session(:ann, 'dsrt_v1', NULL, NULL, NULL) \gset
SELECT pg_temp.token(:ann) AS other_token \gset
SELECT core.request_password_reset('ann@example.com', '/x?t=', NULL, NULL) IS NOT NULL AS asked \gset
SELECT pg_temp.mailed('password_reset', 'ann@example.com') AS reset_token \gset
SELECT core.send_code(:ann, 'security_code', 'security_code', NULL) AS sent \gset
SELECT pg_temp.mailed('security_code', 'ann@example.com') AS code \gset
SELECT lives_ok(format('SELECT core.set_password(%s, %L, %L, %s)', :ann, 'newpass', 'test', :kept), 'set_password: done');
SELECT is(pg_temp.tried(:ann, 'newpass'), 'right', 'set_password: the new one counts');
SELECT is(pg_temp.tried(:ann, 'secret'), 'wrong', 'set_password: the old one does not');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'kept_token'), 'set_password: keeps the session to keep');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'other_token'), 'set_password: ends the others');
SELECT is_empty(format('SELECT FROM core.find_mailed_token(%L, %L)', :'reset_token', 'password_reset'),
    'set_password: ends reset links under way');
SELECT is(pg_temp.entered(:ann, :'code'), 'wrong 9', 'set_password: and codes');
SELECT core.set_password(:ann, 'newpass2', 'test') IS NOT NULL AS done \gset
SELECT is_empty(format('SELECT FROM app.session WHERE account_id = %s', :ann),
    'set_password: with none to keep, ends all');
SELECT ok(NOT core.set_password(:ann, 'newpass3', 'test', :kept), 'set_password: not by a session that has ended');
SELECT is(pg_temp.tried(:ann, 'newpass2'), 'right', 'set_password: which changes nothing');

-- A password set before the first proof
SELECT core.make_account('eve@example.com', 'evil-one', 'E', NULL, 'dsrt_v1', 'dsrt_v1.registration') AS eve \gset
SELECT core.prove_email(:eve, 'another.flow') IS NOT NULL AS done \gset
SELECT is(pg_temp.tried(:eve, 'evil-one'), 'wrong',
    'prove_email: in another flow, a password from before dies');
SELECT isnt((SELECT password_set_at FROM app.account WHERE id = :eve), NULL,
    'prove_email: yet one was chosen once');
SELECT core.make_account('fay@example.com', 'secret', 'F', NULL, 'dsrt_v1', 'dsrt_v1.registration') AS fay \gset
SELECT core.prove_email(:fay, 'dsrt_v1.registration') IS NOT NULL AS done \gset
SELECT is(pg_temp.tried(:fay, 'secret'), 'right', 'prove_email: in the same flow, it lives');
SELECT core.prove_email(:fay, 'another.flow') IS NOT NULL AS done \gset
SELECT is(pg_temp.tried(:fay, 'secret'), 'right', 'prove_email: after the first proof nothing dies');
SELECT core.make_account('gil@example.com', 'secret', 'G', NULL, 'other_v1', 'other_v1.register') AS gil \gset
UPDATE app.account SET state = 'active', activated_at = now() WHERE id = :gil;
SELECT pg_temp.token(:gil) AS gil_token \gset
SELECT core.prove_email(:gil, 'dsrt_v1.reset') IS NOT NULL AS done \gset
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'gil_token'),
    'prove_email: with the password its sessions end');

SELECT core.make_account('hal@example.com', 'secret', 'H', NULL, 'gather_v1', 'gather_v1.registration', p_pending_for => NULL) AS hal \gset
SELECT session_id AS hal_session FROM core.open_session(:hal, 'gather_v1', NULL, NULL, NULL) \gset
SELECT ok(core.set_password(:hal, 'newpass', 'dsrt_v1.update_password', :hal_session), 'set_password: from a session, before the first proof');
SELECT core.prove_email(:hal, 'gather_v1.registration') IS NOT NULL AS done \gset
SELECT is(pg_temp.tried(:hal, 'newpass'), 'right', 'set_password: is that person''s as the one before was');
SELECT ok(core.set_password(:hal, 'newpass', 'dsrt_v1.update_password', :hal_session), 'set_password: after the proof');
SELECT is((SELECT password_flow FROM app.account WHERE id = :hal), 'dsrt_v1.update_password', 'set_password: its own flow');

SELECT * FROM finish();
ROLLBACK;
