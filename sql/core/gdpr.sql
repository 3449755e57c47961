-- What a person may read of what is known of them, and how it goes, both by core.gdpr_map.

CREATE FUNCTION core.export_times(p_times timestamptz[]) RETURNS text[]
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT array_agg(core.time_text(t.at) ORDER BY t.position)
    FROM unnest(p_times) WITH ORDINALITY AS t (at, position)
$function$;
COMMENT ON FUNCTION core.export_times(timestamptz[]) IS 'Times as the export shows them.';

CREATE FUNCTION core.gdpr_tables() RETURNS TABLE (relation regclass, name text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT t.relation, t.name
    FROM (
        SELECT DISTINCT to_regclass(format('app.%I', m.table_name)), m.table_name
        FROM core.gdpr_map() AS m
        WHERE m.person_as <> 'nobody'
    ) AS t (relation, name)
    ORDER BY t.name <> 'account', t.name
$function$;
COMMENT ON FUNCTION core.gdpr_tables() IS
    'The tables that hold something about people: the accounts, then the others by name.';

CREATE FUNCTION core.gdpr_condition(p_person_column text, p_person_as text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT format('t.%I = ANY (', p_person_column)
        || CASE p_person_as WHEN 'number' THEN '$1)' ELSE '$2)' END
$function$;
COMMENT ON FUNCTION core.gdpr_condition(text, text) IS
    'Which rows t are about the people whose numbers are $1: their account:number are $2.';

CREATE FUNCTION core.export_statement(p_table regclass) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT format(
        'SELECT json_agg(r.*) FROM (SELECT %s FROM %s AS t WHERE %s ORDER BY %s) AS r',
        string_agg(
            format(
                '%1$s(t.%2$I) AS %2$I',
                CASE a.atttypid
                    WHEN 'timestamptz'::regtype THEN 'core.time_text'
                    WHEN 'timestamptz[]'::regtype THEN 'core.export_times'
                END,
                a.attname),
            ', ' ORDER BY a.attnum),
        p_table,
        core.gdpr_condition(m.person_column, m.person_as),
        (SELECT string_agg(format('t.%I', k.attname), ', ' ORDER BY k.attnum)
         FROM pg_index AS i
         INNER JOIN pg_attribute AS k ON k.attrelid = p_table AND k.attnum = ANY (i.indkey)
         WHERE i.indrelid = p_table AND i.indisprimary))
    FROM core.gdpr_map() AS m
    INNER JOIN pg_attribute AS a ON a.attrelid = p_table AND a.attname = m.column_name
    WHERE m.is_exported AND p_table = to_regclass(format('app.%I', m.table_name))
    GROUP BY m.person_column, m.person_as
$function$;
COMMENT ON FUNCTION core.export_statement(regclass) IS
    'What reads from a table as core.gdpr_map says; NULL where nothing is given out. Parameters as '
    'in core.gdpr_condition.';

CREATE FUNCTION core.erasure_statement(p_table regclass) RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT CASE
        WHEN bool_and(m.at_erasure = 'row deleted') THEN
            format(
                'DELETE FROM %s AS t WHERE %s', p_table,
                core.gdpr_condition(m.person_column, m.person_as))
        ELSE
            format('UPDATE %s AS t SET ', p_table)
            || string_agg(format('%I = DEFAULT', m.column_name), ', ')
                FILTER (WHERE m.at_erasure = 'emptied')
            || ' WHERE ' || core.gdpr_condition(m.person_column, m.person_as)
    END
    FROM core.gdpr_map() AS m
    WHERE p_table = to_regclass(format('app.%I', m.table_name))
    GROUP BY m.person_column, m.person_as
$function$;
COMMENT ON FUNCTION core.erasure_statement(regclass) IS
    'What erases from a table as core.gdpr_map says; NULL where all is kept. Parameters as in '
    'core.gdpr_condition.';

CREATE FUNCTION core.export_person(p_account_id bigint) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
DECLARE
    v_table record;
    v_rows json;
    v_names text[] := ARRAY[]::text[];
    v_contents json[] := ARRAY[]::json[];
BEGIN
    FOR v_table IN
        SELECT t.relation, t.name
        FROM core.gdpr_tables() AS t
        WHERE core.export_statement(t.relation) IS NOT NULL
    LOOP
        EXECUTE core.export_statement(v_table.relation)
        INTO v_rows
        USING ARRAY[p_account_id], ARRAY['account:' || p_account_id];
        IF v_table.name = 'account' THEN
            v_rows := v_rows -> 0;
            IF v_rows IS NULL THEN
                RETURN NULL;
            END IF;
        END IF;
        v_names := v_names || v_table.name;
        v_contents := v_contents || coalesce(v_rows, '[]');
    END LOOP;
    RETURN (
        SELECT json_object_agg(p.name, p.content ORDER BY p.position)
        FROM unnest(v_names, v_contents) WITH ORDINALITY AS p (name, content, position));
END
$function$;
COMMENT ON FUNCTION core.export_person(bigint) IS
    'All that is known of a person and is theirs to read, by core.gdpr_map: the account, and the '
    'rows of each other table by their key. NULL where there is no such account.';

CREATE FUNCTION core.erase_people(p_account_ids bigint[], p_at timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_table record;
BEGIN
    -- First of all, for a constraint lets only erased accounts be without an address.
    UPDATE app.account AS a
    SET erased_at = p_at, updated_at = p_at
    WHERE a.id = ANY (p_account_ids);
    FOR v_table IN
        SELECT t.relation
        FROM core.gdpr_tables() AS t
        WHERE core.erasure_statement(t.relation) IS NOT NULL
    LOOP
        EXECUTE core.erasure_statement(v_table.relation)
        USING p_account_ids, ARRAY(SELECT 'account:' || i.id FROM unnest(p_account_ids) AS i (id));
    END LOOP;
    -- Where they acted on others, as GroupCreators do, the network address is theirs.
    UPDATE app.audit AS u
    SET address = NULL
    WHERE u.details ? 'by' AND u.details ->> 'by' = ANY (p_account_ids::text[]);
    PERFORM core.note('account.erased', i.id, p_at => p_at)
    FROM unnest(p_account_ids) AS i (id);
END
$function$;
COMMENT ON FUNCTION core.erase_people(bigint[], timestamptz) IS
    'Deletes and empties what core.gdpr_map says, of closed accounts that the caller holds. Their '
    'addresses and usernames are free.';

CREATE FUNCTION core.forget_mentions(p_account app.account) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    DELETE FROM app.mail AS m
    WHERE core.email_key(m.parameters ->> 'email') = p_account.email_key;
    DELETE FROM app.idempotency_record AS k
    WHERE strpos(core.email_key(k.body), to_json(p_account.email_key)::text) > 0
        OR strpos(k.body, p_account.email_md5) > 0;
END
$function$;
COMMENT ON FUNCTION core.forget_mentions(app.account) IS
    'Deletes what names the address and is not the account''s own: mails that told GroupCreators '
    'of it, and answers kept for retries, of which those to log-ins stand under a network address. '
    'The sweep need not look for these: they are gone 31 days after the account was closed.';

CREATE FUNCTION core.erase_person(p_account_id bigint, p_at timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_account app.account%ROWTYPE;
BEGIN
    PERFORM core.hold_group_creators();
    PERFORM core.hold_password_subject(core.password_subject(p_account_id, NULL));
    SELECT a.* INTO v_account
    FROM app.account AS a
    WHERE a.id = p_account_id
    FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'not_found';
    ELSIF v_account.erased_at IS NOT NULL THEN
        RETURN 'unchanged';
    ELSIF core.close_account(p_account_id, NULL, NULL, p_at) = 'last_group_creator' THEN
        RETURN 'last_group_creator';
    END IF;
    PERFORM core.forget_mentions(v_account);
    PERFORM core.erase_people(ARRAY[p_account_id], p_at);
    RETURN 'erased';
END
$function$;
COMMENT ON FUNCTION core.erase_person(bigint, timestamptz) IS
    'Closes an account if it is not closed, and erases the person now instead of after 30 days. '
    'erased, unchanged (was erased before), not_found, or last_group_creator, who stays.';
