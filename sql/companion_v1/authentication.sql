-- POST /api/user/login
-- POST /api/user/logout

CREATE FUNCTION companion_v1.end_own_session(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_session_id bigint;
    v_account_id bigint;
    v_errors json[];
    v_user_id bigint;
BEGIN
    SELECT c.session_id, c.account_id
      INTO v_session_id, v_account_id
      FROM core.caller(p_request.token) AS c;
    IF NOT FOUND THEN
        RETURN http.problem('companion_v1', 'LOGIN_REQUIRED');
    END IF;
    SELECT r.errors, r.value
      INTO v_errors, v_user_id
      FROM http.read_id('{}', http.body(p_request), 'user_id') AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN companion_v1.refuse_parameters(v_errors, v_session_id);
    ELSIF v_user_id <> v_account_id THEN
        RETURN http.problem('companion_v1', 'NOT_ALLOWED', p_session_id => v_session_id);
    END IF;
    PERFORM core.end_session(v_session_id);
    RETURN http.ok(json_build_object('success', true));
END
$function$;
COMMENT ON FUNCTION companion_v1.end_own_session(http.request) IS
    'Log-out: ends the session of the token, and no other. A user_id, where there is one, must be the caller''s.';

CREATE FUNCTION companion_v1.login(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source jsonb := jsonb_strip_nulls(http.body(p_request));
    v_errors json[] := ARRAY[]::json[];
    v_email text;
    v_password text;
    v_account_id bigint;
    v_log_in record;
BEGIN
    IF v_source ? 'user_id' AND NOT v_source ?| ARRAY['email', 'password'] THEN
        RETURN companion_v1.end_own_session(p_request);
    END IF;
    SELECT r.errors, r.value
      INTO v_errors, v_email
      FROM http.read_text(v_errors, v_source, 'email', p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM http.read_text(
          v_errors, v_source, 'password', p_required => true, p_trim => false) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN companion_v1.refuse_parameters(v_errors);
    END IF;

    v_account_id := core.find_account(v_email);
    v_log_in := core.log_in(
        v_account_id, v_email, v_password, 'companion_v1', p_request.address, p_request.user_agent,
        p_request.id);
    IF v_log_in.verdict <> 'open' THEN
        RETURN companion_v1.refuse_log_in(v_log_in.verdict, v_log_in.locked_until);
    END IF;
    RETURN companion_v1.welcome(
        v_account_id, v_log_in.session_id, v_log_in.token, p_request.user_agent);
END
$function$;
COMMENT ON FUNCTION companion_v1.login(http.request) IS
    'POST /api/user/login: with email and password opens a session; with user_id, a token and neither of them it '
    'is the log-out, as the document has it. WRONG_CREDENTIALS is alike in content and time for unknown addresses '
    'and wrong passwords; that an account is not verified, disabled or blocked is told after the right password '
    'only.';

SELECT http.define_route(
    'POST', '/api/user/login', 'companion_v1.login',
    p_credential => 'optional',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Log in, or out',
    p_description => 'With email and password: opens a session and says which page comes next. With user_id '
        || 'and a token instead: ends the session of the token.',
    p_request => '{
        "anyOf": [{
            "type": "object",
            "required": ["email", "password"],
            "properties": {"email": {"type": "string"}, "password": {"type": "string"}}
        }, {
            "type": "object",
            "required": ["user_id"],
            "properties": {"user_id": {"$ref": "#/components/schemas/companion_v1.UserId"}}
        }]
    }',
    p_response => '{
        "anyOf": [
            {"$ref": "#/components/schemas/companion_v1.Welcome"},
            {"$ref": "#/components/schemas/companion_v1.Done"}
        ]
    }',
    p_examples => '[{
        "name": "log in",
        "request": {"email": "jane.doe@example.com", "password": "long enough"},
        "status": 200,
        "response": {"success": true, "user_id": 76, "token": "xxx", "page": "MAIN", "platform": "iphone"}
    }, {
        "name": "log out",
        "request": {"user_id": 76},
        "status": 200,
        "response": {"success": true}
    }, {
        "name": "failure",
        "request": {"email": "jane.doe@example.com", "password": "wrong"},
        "status": 401,
        "response": {
            "success": false,
            "reason": {"code": "WRONG_CREDENTIALS", "message": "Email or password is wrong"}
        }
    }]',
    p_errors => ARRAY['INVALID_PARAMETERS', 'WRONG_CREDENTIALS', 'NOT_VERIFIED', 'ACCOUNT_LOCKED',
        'ACCOUNT_BLOCKED', 'ACCOUNT_DISABLED', 'LOGIN_REQUIRED', 'NOT_ALLOWED']);

CREATE FUNCTION companion_v1.logout(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN companion_v1.end_own_session(p_request);
END
$function$;
COMMENT ON FUNCTION companion_v1.logout(http.request) IS
    'POST /api/user/logout: ends the session of the token, and no other.';

SELECT http.define_route(
    'POST', '/api/user/logout', 'companion_v1.logout',
    p_summary => 'Log out',
    p_description => 'Ends the session of the token. A user_id, where there is one, must be one''s own.',
    p_request => '{
        "type": "object",
        "properties": {"user_id": {"$ref": "#/components/schemas/companion_v1.UserId"}}
    }',
    p_response => '{"$ref": "#/components/schemas/companion_v1.Done"}',
    p_examples => '[{
        "name": "success",
        "request": {"user_id": 76},
        "status": 200,
        "response": {"success": true}
    }]',
    p_errors => ARRAY['LOGIN_REQUIRED', 'INVALID_PARAMETERS', 'NOT_ALLOWED']);
