-- The languages of a person: spoken ones, and those of interest.

CREATE FUNCTION core.set_languages(
    p_account_id bigint,
    p_language_ids integer[],
    p_types text[]) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    DELETE FROM app.account_language AS l
    WHERE l.account_id = p_account_id AND l.language_id <> ALL (p_language_ids);
    INSERT INTO app.account_language AS l (account_id, language_id, type)
    SELECT p_account_id, u.language_id, u.type
    FROM unnest(p_language_ids, p_types) AS u (language_id, type)
    ON CONFLICT ON CONSTRAINT account_language_pkey DO UPDATE SET type = excluded.type;
END
$function$;
COMMENT ON FUNCTION core.set_languages(bigint, integer[], text[]) IS
    'Writes all languages of the account, each with its type (native or interest), in place of '
    'those that stood there.';
