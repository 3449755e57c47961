BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT pg_temp.person('ann@example.com') AS ann \gset
SELECT is(u.brief ->> 'default_password', 'false', 'users: a chosen password is none of ours') FROM dsrt_v1.users() AS u WHERE u.id = :ann;
UPDATE app.account SET password_hash = NULL, password_set_at = NULL, first_name = NULL, last_name = NULL, middle_name = 'M' WHERE id = :ann;
SELECT is(u.brief ->> 'default_password', 'true', 'users: no password was ever chosen') FROM dsrt_v1.users() AS u WHERE u.id = :ann;
SELECT is(u.brief ->> 'full_name', 'M', 'users: the names that are there') FROM dsrt_v1.users() AS u WHERE u.id = :ann;
SELECT is_empty(format('SELECT m FROM dsrt_v1.users() AS u CROSS JOIN LATERAL http.matches_schema(%L, u.brief::jsonb) AS m WHERE u.id = %s',
    '{"$ref": "#/components/schemas/dsrt_v1.User"}', :ann), 'users: brief is as its schema says');
SELECT is_empty(format('SELECT m FROM dsrt_v1.users() AS u CROSS JOIN LATERAL http.matches_schema(%L, u.profile::jsonb) AS m WHERE u.id = %s',
    '{"$ref": "#/components/schemas/dsrt_v1.Profile"}', :ann), 'users: so is profile');
UPDATE app.account SET secondary_email = 's@example.com' WHERE id = :ann;
SELECT is(u.profile ->> 'secondary_email_confirmed', 'false', 'users: a secondary address is confirmed or not') FROM dsrt_v1.users() AS u WHERE u.id = :ann;

CREATE FUNCTION pg_temp.plan(p_query text) RETURNS SETOF text
LANGUAGE plpgsql
AS $function$
BEGIN
    RETURN QUERY EXECUTE 'EXPLAIN ' || p_query;
END
$function$;
SELECT is_empty($$SELECT p FROM pg_temp.plan('SELECT u.profile FROM dsrt_v1.users() AS u WHERE u.id = 1') AS p WHERE p LIKE '%Function Scan%'$$, 'users: inlines');
SELECT is_empty($$SELECT p FROM pg_temp.plan('SELECT c.account_id FROM core.caller(''x'') AS c') AS p WHERE p LIKE '%Function Scan%'$$, 'caller: inlines');

SELECT * FROM finish();
ROLLBACK;
