-- rapport group-creator EMAIL: who runs the place.

CREATE FUNCTION ops.make_group_creator(p_email text, p_password text) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_done text;
BEGIN
    IF core.is_email(core.trim_text(p_email)) IS NOT TRUE THEN
        RAISE EXCEPTION 'not an e-mail address: %', p_email
            USING ERRCODE = 'RP422', DETAIL = 'group_creator.email';
    END IF;
    SELECT m.done
    INTO v_done
    FROM core.make_group_creator(
        p_email,
        CASE WHEN char_length(p_password) BETWEEN 8 AND 128 THEN p_password END, true) AS m;
    IF v_done = 'password_missing' THEN
        RAISE EXCEPTION 'the password must have 8 to 128 characters'
            USING ERRCODE = 'RP422', DETAIL = 'group_creator.password';
    ELSIF v_done = 'taken' THEN
        RAISE EXCEPTION 'the address % is taken', p_email
            USING ERRCODE = 'RP409', DETAIL = 'group_creator.taken';
    ELSIF v_done IN ('disabled', 'blocked', 'closed') THEN
        RAISE EXCEPTION 'the account of % is %', p_email, v_done
            USING ERRCODE = 'RP409', DETAIL = 'group_creator.state';
    END IF;
    RETURN v_done;
END
$function$;
COMMENT ON FUNCTION ops.make_group_creator(text, text) IS
    'Makes the person of an address a GroupCreator: answers created, promoted or unchanged. The '
    'password (8 to 128 characters) is for a new account, and for one that never proved its address; '
    'otherwise it is not looked at.';
