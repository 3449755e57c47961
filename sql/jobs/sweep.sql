-- What the servers call every minute.

CREATE FUNCTION jobs.sweep() RETURNS TABLE (what text, removed bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN QUERY SELECT s.what, s.removed FROM ops.sweep() AS s;
END
$function$;
COMMENT ON FUNCTION jobs.sweep() IS
    'Removes a batch of what has expired; no row while another one sweeps.';
