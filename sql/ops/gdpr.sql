-- A person asks what is known of them, or to be forgotten.

CREATE VIEW ops.gdpr AS
SELECT m.table_name, m.column_name, m.person_column, m.person_as, m.is_exported, m.at_erasure,
    m.reason
FROM core.gdpr_map() AS m;
COMMENT ON VIEW ops.gdpr IS
    'Where something is known of people: every column, by what a row names its person, whether the '
    'person is given it, and what erasure does to it. See core.gdpr_map.';

CREATE FUNCTION ops.export_person(p_account_id bigint) RETURNS json
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_export json := core.export_person(p_account_id);
BEGIN
    IF v_export IS NULL THEN
        RAISE EXCEPTION 'there is no account %', p_account_id
            USING ERRCODE = 'RP422', DETAIL = 'person.unknown';
    END IF;
    RETURN v_export;
END
$function$;
COMMENT ON FUNCTION ops.export_person(bigint) IS
    'All that is known of the person with this account number and is theirs to read; no secrets, and '
    'nobody else''s data. In psql: \pset format unaligned, SELECT jsonb_pretty(ops.export_person(1)'
    '::jsonb).';

CREATE FUNCTION ops.erase_person(p_account_id bigint) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_done text := core.erase_person(p_account_id);
BEGIN
    IF v_done = 'not_found' THEN
        RAISE EXCEPTION 'there is no account %', p_account_id
            USING ERRCODE = 'RP422', DETAIL = 'person.unknown';
    ELSIF v_done = 'last_group_creator' THEN
        RAISE EXCEPTION 'account % is the last GroupCreator', p_account_id
            USING ERRCODE = 'RP409', DETAIL = 'group_creator.last',
                HINT = 'Make somebody else one first: ops.make_group_creator.';
    END IF;
    RETURN v_done;
END
$function$;
COMMENT ON FUNCTION ops.erase_person(bigint) IS
    'Erases the person with this account number now, and closes the account if that is still open: '
    'address and username are free at once, the number stays, emptied. Cannot be undone. Answers '
    'erased, or unchanged where that was done before.';
