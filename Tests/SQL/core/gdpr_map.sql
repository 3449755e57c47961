BEGIN;
SELECT no_plan();

\set complete `cat sql/lint/gdpr_complete.sql`
SELECT rtrim(:'complete', E'; \n') AS complete \gset
SELECT is_empty(:'complete', 'gdpr_map: knows everything');

-- What is not exported, and why
SELECT is_empty($$SELECT m.table_name, m.column_name FROM core.gdpr_map() AS m WHERE m.is_exported AND m.column_name ~ '(hash|secret|token|code|fingerprint)' AND m.column_name !~ '_(at|until|codes)$'$$,
    'gdpr_map: no secret is given out');
SELECT results_eq($$SELECT m.table_name || '.' || m.column_name FROM core.gdpr_map() AS m WHERE m.reason = 'a secret' ORDER BY 1$$,
    $$VALUES ('account.password_hash'), ('mail.secret'), ('mailed_code.code_hash'), ('mailed_token.token_hash'), ('session.token_hash')$$, 'gdpr_map: what the secrets are');
SELECT results_eq($$SELECT DISTINCT m.table_name FROM core.gdpr_map() AS m WHERE m.person_as <> 'nobody' AND m.at_erasure = 'kept' ORDER BY 1$$,
    $$VALUES ('account'), ('audit')$$, 'gdpr_map: where something of a person is kept');

-- The lint finds what does not fit.
CREATE FUNCTION pg_temp.findings(p_change text, p_complete text) RETURNS SETOF text
LANGUAGE plpgsql
AS $function$
BEGIN
    BEGIN
        EXECUTE p_change;
        RETURN QUERY EXECUTE format('SELECT concat_ws('': '', f.object, f.finding) FROM (%s) AS f', p_complete);
        RAISE SQLSTATE 'RP000';
    EXCEPTION WHEN SQLSTATE 'RP000' THEN
        RETURN;
    END;
END
$function$;

-- The map as it is, but for one thing.
CREATE FUNCTION pg_temp.with_map(p_from text, p_to text) RETURNS text
LANGUAGE sql
AS $function$
    SELECT replace(pg_get_functiondef('core.gdpr_map()'::regprocedure), p_from, p_to)
$function$;

SELECT results_eq(format('SELECT pg_temp.findings(%L, %L)', t.change, :'complete'), t.findings, 'gdpr_complete: ' || t.name)
FROM (VALUES
    ('a new column', 'ALTER TABLE app.session ADD COLUMN mood text',
        ARRAY['session.mood: is not in core.gdpr_map']),
    ('a new table', 'CREATE TABLE app.pet (id bigint, name text)',
        ARRAY['pet.id: is not in core.gdpr_map', 'pet.name: is not in core.gdpr_map']),
    ('a column that is gone', 'ALTER TABLE app.session DROP COLUMN user_agent',
        ARRAY['session.user_agent: is in core.gdpr_map, but not in the data']),
    ('a table that is gone', 'DROP TABLE app.build',
        ARRAY['build.*: is in core.gdpr_map, but not in the data']),
    ('a second person', 'ALTER TABLE app.setting ADD COLUMN set_by bigint CONSTRAINT set_by REFERENCES app.account',
        ARRAY['setting.set_by: refers to a person, which is not how core.gdpr_map says that its table does']),
    ('nothing wrong', 'ALTER TABLE app.setting ADD COLUMN unit text', ARRAY[]::text[])
) AS t (name, change, findings);
SELECT results_eq(format('SELECT pg_temp.findings(pg_temp.with_map(%L, %L), %L)', t.before, t.after, :'complete'), t.findings, 'gdpr_complete: ' || t.name)
FROM (VALUES
    ('a column told twice', '''network last_log_in_at''', '''network last_log_in_at network''',
        ARRAY['known_network.network: is in core.gdpr_map more than once', 'known_network.network: is in core.gdpr_map more than once']),
    ('no reason', '''a secret''', 'NULL', ARRAY['account.password_hash: is kept or not given out, and no reason is told',
        'mail.secret: is kept or not given out, and no reason is told', 'mailed_code.code_hash: is kept or not given out, and no reason is told',
        'mailed_token.token_hash: is kept or not given out, and no reason is told', 'session.token_hash: is kept or not given out, and no reason is told']),
    ('a word nobody knows', E'true, ''row deleted'',\n         ''language_id type''', E'true, ''row lost'',\n         ''language_id type''',
        ARRAY['account_language.account_id: is of another mind than the other columns of its table',
            'account_language.language_id: has an unknown word in core.gdpr_map', 'account_language.language_id: is of another mind than the other columns of its table',
            'account_language.type: has an unknown word in core.gdpr_map', 'account_language.type: is of another mind than the other columns of its table']),
    ('a person nobody knows', '(''password_pressure'', ''subject''', '(''password_pressure'', ''object''',
        ARRAY['password_pressure.last_failed_at: does not say by which column its table names a person', 'password_pressure.recent: does not say by which column its table names a person',
            'password_pressure.strangers_locked_until: does not say by which column its table names a person', 'password_pressure.subject: does not say by which column its table names a person']),
    ('about nobody, yet given out', '(''setting'', NULL, ''nobody'', false', '(''setting'', NULL, ''nobody'', true',
        ARRAY['setting.*: is listed as a whole, or as about nobody, but is about a person']),
    ('emptied to nothing', '''emptied'', ''request_id''', '''emptied'', ''event request_id''',
        ARRAY['audit.event: is emptied, but is NOT NULL and has no default', 'audit.event: is in core.gdpr_map more than once', 'audit.event: is in core.gdpr_map more than once'])
) AS t (name, before, after, findings);

-- Who may read it
SELECT function_privs_are('core', 'gdpr_map', ARRAY[]::text[], r, ARRAY[]::text[], 'gdpr_map: not for ' || r)
FROM unnest(ARRAY['rapport_api', 'rapport_report']) AS r;

SELECT * FROM finish();
ROLLBACK;
