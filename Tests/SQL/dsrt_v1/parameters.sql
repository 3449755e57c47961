BEGIN;
\ir ../support/people.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.asked(p_method text, p_query text, p_body text) RETURNS http.request
LANGUAGE sql
AS $function$ SELECT ROW('r', p_method, NULL, p_query, p_body, NULL, NULL, NULL, NULL, NULL)::http.request $function$;


SELECT is((dsrt_v1.read_link_token(pg_temp.asked('GET', '{"t": "q"}', '{"t": "b"}'), 't', 'T')).value, 'q', 'read_link_token: GET, from the query');
SELECT is((dsrt_v1.read_link_token(pg_temp.asked('POST', '{"t": "q"}', '{"t": "b"}'), 't', 'T')).value, 'b', 'read_link_token: POST, from the body');
SELECT is((dsrt_v1.read_link_token(pg_temp.asked('POST', '{"t": "q"}', NULL), 't', 'T')).value, 'q', 'read_link_token: POST to the link itself');

SELECT * FROM finish();
ROLLBACK;
