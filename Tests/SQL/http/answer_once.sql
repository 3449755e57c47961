BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- Routes that do what the body says, and count.
CREATE TEMPORARY TABLE called (number integer GENERATED ALWAYS AS IDENTITY);
GRANT ALL ON called TO rapport_owner;
CREATE FUNCTION gather_v1.act(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_body jsonb := http.body(p_request);
    v_session record;
    v_answer http.response;
BEGIN
    INSERT INTO called DEFAULT VALUES;
    IF v_body ? 'log_in' THEN
        SELECT o.* INTO v_session
          FROM core.open_session((v_body ->> 'log_in')::bigint, 'gather_v1', p_request.address, NULL, p_request.id) AS o;
        RETURN ROW(200, 200, format(E'Set-Cookie: sessionid=%s\n', v_session.token),
            json_build_object('token', v_session.token), v_session.session_id, v_session.token)::http.response;
    ELSIF v_body ? 'log_out' THEN
        PERFORM core.end_session_by_token(p_request.token);
    END IF;
    v_answer := http.ok(json_build_object('number', (SELECT max(c.number) FROM called AS c)));
    v_answer.outcome := coalesce((v_body ->> 'outcome')::integer, 200);
    v_answer.headers := v_body ->> 'headers';
    RETURN v_answer;
END
$function$;
SELECT http.define_route('POST', '/api/v1/act', 'gather_v1.act');
SELECT http.define_route('POST', '/api/v1/act/{id}', 'gather_v1.act');

CREATE FUNCTION pg_temp.act(p_key text, p_body text DEFAULT '{}', p_token text DEFAULT NULL, p_address text DEFAULT '192.0.2.1',
    p_path text[] DEFAULT NULL, p_query text DEFAULT NULL) RETURNS http.response
LANGUAGE sql AS $function$
    SELECT r FROM http.guarded('gather_v1.act',
        ROW('id', 'POST', p_path, p_query, p_body, p_token, p_key, p_address, NULL, NULL)::http.request) AS r
$function$;
CREATE FUNCTION pg_temp.number(p_answer http.response) RETURNS integer
LANGUAGE sql AS $$SELECT ((p_answer).body::jsonb ->> 'number')::integer$$;
SELECT pg_temp.person('ann@example.com') AS ann, pg_temp.person('bob@example.com') AS bob \gset
SELECT pg_temp.token(:ann) AS ann_token, pg_temp.token(:ann) AS ann_other, pg_temp.token(:bob) AS bob_token \gset

-- The same request
SELECT is(pg_temp.act('k1'), ROW(200, 200, NULL, '{"number" : 1}', NULL, NULL)::http.response, 'answer_once: the first time');
SELECT is(pg_temp.act('k1'),
    ROW(200, 200, E'Idempotency-Replayed: true\n', '{"number" : 1}', NULL, NULL)::http.response, 'answer_once: the second time');
SELECT is(pg_temp.number(pg_temp.act('k2')), 2, 'answer_once: another key');
SELECT is(pg_temp.number(pg_temp.act('k1', p_address => '192.0.2.2')), 3, 'answer_once: another address');
SELECT is(pg_temp.number(pg_temp.act('k1', p_path => '{7}')), 4, 'answer_once: another path');
SELECT is(pg_temp.number(pg_temp.act('k1', p_path => '{7}')), 4, 'answer_once: the same path');
SELECT is(pg_temp.number(pg_temp.act('k1', p_token => :'ann_token')), 5, 'answer_once: another caller');
SELECT is(pg_temp.number(pg_temp.act('k1', p_token => :'ann_other')), 5, 'answer_once: the caller is the account');
SELECT is(pg_temp.number(pg_temp.act('k1', p_token => :'ann_token', p_address => '192.0.2.9')), 5,
    'answer_once: from wherever');
SELECT is(pg_temp.number(pg_temp.act('k1', p_token => :'bob_token')), 6, 'answer_once: another account');
SELECT is(pg_temp.number(pg_temp.act('k1', p_token => 'no such token')), 1, 'answer_once: a token that is none is no caller');

-- Another request
SELECT is((r.status, r.body), (422, '{"status" : "failed", "desc" : "idempotency key used for another request", "error_code" : 113}'::text),
    'answer_once: another body is refused')
  FROM (SELECT (pg_temp.act('k1', '{ }')).*) AS r;
SELECT is((pg_temp.act('k1', p_query => '{"a": 1}')).status, 422, 'answer_once: another query too');
SELECT is(pg_temp.number(pg_temp.act('k1')), 1, 'answer_once: which does not spoil the kept answer');

-- What is kept
SELECT is((pg_temp.act('o' || o, format('{"outcome": %s}', o))).outcome, o, 'answer_once: ' || o)
  FROM unnest(ARRAY[400, 401, 403, 404, 409, 423, 429, 500, 503]) AS o;
SELECT results_eq(
    $$SELECT k.outcome FROM app.idempotency_record AS k WHERE k.outcome <> 200 ORDER BY k.outcome$$,
    ARRAY[400, 401, 403, 404, 409], 'answer_once: 423, 429 and 5xx are not kept');
SELECT is((pg_temp.act('m', '[]')).status, 400, 'answer_once: malformed');
SELECT is(r.headers, E'Idempotency-Replayed: true\n', 'answer_once: is kept too')
  FROM (SELECT (pg_temp.act('m', '[]')).*) AS r;

-- For 24 hours
UPDATE app.idempotency_record SET created_at = now() - interval '23:59:59';
SELECT is(pg_temp.number(pg_temp.act('k1')), 1, 'answer_once: kept just under a day');
UPDATE app.idempotency_record SET created_at = now() - interval '24:00:00';
SELECT cmp_ok(pg_temp.number(pg_temp.act('k1', '{"now": "another"}')), '>', 1, 'answer_once: forgotten after a day');
SELECT is((pg_temp.act('k1', '{"now": "another"}')).headers, E'Idempotency-Replayed: true\n', 'answer_once: and kept anew');
SELECT is(http.forget_answers(now(), 2), 2, 'forget_answers: as many as asked for');
SELECT cmp_ok(http.forget_answers(now(), 1000), '>', 5, 'forget_answers: the rest');
SELECT is((SELECT count(*) FROM app.idempotency_record), 1::bigint, 'forget_answers: none that counts');

SELECT isnt(pg_temp.number(pg_temp.act('h' || md5(h), json_build_object('outcome', 403, 'headers', h)::text)), pg_temp.number(pg_temp.act('h' || md5(h), json_build_object('outcome', 403, 'headers', h)::text)),
    'answer_once: does not keep ' || quote_literal(h))
  FROM unnest(ARRAY[E'Retry-After: 9\n', E'X-A: b\nRetry-After: 9\n', E'Content-Type: text/html; charset=utf-8\n']) AS h;
SELECT is(pg_temp.number(pg_temp.act('kept', '{"outcome": 403, "headers": "X-A: Retry-After\n"}')), pg_temp.number(pg_temp.act('kept', '{"outcome": 403, "headers": "X-A: Retry-After\n"}')), 'answer_once: keeps another 403');

-- Tokens
SELECT (a.r).new_token AS first, (a.r).session_id AS first_id, (a.r).body AS first_body
  FROM (SELECT pg_temp.act('login', format('{"log_in": %s}', :ann)) AS r) AS a \gset
SELECT is_empty(format('SELECT FROM app.idempotency_record AS k WHERE k::text LIKE %L', '%' || :'first' || '%'),
    'answer_once: no token is kept');
UPDATE app.session SET code_proved_at = created_at WHERE id = :first_id;
SELECT (a.r).new_token AS second, (a.r).session_id AS second_id, (a.r).body AS second_body, (a.r).headers AS second_headers
  FROM (SELECT pg_temp.act('login', format('{"log_in": %s}', :ann)) AS r) AS a \gset
SELECT isnt(:'first'::text, :'second', 'answer_once: a replay carries a fresh token');
SELECT is(:'second_body'::text, replace(:'first_body', :'first', :'second'), 'answer_once: in the body');
SELECT is(:'second_headers'::text, format(E'Set-Cookie: sessionid=%s\nIdempotency-Replayed: true\n', :'second'),
    'answer_once: and in the headers');
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'first'), 'answer_once: the first session has ended');
SELECT isnt_empty(format('SELECT FROM app.session WHERE id = %s AND code_proved_at IS NOT NULL', :second_id), 'answer_once: a code that opened the first opened the second');
SELECT results_eq(format('SELECT c.session_id, c.account_id FROM core.caller(%L) AS c', :'second'),
    format('VALUES (%s::bigint, %s::bigint)', :second_id, :ann), 'answer_once: the second counts');
