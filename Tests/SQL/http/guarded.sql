BEGIN;
\ir ../support/people.psql
SELECT no_plan();

-- A route whose function can be seen to have been called.
CREATE TEMPORARY TABLE called (at serial, who text);
CREATE FUNCTION gather_v1.count_call(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'BEGIN INSERT INTO called (who) VALUES (p_request.address); RETURN http.ok(''{"called": true}''); END';
SELECT http.define_route('POST', '/api/v1/count_call', 'gather_v1.count_call');

CREATE FUNCTION pg_temp.guarded(p_key text, p_token text DEFAULT NULL, p_method text DEFAULT 'POST',
    p_function text DEFAULT 'gather_v1.count_call') RETURNS text
LANGUAGE sql AS $function$
    SELECT concat_ws(' ', r.outcome, trim(E'\n' FROM r.headers), r.body)
      FROM http.guarded(p_function, ROW('id', p_method, NULL, NULL, NULL, p_token, p_key, '192.0.2.1', NULL, NULL)::http.request) AS r
$function$;
SELECT pg_temp.person('ann@example.com') AS ann, pg_temp.person('boss@example.com') AS boss \gset
UPDATE app.account SET is_group_creator = true WHERE id = :boss;
SELECT pg_temp.token(:ann) AS ann_token, pg_temp.token(:boss) AS boss_token \gset

SELECT is(pg_temp.guarded(NULL), '200 {"called": true}', 'guarded: without key');
SELECT is(pg_temp.guarded(''), '200 {"called": true}', 'guarded: an empty key is none');
SELECT is(pg_temp.guarded('k', p_method => 'GET'), '200 {"called": true}', 'guarded: a key on a GET is none');
SELECT is((SELECT count(*) FROM app.idempotency_record), 0::bigint, 'guarded: nothing to keep');
SELECT is(pg_temp.guarded(repeat('k', 255)), '200 {"called": true}', 'guarded: the longest key');
SELECT is(pg_temp.guarded(repeat('k', 255)), '200 Idempotency-Replayed: true {"called": true}', 'guarded: counts');
SELECT is((SELECT count(*) FROM called), 4::bigint, 'guarded: the replay did not call');
SELECT is(pg_temp.guarded(k), '400 {"status" : "failed", "desc" : "malformed request", "error_code" : 190}',
    format('guarded: %s is no key', to_json(left(k, 10))))
  FROM unnest(ARRAY[repeat('k', 256), 'a b', ' ', 'ä', E'a\tb', E'\x7f', E'a\n']) AS k;
SELECT is((SELECT count(*) FROM called), 4::bigint, 'guarded: a wrong key does not call');

SELECT throws_ok($$SELECT pg_temp.guarded(NULL, p_function => 'pg_catalog.version')$$, 'RP500', NULL,
    'guarded: functions of routes only');
SELECT throws_ok($$SELECT pg_temp.guarded(NULL, p_function => 'http.refuse')$$, 'RP500', NULL,
    'guarded: not even of the same schema');

UPDATE app.gateway_state SET maintenance = true;
SELECT matches(pg_temp.guarded(NULL), '^503 Retry-After: [0-9]+ .*"error_code" : 198', 'guarded: maintenance');
SELECT matches(pg_temp.guarded('k', :'ann_token'), '^503 ', 'guarded: maintenance, with a session and a key');
SELECT matches(pg_temp.guarded(NULL, p_function => 'dsrt_v1.login'), '^503 .*SERVER_MAINTENANCE',
    'guarded: maintenance in the style of the space');
SELECT matches(pg_temp.guarded(NULL, p_method => 'GET', p_function => 'http.noop'), '^503 .*"message"',
    'guarded: maintenance for the frame''s own routes');
SELECT is(pg_temp.guarded(NULL, :'boss_token'), '200 {"called": true}', 'guarded: GroupCreators pass');
UPDATE app.gateway_state SET maintenance = false;

SELECT * FROM finish();
ROLLBACK;
