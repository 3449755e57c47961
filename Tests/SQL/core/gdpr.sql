BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- The tables in which a text stands, in any case of letters. The registry has examples with people's names.
CREATE FUNCTION pg_temp.naming(p_text text) RETURNS SETOF text
LANGUAGE plpgsql
AS $function$
DECLARE
    v_table regclass;
    v_found boolean;
BEGIN
    FOR v_table IN
        SELECT c.oid FROM pg_class AS c
        WHERE c.relnamespace = 'app'::regnamespace AND c.relkind = 'r'
            AND c.relname NOT IN (SELECT m.table_name FROM core.gdpr_map() AS m WHERE m.reason = 'about the code')
        ORDER BY c.relname
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %s AS t WHERE strpos(lower(t::text), lower($1)) > 0)', v_table) INTO v_found USING p_text;
        IF v_found THEN
            RETURN NEXT v_table::text;
        END IF;
    END LOOP;
END
$function$;

-- The tables that have a row about the person, by the map.
CREATE FUNCTION pg_temp.about(p_account_id bigint) RETURNS SETOF text
LANGUAGE plpgsql
AS $function$
DECLARE
    v_table record;
    v_found boolean;
BEGIN
    FOR v_table IN SELECT DISTINCT m.table_name, m.person_column, m.person_as FROM core.gdpr_map() AS m WHERE m.person_as <> 'nobody' ORDER BY 1 LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM app.%I AS t WHERE t.%I::text = $1)', v_table.table_name, v_table.person_column)
            INTO v_found USING CASE v_table.person_as WHEN 'number' THEN '' ELSE 'account:' END || p_account_id;
        IF v_found THEN
            RETURN NEXT v_table.table_name;
        END IF;
    END LOOP;
END
$function$;

-- A person of whom something is known everywhere.
CREATE FUNCTION pg_temp.known_person(p_name text, p_network text) RETURNS bigint
LANGUAGE plpgsql
AS $function$
DECLARE
    v_id bigint := pg_temp.person(p_name || '@example.com', p_name || '-password');
    v_session bigint;
BEGIN
    PERFORM core.update_profile(v_id, p_name || '-first', p_name || '-middle', p_name || '-last', '1990-01-01', 'female', p_name || '-number', p_name || '-land');
    PERFORM core.set_secondary_email(v_id, p_name || '-second@example.com', '/x?t=', p_name || '-request');
    UPDATE app.account SET username = p_name || '-user', notes = p_name || '-notes', wrong_codes = 3, last_wrong_code_at = now(), codes_locked_at = now(), codes_locked_until = now() WHERE id = v_id;
    SELECT o.session_id INTO v_session FROM core.log_in(v_id, NULL, p_name || '-password', 'dsrt_v1', p_network, p_name || '-agent', p_name || '-request') AS o;
    PERFORM core.open_usage(v_session, 'iphone');
    PERFORM pg_temp.tried(v_id, 'wrong', p_network);
    UPDATE app.account SET codes_locked_until = NULL, codes_locked_at = NULL WHERE id = v_id;
    PERFORM core.send_code(v_id, 'security_code', 'security_code', p_name || '-request');
    INSERT INTO app.account_language (account_id, language_id, type) SELECT v_id, l.id, 'native' FROM app.language AS l WHERE l.code = 'de';
    INSERT INTO app.idempotency_record (id, caller, function, fingerprint, body, created_at)
    VALUES (sha256(p_name::bytea), 'account:' || v_id, 'x.y', sha256('x'), json_build_object('email', p_name || '@example.com'), now());
    RETURN v_id;
END
$function$;

SELECT pg_temp.known_person('ann', '192.0.2.7') AS ann, pg_temp.known_person('bob', '192.0.2.8') AS bob \gset
SELECT s.id AS session FROM app.session AS s WHERE s.account_id = :ann \gset
SELECT pg_temp.mailed('secondary_confirmation', 'ann-second@example.com') AS link, pg_temp.mailed('security_code', 'ann@example.com') AS code \gset
SELECT results_eq(format('SELECT pg_temp.about(%s)', :ann), 'SELECT DISTINCT m.table_name FROM core.gdpr_map() AS m WHERE m.person_as <> ''nobody'' ORDER BY 1', 'export_person: of whom something is known everywhere');

