BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- find_account_by_name, find_account_by_uid
SELECT core.make_account('Ann@example.com', 'secret', 'Ann', NULL, 'gather_v1', 'x', p_username => 'Ann.Lee', p_pending_for => NULL) AS ann \gset
SELECT is(core.find_account_by_name(n), :ann::bigint, 'find_account_by_name: ' || n) FROM unnest(ARRAY['Ann.Lee', 'aNN.lEE', 'ann@example.com', 'ANN@example.com', md5('ann@example.com')]) AS n;
SELECT is(core.find_account_by_name(n), NULL, 'find_account_by_name: not ' || coalesce(n, 'nothing')) FROM unnest(ARRAY['ann', 'ann.lee@', '', NULL]) AS n;
SELECT is(core.find_account_by_uid(n), :ann::bigint, 'find_account_by_uid: ' || n) FROM unnest(ARRAY[:'ann', md5('ann@example.com'), upper(md5('ann@example.com'))]) AS n;
SELECT is(core.find_account_by_uid(n), NULL, 'find_account_by_uid: not ' || coalesce(n, 'nothing')) FROM unnest(ARRAY['0', '', 'x', repeat('9', 18), repeat('9', 32), md5('Ann@example.com'), NULL]) AS n;

SELECT is(pg_temp.tried(:ann, 'secret'), 'right', 'try_password: right');
SELECT is_empty($$SELECT FROM app.audit WHERE event = 'password.wrong'$$,
    'try_password: a right one leaves no trace');
SELECT is(pg_temp.tried(:ann, 'wrong!'), 'wrong', 'try_password: wrong');
SELECT results_eq(
    $$SELECT account_id, address, request_id, details FROM app.audit WHERE event = 'password.wrong'$$,
    format('VALUES (%s::bigint, %L, %L, %L::jsonb)', :ann, '192.0.2.1', 'test', '{"where": "test"}'),
    'try_password: a wrong one is remembered, without what was typed');
SELECT is(pg_temp.tried(NULL, 'secret'), 'wrong', 'try_password: of nobody');
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'password.wrong' AND account_id IS NULL), 1::bigint,
    'try_password: also remembered');

UPDATE app.setting SET value = '5' WHERE name = 'bcrypt_cost';
SELECT is(pg_temp.tried(:ann, 'secret'), 'right', 'try_password: after the cost changed');
SELECT is((SELECT left(password_hash, 7) FROM app.account WHERE id = :ann), '$2a$05$',
    'try_password: the hash is renewed');
SELECT is(pg_temp.tried(:ann, 'secret'), 'right', 'try_password: and still right');


-- log_in
CREATE FUNCTION pg_temp.opened(p_account_id bigint, p_password text, p_address text DEFAULT '192.0.2.1') RETURNS record
LANGUAGE sql
AS $function$
    SELECT l FROM core.log_in(p_account_id, 'nobody', p_password, 'gather_v1', p_address, 'okhttp/4.9', 'r-7') AS l
$function$;
SELECT l.* FROM core.log_in(:ann, 'nobody', 'secret', 'gather_v1', '2001:db8::7', 'okhttp/4.9', 'r-7') AS l \gset
SELECT is(:'verdict'::text, 'open', 'log_in: open');
SELECT results_eq(format('SELECT session_id, account_id FROM core.caller(%L)', :'token'), format('VALUES (%s::bigint, %s::bigint)', :session_id, :ann), 'log_in: a session');
SELECT results_eq(format('SELECT contract, address, code_proved_at FROM app.session WHERE id = %s', :session_id), $$VALUES ('gather_v1', '2001:db8::7', NULL::timestamptz)$$, 'log_in: what it is');
SELECT results_eq(format('SELECT network FROM app.known_network WHERE account_id = %s', :ann), $$VALUES ('2001:db8::/64')$$, 'log_in: the network is known from now on');
SELECT results_eq(format('SELECT used_iphone, used_android FROM app.account WHERE id = %s', :ann), 'VALUES (false, true)', 'open_session: remembers the phone');
SELECT is(pg_temp.opened(:ann, 'guess')::text, '(wrong,,,)', 'log_in: wrong');
SELECT is(pg_temp.opened(NULL, 'secret')::text, '(wrong,,,)', 'log_in: nobody');
UPDATE app.account SET state = 'disabled', disabled_at = now() WHERE id = :ann;
SELECT is(pg_temp.opened(:ann, 'secret')::text, '(disabled,,,)', 'log_in: disabled');
SELECT is(pg_temp.opened(:ann, 'guess')::text, '(wrong,,,)', 'log_in: told after the right password only');
UPDATE app.account SET state = 'blocked', blocked_at = now() WHERE id = :ann;
SELECT is(pg_temp.opened(:ann, 'secret')::text, '(blocked,,,)', 'log_in: blocked');
SELECT is((SELECT count(*) FROM app.audit WHERE event = 'login.refused'), 2::bigint, 'log_in: refusals are remembered');
SELECT is((SELECT count(*) FROM app.session WHERE account_id = :ann), 1::bigint, 'log_in: a refusal opens nothing');
SELECT core.make_account('new@example.com', 'secret', 'N', NULL, 'companion_v1', 'x') AS new \gset
SELECT is(pg_temp.opened(:new, 'secret')::text, '(pending,,,)', 'log_in: pending');

-- platform_of
SELECT is(core.platform_of(u), p, 'platform_of: ' || coalesce(u, 'nothing')) FROM (VALUES
    ('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)', 'iphone'), ('App/1 CFNetwork/1410 Darwin/22.6.0', 'iphone'),
    ('Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X)', 'other'), ('Mozilla/5.0 (Linux; Android 14)', 'android'), ('Dalvik/2.1.0', 'android'),
    ('okhttp/4.9.0', 'android'), ('Mozilla/5.0 (X11; Linux x86_64)', 'other'), ('curl/8', 'other'), ('', 'other'), (NULL, 'other')) AS c (u, p);

SELECT * FROM finish();
ROLLBACK;
