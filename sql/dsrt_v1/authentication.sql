-- POST /api/v1/user/authentication/login
-- POST /api/v1/user/authentication/logout

CREATE FUNCTION dsrt_v1.login(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source jsonb := http.body_object(p_request, 'user');
    v_errors json[] := ARRAY[]::json[];
    v_email text;
    v_password text;
    v_account_id bigint;
    v_log_in record;
    v_user json;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_email
      FROM http.read_text(v_errors, v_source, 'email', 'Email', p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM http.read_text(
          v_errors, v_source, 'password', 'Password', p_required => true, p_trim => false) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN dsrt_v1.refuse_parameters('Failed to login. Please check for form errors', v_errors);
    END IF;

    v_account_id := core.find_account(v_email);
    v_log_in := core.log_in(
        v_account_id, v_email, v_password, 'dsrt_v1', p_request.address, p_request.user_agent,
        p_request.id);
    IF v_log_in.verdict = 'wrong' THEN
        RETURN http.problem('dsrt_v1', 'UNAUTHORIZED');
    ELSIF v_log_in.verdict = 'locked' THEN
        RETURN http.locked_problem(
            'dsrt_v1', 'ACCESS_DENINED', v_log_in.locked_until,
            'Your account is locked. Please try again later');
    ELSIF v_log_in.verdict <> 'open' THEN
        RETURN http.problem('dsrt_v1', 'ACCESS_DENINED', CASE v_log_in.verdict
            WHEN 'pending' THEN 'Please confirm your email before you login'
            ELSE 'Your account is ' || v_log_in.verdict
        END);
    END IF;
    SELECT u.brief INTO STRICT v_user FROM dsrt_v1.users() AS u WHERE u.id = v_account_id;
    RETURN http.ok(
        json_build_object(
            'http_status_code', 200,
            'message', 'Login successfully',
            'user', v_user,
            'access_token', v_log_in.token),
        v_log_in.session_id, v_log_in.token);
END
$function$;
COMMENT ON FUNCTION dsrt_v1.login(http.request) IS
    'POST /api/v1/user/authentication/login: opens a session. 401 UNAUTHORIZED, alike in content and time for unknown '
    'addresses and wrong passwords; that an account is not active is told after the right password only: 403. Too many '
    'wrong ones: 403 ACCESS_DENINED with locked_until.';

SELECT http.define_route(
    'POST', '/api/v1/user/authentication/login', 'dsrt_v1.login',
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Log in',
    p_description => 'Opens a session and answers its access token, which other endpoints take in the header X-Access-Token.',
    p_request => '{
        "type": "object",
        "required": ["user"],
        "properties": {"user": {
            "type": "object",
            "required": ["email", "password"],
            "properties": {
                "email": {"type": "string"},
                "password": {"type": "string"}
            }
        }}
    }',
    p_response => '{
        "type": "object",
        "required": ["http_status_code", "message", "user", "access_token"],
        "properties": {
            "http_status_code": {"type": "integer"},
            "message": {"type": "string"},
            "user": {"$ref": "#/components/schemas/dsrt_v1.User"},
            "access_token": {"type": "string"}
        }
    }',
    p_examples => '[{
        "name": "success",
        "request": {"user": {"email": "john.doe@example.com", "password": "secret"}},
        "status": 200,
        "response": {
            "http_status_code": 200,
            "message": "Login successfully",
            "user": {
                "id": 76,
                "first_name": "Hida",
                "last_name": "Isao",
                "full_name": "Hida Isao",
                "email": "isaohida@gmail.com",
                "avatar": null,
                "organisation": null,
                "default_password": true
            },
            "access_token": "xxx"
        }
    }, {
        "name": "failure",
        "request": {"user": {"email": "john.doe@example.com", "password": "wrong"}},
        "status": 401,
        "response": {
            "message": "Email or password is invalid",
            "http_status_code": 401,
            "error": {"code": "UNAUTHORIZED"}
        }
    }]',
    p_errors => ARRAY['BAD_PARAMETERS', 'UNAUTHORIZED', 'ACCESS_DENINED']);

CREATE FUNCTION dsrt_v1.logout(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_session_id bigint;
BEGIN
    SELECT c.session_id INTO v_session_id FROM core.caller(p_request.token) AS c;
    IF NOT FOUND THEN
        RETURN http.problem('dsrt_v1', 'ACCESS_TOKEN_INVALID');
    END IF;
    -- A body is not needed, but one that is not what it says it is was not meant for us.
    PERFORM http.body(p_request);
    PERFORM core.end_session(v_session_id);
    RETURN http.ok(json_build_object('message', 'Logout successfully', 'http_status_code', 200));
END
$function$;
COMMENT ON FUNCTION dsrt_v1.logout(http.request) IS
    'POST /api/v1/user/authentication/logout: ends the session of the access token, and no other.';

SELECT http.define_route(
    'POST', '/api/v1/user/authentication/logout', 'dsrt_v1.logout',
    p_summary => 'Log out',
    p_description => 'Ends the session of the access token.',
    p_response => '{"$ref": "#/components/schemas/dsrt_v1.Message"}',
    p_examples => '[{
        "name": "success",
        "status": 200,
        "response": {"message": "Logout successfully", "http_status_code": 200}
    }]',
    p_errors => ARRAY['ACCESS_TOKEN_INVALID']);