-- export_times
SELECT is(core.export_times(ARRAY['2026-05-01 08:29:12Z', '2026-05-01 08:29:11Z']::timestamptz[]), ARRAY['2026-05-01T08:29:12.000Z', '2026-05-01T08:29:11.000Z'], 'export_times: in their order');

-- export_person
SELECT core.export_person(:ann) AS export \gset
SELECT results_eq(format('SELECT k FROM json_object_keys(%L) AS k', :'export'),
    $$VALUES ('account'), ('account_language'), ('audit'), ('known_network'), ('mail'), ('mailed_code'), ('mailed_token'), ('password_failure'), ('password_pressure'), ('session'), ('usage_interval')$$,
    'export_person: by table');
SELECT is((SELECT string_agg(k, ',') FROM json_object_keys(:'export'::json -> 'account') AS k),
    'id,state,created_via,is_group_creator,email,email_confirmed_at,secondary_email,secondary_email_confirmed_at,username,password_flow,password_set_at,first_name,middle_name,last_name,'
    'birth_date,gender,contact_number,country,created_at,updated_at,activated_at,closed_at,erased_at,last_active_at,pending_until,wrong_codes,last_wrong_code_at,codes_locked_at,codes_locked_until,'
    'blocked_at,disabled_at,reopened_at,notes,profile_completed_at,used_iphone,used_android', 'export_person: the account');
