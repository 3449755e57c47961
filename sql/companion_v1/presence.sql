-- POST /api/user/ping
-- POST /api/user/app_opened
-- POST /api/user/app_closed

CREATE FUNCTION companion_v1.ping(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_platform text := core.platform_of(p_request.user_agent);
    v_session_id bigint;
    v_account_id bigint;
    v_errors json[];
    v_user_id bigint;
    v_is_authorised boolean;
BEGIN
    SELECT c.session_id, c.account_id
      INTO v_session_id, v_account_id
      FROM core.caller(p_request.token) AS c;
    SELECT r.errors, r.value
      INTO v_errors, v_user_id
      FROM http.read_id('{}', http.body(p_request), 'user_id') AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN companion_v1.refuse_parameters(v_errors, v_session_id);
    END IF;
    v_is_authorised := v_account_id IS NOT NULL AND coalesce(v_user_id, v_account_id) = v_account_id;
    IF v_is_authorised THEN
        PERFORM core.mark_active(v_account_id, v_platform);
        PERFORM core.ping_usage(v_session_id);
    END IF;
    RETURN http.ok(
        json_build_object(
            'success', true,
            'authorised', v_is_authorised,
            'platform', v_platform,
            'page', CASE WHEN v_is_authorised AND v_platform IN ('iphone', 'android') THEN 'MAIN'
                ELSE 'LOGIN' END),
        CASE WHEN v_is_authorised THEN v_session_id END);
END
$function$;
COMMENT ON FUNCTION companion_v1.ping(http.request) IS
    'POST /api/user/ping: whether the token counts and is the user''s, and which page comes next: MAIN with a '
    'valid token on a phone. Moves last_active and the open usage interval of the session. Never a 401.';

SELECT http.define_route(
    'POST', '/api/user/ping', 'companion_v1.ping',
    p_credential => 'optional',
    p_summary => 'Tell that the app is there',
    p_description => 'Whether one is still logged in, as user_id where that is given, on what, and which page to show.',
    p_request => '{
        "type": "object",
        "properties": {"user_id": {"$ref": "#/components/schemas/companion_v1.UserId"}}
    }',
    p_response => '{
        "type": "object",
        "required": ["success", "authorised", "platform", "page"],
        "properties": {
            "success": {"const": true},
            "authorised": {"type": "boolean"},
            "platform": {"enum": ["iphone", "android", "other"]},
            "page": {"enum": ["MAIN", "LOGIN"]}
        }
    }',
    p_examples => '[{
        "name": "logged in",
        "request": {"user_id": 76},
        "status": 200,
        "response": {"success": true, "authorised": true, "platform": "iphone", "page": "MAIN"}
    }, {
        "name": "no valid token",
        "request": {"user_id": 76},
        "status": 200,
        "response": {"success": true, "authorised": false, "platform": "iphone", "page": "LOGIN"}
    }]',
    p_errors => ARRAY['INVALID_PARAMETERS']);

CREATE FUNCTION companion_v1.app_opened(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_platform text := core.platform_of(p_request.user_agent);
    v_session_id bigint;
    v_account_id bigint;
BEGIN
    SELECT c.session_id, c.account_id
      INTO v_session_id, v_account_id
      FROM core.caller(p_request.token) AS c;
    IF NOT FOUND THEN
        RETURN http.problem('companion_v1', 'LOGIN_REQUIRED');
    END IF;
    -- A body is not needed, but one that is not what it says it is was not meant for us.
    PERFORM http.body(p_request);
    PERFORM core.mark_active(v_account_id, v_platform);
    IF NOT core.open_usage(v_session_id, v_platform) THEN
        RETURN http.problem('companion_v1', 'LOGIN_REQUIRED');
    END IF;
    RETURN http.ok(json_build_object('success', true), v_session_id);
END
$function$;
COMMENT ON FUNCTION companion_v1.app_opened(http.request) IS
    'POST /api/user/app_opened: begins a usage interval of the session. One still open ends at its last ping.';

SELECT http.define_route(
    'POST', '/api/user/app_opened', 'companion_v1.app_opened',
    p_summary => 'Tell that the app was opened',
    p_description => 'Begins a usage interval, which ping moves and app_closed ends.',
    p_response => '{"$ref": "#/components/schemas/companion_v1.Done"}',
    p_examples => '[{"name": "success", "status": 200, "response": {"success": true}}]',
    p_errors => ARRAY['LOGIN_REQUIRED']);

CREATE FUNCTION companion_v1.app_closed(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_session_id bigint;
BEGIN
    SELECT c.session_id INTO v_session_id FROM core.caller(p_request.token) AS c;
    IF NOT FOUND THEN
        RETURN http.problem('companion_v1', 'LOGIN_REQUIRED');
    END IF;
    PERFORM http.body(p_request);
    PERFORM core.close_usage(v_session_id);
    RETURN http.ok(json_build_object('success', true), v_session_id);
END
$function$;
COMMENT ON FUNCTION companion_v1.app_closed(http.request) IS
    'POST /api/user/app_closed: ends the open usage interval of the session; without one there is nothing to do.';

SELECT http.define_route(
    'POST', '/api/user/app_closed', 'companion_v1.app_closed',
    p_summary => 'Tell that the app was closed',
    p_description => 'Ends the usage interval. One that is never ended so ends at its last ping.',
    p_response => '{"$ref": "#/components/schemas/companion_v1.Done"}',
    p_examples => '[{"name": "success", "status": 200, "response": {"success": true}}]',
    p_errors => ARRAY['LOGIN_REQUIRED']);
