-- rapport group-creator EMAIL: who runs the place.

CREATE FUNCTION ops.make_group_creator(p_email text, p_password text) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN core.make_group_creator(p_email, p_password);
END
$function$;
COMMENT ON FUNCTION ops.make_group_creator(text, text) IS
    'Makes the person of an address a GroupCreator: answers created, promoted or unchanged. The '
    'password (8 to 128 characters) is for a new account, and for one that never proved its address; '
    'otherwise it is not looked at.';