SELECT is(:'export'::jsonb -> 'account' @> '{"email": "ann@example.com", "username": "ann-user", "first_name": "ann-first", "birth_date": "1990-01-01", "notes": "ann-notes", "wrong_codes": 3}', true, 'export_person: as it is');
SELECT is(:'export'::jsonb #>> '{account,created_at}', core.time_text(now()), 'export_person: times as everywhere');
SELECT is(:'export'::jsonb -> 'session', jsonb_build_array(jsonb_build_object('id', :session, 'contract', 'dsrt_v1', 'address', '192.0.2.7', 'user_agent', 'ann-agent', 'created_at', core.time_text(now()),
    'last_seen_at', core.time_text(now()), 'expires_at', core.time_text(now() + interval '1 year'), 'code_proved_at', NULL)), 'export_person: sessions');
SELECT is(:'export'::jsonb #> '{known_network,0}', jsonb_build_object('network', '192.0.2.7', 'last_log_in_at', core.time_text(now())), 'export_person: from where it was logged in');
SELECT is(:'export'::jsonb #> '{password_failure,0}', jsonb_build_object('failures', 1, 'last_failed_at', core.time_text(now()), 'locked_until', NULL), 'export_person: wrong passwords, not from where: it may have been a stranger');
SELECT is(:'export'::jsonb #> '{password_pressure,0,recent}', jsonb_build_array(core.time_text(now())), 'export_person: a list of times');
SELECT is((SELECT string_agg(m ->> 'kind', ',') FROM jsonb_array_elements(:'export'::jsonb -> 'mail') AS m), 'secondary_confirmation,security_code', 'export_person: mails, in their order');
SELECT is((SELECT array_agg(m ->> 'event') FROM jsonb_array_elements(:'export'::jsonb -> 'audit') AS m), ARRAY['session.opened', 'password.wrong'], 'export_person: what happened');
SELECT ok(strpos(:'export', s.secret) = 0, 'export_person: not ' || s.name)
FROM (SELECT 'the link', :'link' UNION ALL SELECT 'the code', format('"%s"', :'code') UNION ALL SELECT 'the password', 'ann-password'
    UNION ALL SELECT 'its hash', a.password_hash FROM app.account AS a WHERE a.id = :ann
    UNION ALL SELECT 'the hash of the code', c.code_hash FROM app.mailed_code AS c WHERE c.account_id = :ann
    UNION ALL SELECT 'the hash of the link', encode(t.token_hash, 'hex') FROM app.mailed_token AS t WHERE t.account_id = :ann
    UNION ALL SELECT 'the hash of the token', encode(s.token_hash, 'hex') FROM app.session AS s WHERE s.account_id = :ann
    UNION ALL SELECT 'anything of somebody else', 'bob') AS s (name, secret);
SET LOCAL TimeZone = 'Asia/Tokyo';
SET LOCAL DateStyle = 'German';
SET LOCAL IntervalStyle = 'iso_8601';
SELECT is(core.export_person(:ann)::text, :'export', 'export_person: follows no setting');
SET LOCAL TimeZone = 'UTC';
SET LOCAL DateStyle = 'ISO';
SELECT is(core.export_person(-1)::text, NULL, 'export_person: nobody');
SELECT core.make_account('new@example.com', NULL, NULL, NULL, 'ops', 'x') AS new \gset
SELECT is(core.export_person(:new) ->> 'session', '[]', 'export_person: where there is nothing, nothing');
SELECT is(core.export_statement('app.idempotency_record'), NULL, 'export_statement: none where nothing is given out');
SELECT volatility_is('core', 'export_person', 'stable', 'export_person: only reads');

-- What names her and is not hers: a GroupCreator is told of another, disables others, asks from the network.
SELECT pg_temp.person('gc@example.com') AS gc, pg_temp.person('eve@example.com') AS eve \gset
UPDATE app.account SET is_group_creator = true WHERE id = :gc;
SELECT done FROM core.make_group_creator('ANN@example.com', NULL, true) \gset
SELECT core.disable_account(:eve, NULL, :ann, '192.0.2.77', 'by-ann') AS disabled, core.disable_account(:bob, NULL, :gc, '192.0.2.66', 'by-gc') AS bob_disabled \gset
SELECT core.enable_account(:bob, :gc, '192.0.2.66', 'by-gc') IS NOT NULL AS enabled \gset
INSERT INTO app.idempotency_record (id, caller, function, fingerprint, body, created_at)
SELECT sha256(convert_to(b.body, 'UTF8')), 'address:192.0.2.7', 'x.y', sha256('x'), b.body, now()
FROM unnest(ARRAY['{"email" : "ANN@example.com"}', json_build_object('user_id', md5('ann@example.com'))::text, '{"email" : "joann@example.com"}']) AS b (body);
SELECT core.export_person(:bob) AS bobs \gset
SELECT is((SELECT array_agg(n) FROM pg_temp.naming('ann@example.com') AS n), ARRAY['app.account', 'app.idempotency_record', 'app.mail', 'app.mailed_code'], 'erase_person: she stands in many places');

-- erase_person
SELECT is(core.erase_person(:ann, now() + interval '1 second'), 'erased', 'erase_person: an open account');
SELECT is((SELECT string_agg(k.key, ',' ORDER BY k.key) FROM app.account AS a, jsonb_each(to_jsonb(a)) AS k WHERE a.id = :ann AND k.value NOT IN ('null', 'false', '0')),
    'activated_at,closed_at,created_at,created_via,erased_at,id,state,updated_at', 'erase_person: nothing personal stays in the account');
SELECT results_eq(format('SELECT state, erased_at, closed_at FROM app.account WHERE id = %s', :ann), $$VALUES ('closed', now() + interval '1 second', now() + interval '1 second')$$, 'erase_person: it is closed');
SELECT results_eq(format('SELECT pg_temp.about(%s)', :ann), $$VALUES ('account'), ('audit')$$, 'erase_person: and no row elsewhere, except the trail');
SELECT results_eq(format('SELECT event, at >= now(), address, request_id, details FROM app.audit WHERE account_id = %s ORDER BY id', :ann),
    $$VALUES ('session.opened', true, NULL, NULL, '{}'::jsonb), ('password.wrong', true, NULL, NULL, '{}'), ('group_creator.made', true, NULL, NULL, '{}'), ('account.closed', true, NULL, NULL, '{}'), ('account.erased', true, NULL, NULL, '{}')$$,
    'erase_person: in which event and time stay');
SELECT is_empty(format('SELECT n FROM pg_temp.naming(%L) AS n', t.text), 'erase_person: nowhere ' || t.text)
FROM unnest(ARRAY['"ann@example.com', '(ann@example.com', ',ann@example.com', 'ann-', '192.0.2.77', md5('ann@example.com')]) AS t (text);
SELECT results_eq('SELECT body FROM app.idempotency_record WHERE caller LIKE ''address:%''', $$VALUES ('{"email" : "joann@example.com"}')$$, 'erase_person: answers that named her are gone, others not');
SELECT is((SELECT count(*) FROM app.mail WHERE account_id = :gc), 0::bigint, 'erase_person: so is what the others were told');
SELECT results_eq(format('SELECT address, details ->> ''by'' FROM app.audit WHERE account_id = %s AND event = ''account.disabled''', :eve), format('VALUES (NULL, %L)', :ann), 'erase_person: what she did to others stays, not from where');
SELECT is((SELECT address FROM app.audit WHERE account_id = :bob AND event = 'account.disabled'), '192.0.2.66', 'erase_person: nobody else''s network is forgotten');
SELECT is(core.export_person(:bob)::text, :'bobs', 'erase_person: nothing of anybody else');
SELECT ok(NOT core.is_address_taken('ann@example.com') AND NOT core.is_username_taken('ann-user'), 'erase_person: address and username are free at once');
SELECT isnt(core.make_account('ann@example.com', NULL, NULL, NULL, 'dsrt_v1', 'x', p_username => 'Ann-User'), NULL, 'erase_person: for somebody else');
SELECT is(ARRAY[core.find_account_by_uid(:'ann'), core.find_account_by_name('nobody')], ARRAY[NULL, NULL]::bigint[], 'erase_person: the number is nobody');
SELECT is(core.erase_person(:ann), 'unchanged', 'erase_person: twice');
SELECT is(core.erase_person(-1), 'not_found', 'erase_person: nobody');

-- Whatever the state
SELECT core.close_account(:bob, '192.0.2.8', NULL, now() - interval '1 day') AS closed \gset
SELECT is(core.erase_person(:bob), 'erased', 'erase_person: a closed account');
SELECT results_eq(format('SELECT closed_at FROM app.account WHERE id = %s', :bob), $$VALUES (now() - interval '1 day')$$, 'erase_person: was closed when it was');
SELECT is_empty($$SELECT n FROM pg_temp.naming('bob') AS n$$, 'erase_person: nothing of it stays either');
SELECT is(core.erase_person(:eve), 'erased', 'erase_person: a disabled one');
SELECT is(core.erase_person(:new), 'erased', 'erase_person: a pending one');
SELECT pg_temp.person('blocked@example.com') AS blocked \gset
UPDATE app.account SET state = 'blocked', blocked_at = now(), activated_at = NULL WHERE id = :blocked;
SELECT is(core.erase_person(:blocked), 'erased', 'erase_person: a blocked one');
SELECT is((SELECT blocked_at FROM app.account WHERE id = :blocked), NULL, 'erase_person: which no longer shows');

-- The last GroupCreator
SELECT is(core.erase_person(:gc), 'last_group_creator', 'erase_person: the last GroupCreator stays');
SELECT is(core.account_state(:gc), 'active', 'erase_person: untouched');
SELECT ops.make_group_creator('next@example.com', 'password') AS next \gset
SELECT is(core.erase_person(:gc), 'erased', 'erase_person: no longer the last one');

-- erase_people
SELECT pg_temp.person('cid@example.com') AS cid, pg_temp.person('dan@example.com') AS dan \gset
SELECT core.close_account(:cid, NULL, NULL), core.close_account(:dan, NULL, NULL) \gset closed_
SELECT core.erase_people(ARRAY[:cid, :dan], now() + interval '30 days') IS NOT NULL AS done \gset
SELECT results_eq(format('SELECT email, erased_at FROM app.account WHERE id IN (%s, %s)', :cid, :dan), $$VALUES (NULL, now() + interval '30 days'), (NULL, now() + interval '30 days')$$, 'erase_people: many at once');

-- Roles
SELECT function_privs_are('core', 'export_person', ARRAY['bigint'], r, ARRAY[]::text[], 'export_person: not for ' || r)
FROM unnest(ARRAY['rapport_api', 'rapport_report']) AS r;
SELECT function_privs_are('core', 'erase_person', ARRAY['bigint', 'timestamptz'], r, ARRAY[]::text[], 'erase_person: not for ' || r)
FROM unnest(ARRAY['rapport_api', 'rapport_report']) AS r;

SELECT * FROM finish();
ROLLBACK;
