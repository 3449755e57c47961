-- What servers read: the state to follow, the routes with their statements, the refusals, and which
-- SQLSTATE is which.

CREATE FUNCTION http.gateway_state() RETURNS TABLE (
    generation bigint,
    maintenance boolean,
    migration integer
)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT s.generation, s.maintenance, (SELECT max(m.number) FROM app.migration AS m)
      FROM app.gateway_state AS s;
$function$;
COMMENT ON FUNCTION http.gateway_state() IS
    'Polled each second and after a NOTIFY on channel rapport: another generation means reading '
    'the rest anew. migration is the newest one applied, by which a server knows whether the '
    'schema is as new as itself.';

CREATE FUNCTION http.statement(p_function text, p_guarded boolean, p_read_only boolean) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    SELECT format(
        'SELECT r.status, r.outcome, r.headers, r.body, r.session_id FROM %s(%sROW(%s, '
        '$2, $3, $4, $5, $6, $7, $8, $9, $10)::http.request) AS r',
        CASE WHEN p_guarded THEN 'http.guarded'
             ELSE format('%I.%I', split_part(p_function, '.', 1), split_part(p_function, '.', 2))
             END,
        CASE WHEN p_guarded THEN format('%L, ', p_function) ELSE '' END,
        CASE WHEN p_read_only THEN '$1'
             ELSE $$set_config('application_name', $1, true)$$ END);
$function$;
COMMENT ON FUNCTION http.statement(text, boolean, boolean) IS
    'The statement that answers a request; $1 to $10 are the fields of http.request. One that may '
    'write first puts the request id into application_name, for its transaction only, where '
    'pg_stat_activity and the log show it.';

CREATE FUNCTION http.gateway_routes() RETURNS TABLE (
    method text,
    template text,
    name text,
    statement text,
    guarded_statement text,
    lane text,
    time_limit_ms integer,
    body_limit integer,
    read_only boolean,
    media_types text
)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT r.method, r.path, r.function,
           http.statement(r.function, false, f.read_only),
           http.statement(r.function, true, f.read_only),
           r.lane, r.time_limit_ms, r.body_limit, f.read_only,
           array_to_string(r.media_types, ',')
      FROM app.route AS r
     INNER JOIN pg_catalog.pg_proc AS p ON p.oid = to_regprocedure(r.function || '(http.request)')
     CROSS JOIN LATERAL (SELECT r.method = 'GET' AND p.provolatile <> 'v') AS f (read_only)
     ORDER BY r.path, r.method;
$function$;
COMMENT ON FUNCTION http.gateway_routes() IS
    'All routes. guarded_statement is for maintenance and for a POST with Idempotency-Key. '
    'read_only: may run twice, or on a standby. media_types: what Accept chooses from, the best '
    'first, with commas between.';

CREATE FUNCTION http.gateway_refusals() RETURNS TABLE (
    prefix text,
    kind text,
    status integer,
    outcome integer,
    headers text,
    body text
)
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
    SELECT s.prefix, k.kind, a.status, a.outcome, a.headers, a.body
      FROM app.path_space AS s
     CROSS JOIN http.refusal_kinds() AS k
     CROSS JOIN LATERAL http.refuse(s.contract, k.kind) AS a
     WHERE k.kind <> 'key_reused'
     ORDER BY s.prefix, k.kind;
$function$;
COMMENT ON FUNCTION http.gateway_refusals() IS
    'Ready answers for what reaches no function. The longest prefix of the path with a slash '
    'after it decides; key_reused is left out, because only http.guarded gives it.';

CREATE FUNCTION http.gateway_faults() RETURNS TABLE (sqlstate text, kind text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
    VALUES ('RP400', 'malformed'),     -- http.parse_object
           ('22021', 'malformed'),     -- bytes that are not UTF-8
           ('22P05', 'malformed'),     -- NUL
           ('57014', 'time_out'),      -- cancelled: statement_timeout
           ('55P03', 'busy'),          -- lock_timeout
           ('40', 'busy'),             -- serialization failure or deadlock, the retries used up
           ('25006', 'unavailable'),   -- a standby: the primary is somewhere else by now
           ('08', 'unavailable'),      -- connection
           ('53', 'unavailable'),      -- connections, memory or disk used up
           ('57', 'unavailable'),      -- shutting down or starting up
           ('58', 'unavailable');      -- the operating system
$function$;
COMMENT ON FUNCTION http.gateway_faults() IS
    'Kind of refusal for an SQLSTATE (five characters), else for its class (two). Anything else '
    'is a server_error.';

CREATE FUNCTION http.seen(p_session_ids bigint[]) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    PERFORM core.touch_sessions(p_session_ids);
END
$function$;
COMMENT ON FUNCTION http.seen(bigint[]) IS
    'Servers collect the sessions that were used, and report them here every few seconds: no '
    'write per read.';
