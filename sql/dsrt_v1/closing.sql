-- POST /api/v1/user/profile/close_account

CREATE FUNCTION dsrt_v1.close_account(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_failed CONSTANT text := 'Could not close account. The provided password is wrong';
    v_session_id bigint;
    v_account_id bigint;
    v_is_group_creator boolean;
    v_errors json[] := ARRAY[]::json[];
    v_password text;
    v_try record;
BEGIN
    SELECT c.session_id, c.account_id, c.is_group_creator
      INTO v_session_id, v_account_id, v_is_group_creator
      FROM core.caller(p_request.token) AS c;
    IF NOT FOUND THEN
        RETURN http.problem('dsrt_v1', 'ACCESS_TOKEN_INVALID');
    END IF;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM http.read_text(
          v_errors, http.body(p_request), 'password', 'Password', p_required => true,
          p_trim => false) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN dsrt_v1.refuse_parameters(c_failed, v_errors, v_session_id);
    END IF;
    IF v_is_group_creator THEN
        PERFORM core.hold_group_creators();
    END IF;
    v_try := core.try_password(
        v_account_id, NULL, v_password, p_request.address, p_request.id, 'dsrt_v1.close_account');
    IF v_try.verdict = 'locked' THEN
        RETURN http.locked_problem(
            'dsrt_v1', 'ACCESS_DENINED', v_try.locked_until,
            'Could not close account. Please try again later', v_session_id);
    ELSIF NOT EXISTS (SELECT FROM core.caller(p_request.token)) THEN
        -- It took a while: the account may have been closed meanwhile, by a second try of the same call.
        RETURN http.problem('dsrt_v1', 'ACCESS_TOKEN_INVALID');
    ELSIF v_try.verdict <> 'right' THEN
        RETURN http.problem('dsrt_v1', 'BAD_PARAMETERS', c_failed, NULL, v_session_id);
    END IF;
    IF core.close_account(v_account_id, p_request.address, p_request.id) = 'last_group_creator' THEN
        RETURN http.problem(
            'dsrt_v1', 'ACCESS_DENINED',
            'Could not close account. You are the last one who runs the place', NULL, v_session_id);
    END IF;
    RETURN http.ok(json_build_object(
        'message', 'You account has been closed. Thank you for use DSRT', 'http_status_code', 200));
END
$function$;
COMMENT ON FUNCTION dsrt_v1.close_account(http.request) IS
    'POST /api/v1/user/profile/close_account: closes the caller''s account and ends all its sessions, if the password is '
    'right. A wrong one is remembered like any other.';

SELECT http.define_route(
    'POST', '/api/v1/user/profile/close_account', 'dsrt_v1.close_account',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Close account',
    p_description => 'Closes the account for good. Its address stays taken for 30 days.',
    p_request => '{
        "type": "object",
        "required": ["password"],
        "properties": {"password": {"type": "string", "description": "The current password"}}
    }',
    p_response => '{"$ref": "#/components/schemas/dsrt_v1.Message"}',
    p_examples => '[{
        "name": "success",
        "request": {"password": "secret"},
        "status": 200,
        "response": {
            "message": "You account has been closed. Thank you for use DSRT",
            "http_status_code": 200
        }
    }, {
        "name": "failure",
        "request": {"password": "wrong"},
        "status": 400,
        "response": {
            "message": "Could not close account. The provided password is wrong",
            "http_status_code": 400,
            "error": {"code": "BAD_PARAMETERS"}
        }
    }]',
    p_errors => ARRAY['ACCESS_TOKEN_INVALID', 'BAD_PARAMETERS', 'ACCESS_DENINED']);
