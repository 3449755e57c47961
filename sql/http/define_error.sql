-- The catalogue of everything that can go wrong, and which of it answers for which fault of the
-- gateway.

CREATE FUNCTION http.refusal_kinds() RETURNS TABLE (kind text, meaning text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
AS $function$
    VALUES ('malformed', 'the request is not what it says it is'),
           ('not_found', 'no route has this path'),
           ('method_not_allowed', 'the path has a route, but not for this method'),
           ('not_acceptable', 'Accept excludes JSON'),
           ('too_large', 'the body is longer than the route takes'),
           ('unsupported_media_type', 'a Content-Type that nobody reads here'),
           ('uri_too_long', 'the request target is too long'),
           ('fields_too_large', 'too many or too long header fields'),
           ('request_timeout', 'the request did not arrive in time'),
           ('not_implemented', 'a method that nobody knows'),
           ('version_not_supported', 'a major version of HTTP other than 1'),
           ('expectation_failed', 'an Expect other than 100-continue'),
           ('busy', 'the queue is full, or the transaction lost a conflict again and again'),
           ('unavailable', 'the database is away'),
           ('time_out', 'the call took longer than its route allows'),
           ('maintenance', 'maintenance is on'),
           ('server_error', 'a fault of ours'),
           ('key_reused', 'an Idempotency-Key came again with another request');
$function$;
COMMENT ON FUNCTION http.refusal_kinds() IS
    'Kinds of refusal that are given without, or instead of, a contract function. Every contract '
    'with a path space words each.';

CREATE FUNCTION http.define_refusal(
    p_contract text,
    p_kind text,
    p_code text,
    p_outcome integer DEFAULT NULL,
    p_message text DEFAULT NULL,
    p_headers text DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    INSERT INTO app.refusal (contract, kind, code, outcome, message, headers)
    SELECT e.contract, p_kind, e.code, coalesce(p_outcome, e.outcome),
           coalesce(p_message, e.message), coalesce(p_headers, e.headers)
      FROM app.error AS e
     WHERE e.contract = p_contract AND e.code = p_code;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'contract % has no error %', p_contract, p_code
            USING ERRCODE = 'RP500', DETAIL = 'registry.unknown_error',
                  HINT = 'http.define_error comes before http.define_refusal.';
    END IF;
END
$function$;
COMMENT ON FUNCTION http.define_refusal(text, text, text, integer, text, text) IS
    'Says that a contract answers a kind of refusal with one of its errors; what is NULL is as in '
    'the catalogue.';

CREATE FUNCTION http.define_error(
    p_contract text,
    p_code text,
    p_outcome integer,
    p_message text,
    p_kind text DEFAULT NULL,
    p_headers text DEFAULT NULL
) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    INSERT INTO app.error (contract, code, outcome, message, headers)
    VALUES (p_contract, p_code, p_outcome, p_message, p_headers);
    IF p_kind IS NOT NULL THEN
        PERFORM http.define_refusal(p_contract, p_kind, p_code);
    END IF;
END
$function$;
COMMENT ON FUNCTION http.define_error(text, text, integer, text, text, text) IS
    'Puts an error into a contract''s catalogue; with a kind, it also answers that kind of '
    'refusal.';
