BEGIN;
\ir ../support/people.psql
\ir ../support/exchange.psql
SELECT no_plan();

CREATE FUNCTION pg_temp.codes(p_query text) RETURNS text
LANGUAGE sql
AS $function$
    SELECT string_agg(l.value ->> 'code', ' ' ORDER BY l.ordinality)
    FROM jsonb_array_elements(pg_temp.body('exchange_v1.languages', NULL, NULL, 'GET', p_query)) WITH ORDINALITY AS l
$function$;

-- All of them
SELECT * FROM pg_temp.answer('exchange_v1.languages', NULL, NULL, 'GET') \gset all_
SELECT is(:all_status, 200, 'languages: no session is needed');
SELECT is(json_array_length(:'all_body'::json), 183, 'languages: all of them');
SELECT is((:'all_body'::json -> 0)::text, '{"id" : 2, "name" : "Abkhazian", "code" : "ab", "flag" : "🇬🇪"}', 'languages: id, name, code, flag');
SELECT is(:'all_headers'::text, E'X-Total-Count: 183\n', 'languages: with their number');
SELECT results_eq(
    format('SELECT l.value ->> %L FROM json_array_elements(%L) WITH ORDINALITY AS l ORDER BY l.ordinality', 'code', :'all_body'),
    'SELECT code COLLATE "default" FROM app.language ORDER BY name COLLATE "und-x-icu"', 'languages: by name');
SELECT is(pg_temp.codes(q), pg_temp.codes(NULL), 'languages: all of them for ' || q) FROM unnest(ARRAY['{}', '{"page": "", "per": ""}', '{"x": "1"}']) AS q;
SELECT is(pg_temp.said('languages', NULL, 'nonsense', 'GET', '{"per": "1"}'), '200 [{"id" : 2, "name" : "Abkhazian", "code" : "ab", "flag" : "🇬🇪"}]', 'languages: a token is not looked at');

-- A page
SELECT is((pg_temp.answer('exchange_v1.languages', NULL, NULL, 'GET', '{"page": "2", "per": "5"}')).headers,
    E'X-Total-Count: 183\nLink: </languages?page=1&per=5>; rel="first", </languages?page=1&per=5>; rel="prev", </languages?page=3&per=5>; rel="next", '
    '</languages?page=37&per=5>; rel="last"\n', 'languages: a page leads to the others');
SELECT is(pg_temp.codes('{"page": "2", "per": "5"}'), 'am ar an hy as', 'languages: the second page of five');
SELECT is(array_length(string_to_array(pg_temp.codes('{"page": "1"}'), ' '), 1), 20, 'languages: page alone is of 20');
SELECT is(pg_temp.codes('{"per": "3"}'), 'ab aa af', 'languages: per alone is the first page');
SELECT is((SELECT string_agg(pg_temp.codes(format('{"page": "%s", "per": "100"}', n)), ' ' ORDER BY n) FROM generate_series(1, 2) AS n), pg_temp.codes(NULL), 'languages: the pages are the whole');
SELECT is(pg_temp.said('languages', NULL, NULL, 'GET', '{"page": "2147483647", "per": "100"}'), '200 []', 'languages: nothing is beyond the last page');

-- Wrong pages
SELECT is(pg_temp.said('languages', NULL, NULL, 'GET', '{"per": "101"}'),
    '400 {"message" : "Some parameters are invalid", "errors" : [{"field" : "per", "message" : "is not a number from 1 to 100"}]}', 'languages: more than 100 a page');
SELECT is(pg_temp.faults('languages', NULL, NULL, 'GET', t.query), t.faults, 'languages: ' || t.query)
FROM (VALUES
    ('{"page": "0"}', ARRAY['page is not a number from 1 to 2147483647']),
    ('{"per": "0"}', ARRAY['per is not a number from 1 to 100']),
    ('{"page": "x", "per": "-1"}', ARRAY['page is not a number from 1 to 2147483647', 'per is not a number from 1 to 100']),
    ('{"page": "2147483648"}', ARRAY['page is not a number from 1 to 2147483647']),
    ('{"page": ["1"]}', ARRAY['page is invalid'])) AS t (query, faults);

-- Roles
SELECT function_privs_are('exchange_v1', 'languages', ARRAY['http.request'], 'rapport_api', ARRAY['EXECUTE'], 'languages: rapport_api may call it');
SELECT function_privs_are('exchange_v1', 'languages', ARRAY['http.request'], 'rapport_report', ARRAY[]::text[], 'languages: rapport_report may not');

SELECT * FROM finish();
ROLLBACK;
