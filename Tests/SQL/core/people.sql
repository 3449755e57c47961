BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT is(core.full_name('John', NULL, 'Doe'), 'John Doe', 'full_name: single blanks');
SELECT is(core.full_name('John', 'M.', 'Doe'), 'John M. Doe', 'full_name: all three');
SELECT is(core.full_name('John', NULL, NULL), 'John', 'full_name: one');
SELECT is(core.full_name(NULL, NULL, NULL), '', 'full_name: none');

SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT pg_temp.person('ben@example.com') AS ben \gset
SELECT core.make_account('pending@example.com', 'secret', 'P', NULL, 'dsrt_v1', 'x') AS pending \gset

-- is_address_taken
SELECT ok(core.is_address_taken('ANN@example.com'), 'is_address_taken: a primary address');
SELECT ok(NOT core.is_address_taken('ann@example.com', :ann), 'is_address_taken: not by oneself');
SELECT ok(core.is_address_taken('pending@example.com', :ann), 'is_address_taken: also of a pending account');
SELECT ok(NOT core.is_address_taken('free@example.com'), 'is_address_taken: a free one');
SELECT ok(NOT core.is_address_taken(NULL), 'is_address_taken: nothing is free');

-- set_secondary_email
SELECT core.set_secondary_email(:ann, 'Second@example.com', '/second?t=', 'r-1') IS NOT NULL AS done \gset
SELECT results_eq($$SELECT kind, recipient, parameters, request_id FROM app.mail$$,
    $$VALUES ('secondary_confirmation', 'Second@example.com', '{"path": "/second?t="}'::jsonb, 'r-1')$$, 'set_secondary_email: mails a link');
SELECT pg_temp.mailed('secondary_confirmation', 'Second@example.com') AS token \gset
SELECT core.set_secondary_email(:ann, 'second@EXAMPLE.com', '/second?t=', 'r-1') IS NOT NULL AS done \gset
SELECT is((SELECT count(*) FROM app.mail), 1::bigint, 'set_secondary_email: the same again mails nothing');
SELECT ok(NOT core.is_address_taken('second@example.com', :ben), 'set_secondary_email: without proof takes the address from nobody');

-- confirm_secondary_email
SELECT is(core.confirm_secondary_email(:'token', now() + interval '7 days'), NULL, 'confirm_secondary_email: within 7 days');
SELECT is(core.confirm_secondary_email('nonsense'), NULL, 'confirm_secondary_email: an unknown token');
SELECT is(core.confirm_secondary_email(NULL), NULL, 'confirm_secondary_email: no token');
SELECT is(core.confirm_secondary_email(:'token'), :ann::bigint, 'confirm_secondary_email: done');
SELECT isnt((SELECT secondary_email_confirmed_at FROM app.account WHERE id = :ann), NULL, 'confirm_secondary_email: confirmed');
SELECT is(core.confirm_secondary_email(:'token'), NULL, 'confirm_secondary_email: once');
SELECT ok(core.is_address_taken('second@example.com', :ben), 'confirm_secondary_email: now it is taken');
SELECT is(core.make_account('second@example.com', 'secret', 'X', NULL, 'dsrt_v1', 'x'), NULL, 'make_account: not with a proved secondary address');
SELECT core.set_secondary_email(:ann, 'SECOND@example.com', '/second?t=', 'r-1') IS NOT NULL AS done \gset
SELECT isnt((SELECT secondary_email_confirmed_at FROM app.account WHERE id = :ann), NULL, 'set_secondary_email: the same again stays confirmed');
SELECT throws_ok(format($$UPDATE app.account SET secondary_email = 'second@example.com', secondary_email_confirmed_at = now() WHERE id = %s$$, :ben),
    '23505', NULL, 'app.account: confirmed secondary addresses are unique');
SELECT throws_ok(format($$UPDATE app.account SET secondary_email = 'BEN@example.com' WHERE id = %s$$, :ben), '23514', NULL, 'app.account: the secondary address is another one');

