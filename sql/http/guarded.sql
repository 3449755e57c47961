-- The way round to a contract function: through maintenance mode and Idempotency-Key.

CREATE FUNCTION http.call_route(p_function text, p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_answer http.response;
BEGIN
    EXECUTE format(
        'SELECT r.* FROM %I.%I($1) AS r', split_part(p_function, '.', 1),
        split_part(p_function, '.', 2))
       INTO v_answer
      USING p_request;
    RETURN v_answer;
END
$function$;
COMMENT ON FUNCTION http.call_route(text, http.request) IS
    'Calls a contract function by name. For http.guarded, which has looked the name up in the '
    'registry.';

CREATE FUNCTION http.guarded(p_function text, p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_contract text;
    v_account_id bigint;
    v_is_group_creator boolean;
BEGIN
    SELECT s.contract
      INTO v_contract
      FROM app.route AS r
     INNER JOIN app.path_space AS s ON s.prefix = r.space
     WHERE r.function = p_function
     LIMIT 1;
    IF NOT FOUND THEN
        RAISE EXCEPTION '% is not the function of any route', p_function
            USING ERRCODE = 'RP500', DETAIL = 'registry.unknown_function';
    END IF;

    SELECT c.account_id, c.is_group_creator
      INTO v_account_id, v_is_group_creator
      FROM core.caller(p_request.token) AS c;

    IF v_is_group_creator IS NOT TRUE
        AND EXISTS (SELECT FROM app.gateway_state AS g WHERE g.maintenance)
    THEN
        RETURN http.refuse(v_contract, 'maintenance');
    END IF;

    IF p_request.method <> 'POST' OR p_request.key = '' OR p_request.key IS NULL THEN
        RETURN http.call_route(p_function, p_request);
    END IF;
    IF p_request.key COLLATE "C" !~ '^[!-~]{1,255}$' THEN
        RETURN http.refuse(v_contract, 'malformed');
    END IF;
    RETURN http.answer_once(p_function, v_contract, v_account_id, p_request);
END
$function$;
COMMENT ON FUNCTION http.guarded(text, http.request) IS
    'Calls the function of a route unless maintenance is on (GroupCreators pass), and a POST with '
    'Idempotency-Key once.';
