BEGIN;
\ir ../support/people.psql
SELECT no_plan();

SELECT pg_temp.person('John.Doe@example.com') AS john \gset
SELECT md5('john.doe@example.com') AS john_md5 \gset

-- read_account
CREATE FUNCTION pg_temp.found(p_source text, p_first text DEFAULT 'user_id', p_second text DEFAULT 'email') RETURNS text
LANGUAGE sql
AS $function$
    SELECT concat_ws(' ', r.account_id, r.name, nullif(array_to_json(r.errors)::text, '[]'))
      FROM gather_v1.read_account('{}', p_source::jsonb, p_first, p_second) AS r
$function$;
SELECT is(pg_temp.found(format(t.source, :john, :'john_md5')), format(t.found, :john, :'john_md5'), 'read_account: ' || t.source)
  FROM (VALUES
    ('{"user_id": "%1$s"}', '%1$s %1$s'),
    ('{"user_id": %1$s}', '%1$s %1$s'),
    ('{"user_id": " %2$s "}', '%1$s %2$s'),
    ('{"email": "JOHN.DOE@example.com"}', '%1$s JOHN.DOE@example.com'),
    ('{"user_id": "", "email": "john.doe@example.com"}', '%1$s john.doe@example.com'),
    ('{"user_id": null, "email": "john.doe@example.com"}', '%1$s john.doe@example.com'),
    ('{"user_id": "%1$s", "email": "nobody@example.com"}', '%1$s %1$s')
  ) AS t (source, found);
SELECT is(pg_temp.found(format('{"user_id": "%s"}', upper(:'john_md5'))), format('%s %s', :john, upper(:'john_md5')), 'read_account: the MD5 in any case of letters');
SELECT is(pg_temp.found(format('{"user_id": 5, "email": "john.doe@example.com"}'), 'email', 'user_id'),
    format('%s john.doe@example.com', :john), 'read_account: the first one first');
SELECT is(pg_temp.found(t.source), t.found, 'read_account: nobody: ' || t.source)
  FROM (VALUES
    ('{"user_id": "0"}', '0'),
    ('{"user_id": 99999999999999999999999}', '99999999999999999999999'),
    ('{"user_id": "john.doe@example.com"}', 'john.doe@example.com'),
    ('{"email": "no address"}', 'no address')
  ) AS t (source, found);
SELECT is(pg_temp.found(t.source), format('[{"field" : "%s", "message" : "%s"}]', t.field, t.message), 'read_account: wrong: ' || t.source)
  FROM (VALUES
    ('{}', 'user_id', 'or email is needed'),
    ('{"user_id": " ", "email": null}', 'user_id', 'or email is needed'),
    ('{"user_id": 1.5}', 'user_id', 'is invalid'),
    ('{"user_id": -1}', 'user_id', 'is invalid'),
    ('{"user_id": true, "email": "john.doe@example.com"}', 'user_id', 'is invalid'),
    ('{"email": 5}', 'email', 'is invalid'),
    ('{"email": ["john.doe@example.com"]}', 'email', 'is invalid')
  ) AS t (source, field, message);
SELECT is((SELECT cardinality(r.errors) FROM gather_v1.read_account(ARRAY['{}'::json], '{}', 'email', 'user_id') AS r), 2,
    'read_account: appends to the errors that are there');
SELECT core.close_account(:john, NULL, NULL) AS done \gset
SELECT is(pg_temp.found(format('{"user_id": "%s"}', :john)), :'john', 'read_account: a closed account is as unknown');

SELECT is((SELECT r.value FROM http.read_code('{}', '{"code": "12345"}') AS r), NULL, 'read_code: no value with a problem');

-- refuse_parameters, refuse_taken
SELECT is((r.status, r.body, r.session_id),
    (400, '{"status" : "failed", "desc" : "invalid parameters", "error_code" : 100, "errors" : [{"field" : "code", "message" : "is invalid"}]}'::text, 7::bigint),
    'refuse_parameters: 100 with the fields')
  FROM gather_v1.refuse_parameters(ARRAY[http.wrong_field('code', NULL, 'is invalid')], 7) AS r;
SELECT is((r.status, r.body, r.session_id),
    (409, '{"status" : "failed", "desc" : "username or email taken", "error_code" : 106, "errors" : '
        '[{"field" : "username", "message" : "has already been taken"}, {"field" : "email", "message" : "has already been taken"}]}'::text, 7::bigint),
    'refuse_taken: 106 with the fields')
  FROM gather_v1.refuse_taken(ARRAY['username', 'email'], 7) AS r;

SELECT * FROM finish();
ROLLBACK;