-- A changed one, and a race for it
SELECT core.set_secondary_email(:ann, 'third@example.com', '/second?t=', NULL) IS NOT NULL AS done \gset
SELECT is((SELECT secondary_email_confirmed_at FROM app.account WHERE id = :ann), NULL, 'set_secondary_email: a changed one is unconfirmed');
SELECT pg_temp.mailed('secondary_confirmation', 'third@example.com') AS ann_token \gset
SELECT core.set_secondary_email(:ben, 'third@example.com', '/second?t=', NULL) IS NOT NULL AS done \gset
SELECT pg_temp.mailed('secondary_confirmation', 'third@example.com') AS ben_token \gset
SELECT is(core.confirm_secondary_email(:'ben_token'), :ben::bigint, 'confirm_secondary_email: whoever proves it first has it');
SELECT is(core.confirm_secondary_email(:'ann_token'), NULL, 'confirm_secondary_email: the other has not');
SELECT core.set_secondary_email(:ann, 'fourth@example.com', '/second?t=', NULL) IS NOT NULL AS done \gset
SELECT pg_temp.mailed('secondary_confirmation', 'fourth@example.com') AS fourth \gset
SELECT core.set_secondary_email(:ann, NULL, '/second?t=', NULL) IS NOT NULL AS done \gset
SELECT is((SELECT secondary_email FROM app.account WHERE id = :ann), NULL, 'set_secondary_email: cleared');
SELECT is(core.confirm_secondary_email(:'fourth'), NULL, 'set_secondary_email: clearing kills the link');
SELECT core.set_secondary_email(:ann, 'fifth@example.com', '/second?t=', NULL) IS NOT NULL AS done \gset
SELECT pg_temp.mailed('secondary_confirmation', 'fifth@example.com') AS fifth \gset
SELECT pg_temp.person('fifth@example.com') AS fifth_person \gset
SELECT is(core.confirm_secondary_email(:'fifth'), NULL, 'confirm_secondary_email: not what has become a primary address');

-- update_profile
SELECT core.update_profile(:ann, 'A', 'B', 'C', '1990-01-01', 'other', '123', 'US') IS NOT NULL AS done \gset
SELECT results_eq(format('SELECT first_name, middle_name, last_name, birth_date, gender, contact_number, country FROM app.account WHERE id = %s', :ann),
    $$VALUES ('A', 'B', 'C', date '1990-01-01', 'other', '123', 'US')$$, 'update_profile: writes it all');
SELECT core.update_profile(:ann, 'A', NULL, NULL, NULL, NULL, NULL, NULL) IS NOT NULL AS done \gset
SELECT results_eq(format('SELECT first_name, middle_name, country FROM app.account WHERE id = %s', :ann),
    $$VALUES ('A', NULL, NULL)$$, 'update_profile: NULL clears');

-- Nobody is flooded
SELECT pg_temp.person('restless@example.com') AS restless \gset
SELECT count(core.set_secondary_email(:restless, 'victim' || n % 2 || '@example.com', '/second?t=', NULL)) AS done
FROM generate_series(1, 30) AS n \gset
SELECT is((SELECT count(*) FROM app.mail WHERE account_id = :restless), 10::bigint, 'set_secondary_email: 10 mails in 24 hours');
SELECT is((SELECT secondary_email FROM app.account WHERE id = :restless), 'victim0@example.com', 'set_secondary_email: beyond them the address is still set');
SELECT core.set_secondary_email(:restless, 'victim1@example.com', '/second?t=', NULL, now() + interval '25 hours') IS NOT NULL AS done \gset
SELECT is((SELECT count(*) FROM app.mail WHERE account_id = :restless), 11::bigint, 'set_secondary_email: a day later it mails again');

-- set_username
SELECT pg_temp.person('zoe@example.com') AS zoe, pg_temp.person('zac@example.com') AS zac \gset
SELECT core.set_username(:zoe, 'Zoe.1') IS NOT NULL AS done \gset
SELECT is((SELECT username FROM app.account WHERE id = :zoe), 'Zoe.1', 'set_username: writes it');
SELECT lives_ok(format('SELECT core.set_username(%s, %L)', :zoe, 'zoe.1'), 'set_username: the own one in other letters');
SELECT throws_ok(format('SELECT core.set_username(%s, %L)', :zac, 'ZOE.1'), '23505', NULL, 'set_username: not somebody else''s, in any case of letters');
SELECT core.set_username(:zoe, NULL) IS NOT NULL AS done \gset
SELECT lives_ok(format('SELECT core.set_username(%s, %L)', :zac, 'ZOE.1'), 'set_username: which is free when given up');

SELECT * FROM finish();
ROLLBACK;
