-- POST /login
-- POST /logout

CREATE FUNCTION exchange_v1.login(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source jsonb := http.body(p_request);
    v_errors json[] := ARRAY[]::json[];
    v_email text;
    v_username text;
    v_name text;
    v_password text;
    v_account_id bigint;
    v_log_in record;
    v_user json;
BEGIN
    SELECT r.errors, r.value INTO v_errors, v_email FROM http.read_text(v_errors, v_source, 'email') AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_username
      FROM http.read_text(v_errors, v_source, 'username') AS r;
    v_name := coalesce(v_email, v_username);
    IF v_name IS NULL AND cardinality(v_errors) = 0 THEN
        v_errors := v_errors || http.wrong_field('email', NULL, 'or username is needed');
    END IF;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM http.read_text(v_errors, v_source, 'password', p_required => true, p_trim => false) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN exchange_v1.refuse_parameters(v_errors);
    END IF;

    v_account_id := core.find_account_by_name(v_name);
    v_log_in := core.log_in(
        v_account_id, v_name, v_password, 'exchange_v1', p_request.address, p_request.user_agent,
        p_request.id);
    CASE v_log_in.verdict
        WHEN 'wrong' THEN
            RETURN http.problem('exchange_v1', 'wrong_credentials');
        WHEN 'locked' THEN
            RETURN http.locked_problem(
                'exchange_v1', 'locked', v_log_in.locked_until, p_member => 'lockedUntil');
        WHEN 'pending' THEN
            RETURN http.problem('exchange_v1', 'not_verified');
        WHEN 'open' THEN
            SELECT u.own INTO STRICT v_user FROM exchange_v1.users() AS u WHERE u.id = v_account_id;
            RETURN http.ok(
                json_build_object('access_token', v_log_in.token, 'user', v_user),
                v_log_in.session_id, v_log_in.token);
        ELSE
            RETURN http.problem('exchange_v1', 'forbidden', 'Your account is ' || v_log_in.verdict);
    END CASE;
END
$function$;
COMMENT ON FUNCTION exchange_v1.login(http.request) IS
    'POST /login: opens a session. 401, alike in content and time for unknown people and wrong passwords; that an '
    'account is not verified, disabled or blocked is told after the right password only: 403. Too many wrong ones: '
    '423 with lockedUntil.';
SELECT http.define_route(
    'POST', '/login', 'exchange_v1.login',
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Log in',
    p_description => 'By email or username, in any case of letters, and password. The token goes into '
        || 'Authorization: Bearer, or the header access_token.',
    p_request => '{
        "type": "object",
        "required": ["password"],
        "anyOf": [{"required": ["email"]}, {"required": ["username"]}],
        "properties": {
            "email": {"type": ["string", "null"]},
            "username": {"type": ["string", "null"]},
            "password": {"type": "string"}
        }
    }',
    p_response => '{
        "type": "object",
        "required": ["access_token", "user"],
        "properties": {
            "access_token": {"type": "string"},
            "user": {"$ref": "#/components/schemas/exchange_v1.User"}
        }
    }',
    p_examples => '[{
        "name": "success",
        "request": {"email": "kukuh@example.com", "password": "a long secret"},
        "status": 200,
        "response": {
            "access_token": "xxx",
            "user": {
                "id": 76,
                "username": "kukuh",
                "email": "kukuh@example.com",
                "phoneNumber": "+62 812 3456 789",
                "country": "Indonesia",
                "avatar": null,
                "firstName": null,
                "lastName": null,
                "UserLanguages": [{
                    "languageId": 65,
                    "type": "native",
                    "Language": {"id": 65, "name": "Indonesian", "code": "id", "flag": "🇮🇩"}
                }],
                "createdAt": "2030-01-02T03:04:05.678Z"
            }
        }
    }, {
        "name": "by username",
        "request": {"username": "kukuh", "password": "a wrong secret"},
        "status": 401,
        "response": {"message": "The email, username or password is wrong"}
    }, {
        "name": "not verified",
        "status": 403,
        "response": {"message": "Please verify your email before you log in"}
    }, {
        "name": "locked",
        "status": 423,
        "response": {
            "message": "Too many failed attempts, please try again later",
            "lockedUntil": "2030-01-02T03:19:05.678Z"
        }
    }]',
    p_errors => ARRAY['invalid', 'wrong_credentials', 'not_verified', 'forbidden', 'locked']);

CREATE FUNCTION exchange_v1.logout(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_session_id bigint;
BEGIN
    SELECT c.session_id INTO v_session_id FROM core.caller(p_request.token) AS c;
    IF NOT FOUND THEN
        RETURN http.problem('exchange_v1', 'unauthorized');
    END IF;
    -- A body is not needed, but one that is not what it says it is was not meant for us.
    PERFORM http.body(p_request);
    PERFORM core.end_session(v_session_id);
    RETURN http.ok(json_build_object('message', 'You are logged out'));
END
$function$;
COMMENT ON FUNCTION exchange_v1.logout(http.request) IS 'POST /logout: ends this session, and no other.';

SELECT http.define_route(
    'POST', '/logout', 'exchange_v1.logout',
    p_summary => 'Log out',
    p_description => 'Ends this session; the token is void from now on.',
    p_response => '{"$ref": "#/components/schemas/exchange_v1.Message"}',
    p_examples => '[{
        "name": "success",
        "status": 200,
        "response": {"message": "You are logged out"}
    }]',
    p_errors => ARRAY['unauthorized']);
