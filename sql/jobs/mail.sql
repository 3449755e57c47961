-- What the mail workers of the servers call: register, claim, complete or fail.

CREATE FUNCTION jobs.register_worker(p_worker bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    IF p_worker NOT BETWEEN 1 AND 2147483647 THEN
        RAISE EXCEPTION 'a worker''s number is 1 to 2147483647'
            USING ERRCODE = 'RP422', DETAIL = 'worker.number';
    END IF;
    RETURN pg_try_advisory_lock(1414676816, p_worker::integer);
END
$function$;
COMMENT ON FUNCTION jobs.register_worker(bigint) IS
    'Takes the worker''s advisory lock for this connection: its claims live as long as that. False '
    'where another connection has the number.';

CREATE FUNCTION jobs.claim_mail(p_worker bigint, p_limit integer)
RETURNS TABLE (id bigint, kind text, recipient text, message text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN QUERY
    SELECT c.id, c.kind, c.recipient, c.message
    FROM core.claim_mail(p_worker, p_limit) AS c;
END
$function$;
COMMENT ON FUNCTION jobs.claim_mail(bigint, integer) IS
    'Mails to deliver now, at most p_limit: whom to, and the complete message. Each must be completed '
    'or failed within 5 minutes.';

CREATE FUNCTION jobs.complete_mail(p_id bigint, p_worker bigint) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN core.complete_mail(p_id, p_worker);
END
$function$;
COMMENT ON FUNCTION jobs.complete_mail(bigint, bigint) IS
    'The mail was handed over. False where it is no longer this worker''s.';

CREATE FUNCTION jobs.fail_mail(p_id bigint, p_worker bigint, p_error text) RETURNS boolean
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN core.fail_mail(p_id, p_worker, p_error);
END
$function$;
COMMENT ON FUNCTION jobs.fail_mail(bigint, bigint, text) IS
    'The mail could not be handed over: tried again later, or given up. False where it is no longer '
    'this worker''s.';
