-- Maintenance mode: `rapport maintenance on|off`.

CREATE FUNCTION ops.set_maintenance(p_on boolean) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_generation bigint;
BEGIN
    UPDATE app.gateway_state AS s
       SET maintenance = p_on, generation = s.generation + 1
     WHERE s.maintenance <> p_on
    RETURNING s.generation INTO v_generation;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    PERFORM pg_notify('rapport', v_generation::text);
    RETURN true;
END
$function$;
COMMENT ON FUNCTION ops.set_maintenance(boolean) IS
    'Turns maintenance mode on or off; false if it already was. Servers follow within a second: '
    'all but health is answered 503, GroupCreators pass.';
