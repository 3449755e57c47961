-- POST   /api/v1/user/login
-- POST   /api/v1/auth/login
-- POST   /api/v1/user/logout
-- DELETE /api/v1/auth/logout

CREATE FUNCTION gather_v1.log_in(p_request http.request, p_account_id bigint, p_name text, p_password text)
RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_log_in record;
    v_body json;
BEGIN
    v_log_in := core.log_in(
        p_account_id, p_name, p_password, 'gather_v1', p_request.address, p_request.user_agent, p_request.id);
    IF v_log_in.verdict = 'locked' THEN
        RETURN http.locked_problem('gather_v1', '104', v_log_in.locked_until);
    ELSIF v_log_in.verdict <> 'open' THEN
        RETURN http.problem('gather_v1', CASE v_log_in.verdict
            WHEN 'wrong' THEN '102'
            WHEN 'pending' THEN '103'
            ELSE '112'
        END);
    END IF;
    SELECT json_build_object(
               'status', 'success', 'username', u.username, 'email', u.email, 'uid', u.id::text,
               'user_id', u.user_id, 'token', v_log_in.token)
      INTO STRICT v_body
      FROM gather_v1.users() AS u
     WHERE u.id = p_account_id;
    RETURN gather_v1.answer_session(v_body, v_log_in.session_id, v_log_in.token);
END
$function$;
COMMENT ON FUNCTION gather_v1.log_in(http.request, bigint, text, text) IS
    'The log-in of both documents. 102, alike in content and time for unknown people and wrong passwords; what the '
    'account is, 103 or 112, is told after the right password only; 104 after too many wrong ones.';

CREATE FUNCTION gather_v1.login(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source jsonb := http.body(p_request);
    v_errors json[] := ARRAY[]::json[];
    v_username text;
    v_password text;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_username
      FROM http.read_text(v_errors, v_source, 'username', p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM http.read_text(v_errors, v_source, 'password', p_required => true, p_trim => false) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN gather_v1.refuse_parameters(v_errors);
    END IF;
    RETURN gather_v1.log_in(p_request, core.find_account_by_name(v_username), v_username, v_password);
END
$function$;
COMMENT ON FUNCTION gather_v1.login(http.request) IS
    'POST /api/v1/user/login: opens a session by username, or by e-mail address in its place, in any case of letters.';

CREATE FUNCTION gather_v1.login_by_email(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source jsonb := http.body(p_request);
    v_errors json[] := ARRAY[]::json[];
    v_name text;
    v_account_id bigint;
    v_password text;
BEGIN
    SELECT r.errors, r.name, r.account_id
      INTO v_errors, v_name, v_account_id
      FROM gather_v1.read_account(v_errors, v_source, 'email', 'user_id', p_by_number => false) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM http.read_text(v_errors, v_source, 'password', p_required => true, p_trim => false) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN gather_v1.refuse_parameters(v_errors);
    END IF;
    RETURN gather_v1.log_in(p_request, v_account_id, v_name, v_password);
END
$function$;
COMMENT ON FUNCTION gather_v1.login_by_email(http.request) IS
    'POST /api/v1/auth/login: opens a session by e-mail address or user_id, the MD5 of it.';

SELECT http.define_route(
    'POST', r.path, r.function,
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => r.summary,
    p_description => 'Opens a session, for the token and for the cookie sessionid alike.',
    p_request => r.request::jsonb,
    p_response => '{"$ref": "#/components/schemas/gather_v1.LogIn"}',
    p_examples => jsonb_build_array(
        jsonb_build_object('name', 'success', 'request', r.example::jsonb, 'status', 200, 'response', '{
            "status": "success",
            "username": "test1234",
            "email": "test1234@example.com",
            "uid": "65213",
            "user_id": "5246b7b1e7868e50661da0a420ef1ec1",
            "token": "xxx"
        }'::jsonb),
        '{
            "name": "failure", "status": 200, "problem": true,
            "response": {"status": "failed", "desc": "user name or password incorrect", "error_code": 102}
        }'::jsonb,
        '{
            "name": "locked", "status": 423,
            "response": {"status": "failed", "desc": "account locked", "error_code": 104,
                         "locked_until": "2019-02-07T03:52:00.000Z"}
        }'::jsonb),
    p_errors => ARRAY['100', '102', '103', '104', '112'])
  FROM (VALUES
    ('/api/v1/user/login', 'gather_v1.login', 'Log in by username', '{
        "type": "object",
        "required": ["username", "password"],
        "properties": {
            "username": {"type": "string", "description": "Or the e-mail address"},
            "password": {"type": "string"}
        }
    }', '{"username": "test1234", "password": "12345678"}'),
    ('/api/v1/auth/login', 'gather_v1.login_by_email', 'Log in by e-mail address', '{
        "type": "object",
        "required": ["password"],
        "properties": {
            "email": {"type": "string"},
            "user_id": {"type": ["string", "integer"],
                "description": "In place of email: the MD5 of the address in lower case, or the number"},
            "password": {"type": "string"}
        }
    }', '{"email": "test1234@example.com", "password": "12345678"}')
  ) AS r (path, function, summary, request, example);

CREATE FUNCTION gather_v1.logout(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_session_id bigint;
    v_account_id bigint;
BEGIN
    SELECT c.session_id, c.account_id
      INTO v_session_id, v_account_id
      FROM core.caller(p_request.token) AS c;
    IF NOT FOUND THEN
        RETURN http.problem('gather_v1', '101');
    END IF;
    -- A body is not needed, but one that is not what it says it is was not meant for us.
    PERFORM http.body(p_request);
    PERFORM core.end_session(v_session_id);
    RETURN gather_v1.answer_session(json_build_object('status', 'success', 'uid', v_account_id), NULL, NULL);
END
$function$;
COMMENT ON FUNCTION gather_v1.logout(http.request) IS
    'POST /api/v1/user/logout, DELETE /api/v1/auth/logout: ends the session of the request, and no other, and takes '
    'the cookie away.';

SELECT http.define_route(
    r.method, r.path, 'gather_v1.logout',
    p_summary => 'Log out',
    p_description => 'Ends the session, and takes the cookie sessionid away.',
    p_response => '{"$ref": "#/components/schemas/gather_v1.LogOut"}',
    p_examples => '[{
        "name": "success", "status": 200,
        "response": {"status": "success", "uid": 85807}
    }, {
        "name": "failure", "status": 401,
        "response": {"status": "failed", "desc": "login required", "error_code": 101}
    }]',
    p_errors => ARRAY['101'])
  FROM (VALUES ('POST', '/api/v1/user/logout'), ('DELETE', '/api/v1/auth/logout')) AS r (method, path);
