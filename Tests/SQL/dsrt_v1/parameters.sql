BEGIN;
\ir ../support/people.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.asked(p_method text, p_query text, p_body text) RETURNS http.request
LANGUAGE sql
AS $function$ SELECT ROW('r', p_method, NULL, p_query, p_body, NULL, NULL, NULL, NULL, NULL)::http.request $function$;

SELECT is(dsrt_v1.wrong_field('dob', 'Date of birth', 'is not a date')::text, '{"field" : "dob", "message" : "Date of birth is not a date"}', 'wrong_field: field, then message');
SELECT is(dsrt_v1.user_of(pg_temp.asked('POST', NULL, b)), '{}'::jsonb, 'user_of: ' || coalesce(b, 'no body'))
FROM unnest(ARRAY[NULL, '', '{}', '{"user": null}', '{"user": [1]}', '{"user": "x"}']) AS b;
SELECT is(dsrt_v1.user_of(pg_temp.asked('POST', NULL, '{"user": {"a": 1}}')), '{"a": 1}'::jsonb, 'user_of: the object');

SELECT is((dsrt_v1.read_text(ARRAY[]::json[], '{"a": "x"}', 'a', 'A')).value, 'x', 'read_text: the value');
SELECT is(cardinality((dsrt_v1.read_text(ARRAY[]::json[], '{}', 'a', 'A')).errors), 0, 'read_text: optional');
SELECT is(cardinality((dsrt_v1.read_text(ARRAY['{}'::json], '{}', 'a', 'A', p_required => true)).errors), 2, 'read_text: adds to the errors');
SELECT is((dsrt_v1.read_text(ARRAY[]::json[], '{}', 'a', 'A', p_required => true, p_blank => 'can''t be blank')).errors[1] ->> 'message', 'A can''t be blank', 'read_text: says blank as it should');
SELECT is((dsrt_v1.read_email(ARRAY[]::json[], '{"a": "x"}', 'a', 'A')).value, NULL, 'read_email: no address, no value');

SELECT is((dsrt_v1.read_link_token(pg_temp.asked('GET', '{"t": "q"}', '{"t": "b"}'), 't', 'T')).value, 'q', 'read_link_token: GET, from the query');
SELECT is((dsrt_v1.read_link_token(pg_temp.asked('POST', '{"t": "q"}', '{"t": "b"}'), 't', 'T')).value, 'b', 'read_link_token: POST, from the body');
SELECT is((dsrt_v1.read_link_token(pg_temp.asked('POST', '{"t": "q"}', NULL), 't', 'T')).value, 'q', 'read_link_token: POST to the link itself');

SELECT * FROM finish();
ROLLBACK;