SELECT (a.r).new_token AS third FROM (SELECT pg_temp.act('login', format('{"log_in": %s}', :ann)) AS r) AS a \gset
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'second'), 'answer_once: the third ends the second');
SELECT core.end_sessions(:ann);
SELECT (a.r).headers AS fresh_headers, (a.r).new_token AS fresh
  FROM (SELECT pg_temp.act('login', format('{"log_in": %s}', :ann)) AS r) AS a \gset
SELECT unalike(:'fresh_headers'::text, '%Replayed%', 'answer_once: a session that has ended is not brought back: asked again');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'fresh'), 'answer_once: and answered again');
SELECT (a.r).new_token AS kept FROM (SELECT pg_temp.act('login', format('{"log_in": %s}', :ann)) AS r) AS a \gset
UPDATE app.account SET password_set_at = now() + interval '1 second' WHERE id = :ann;
UPDATE app.idempotency_record SET created_at = now() - interval '1 hour' WHERE session_id IS NOT NULL;
SELECT (a.r).headers AS later_headers
  FROM (SELECT pg_temp.act('login', format('{"log_in": %s}', :ann)) AS r) AS a \gset
SELECT unalike(:'later_headers'::text, '%Replayed%', 'answer_once: a token is not replayed after a new password: asked again');
SELECT isnt_empty($$SELECT FROM app.idempotency_record WHERE session_id IS NOT NULL AND created_at = now()$$, 'answer_once: which is the first answer from now on');
SELECT isnt_empty(format('SELECT FROM core.caller(%L)', :'kept'), 'answer_once: and the session that set it goes on');
UPDATE app.account SET password_set_at = now() WHERE id = :ann;
SELECT is_empty(
    $$SELECT FROM app.idempotency_record AS k WHERE k.fingerprint = sha256(convert_to(E'\n{"log_in": ' || $$ || :ann || $$ || '}', 'UTF8'))$$,
    'answer_once: the fingerprint is not one of the body alone, which would serve to try passwords');

-- A request that ends its own session
SELECT pg_temp.number(pg_temp.act('bye', '{"log_out": true}', :'bob_token')) AS bye \gset
SELECT is_empty(format('SELECT FROM core.caller(%L)', :'bob_token'), 'answer_once: logged out');
SELECT is(pg_temp.number(pg_temp.act('bye', '{"log_out": true}', :'bob_token')), :bye,
    'answer_once: a retried log-out is recognised by its token');
SELECT isnt(pg_temp.number(pg_temp.act('bye', '{"log_out": true}', 'no such token')), :bye, 'answer_once: and by no other');

SELECT * FROM finish();
ROLLBACK;
