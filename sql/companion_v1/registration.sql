-- POST /api/user/register
-- POST /api/user/verify_security_code
-- POST /api/user/resend_security_code

CREATE FUNCTION companion_v1.register(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source jsonb := http.body_object(p_request, 'user');
    v_errors json[] := ARRAY[]::json[];
    v_email text;
    v_password text;
    v_account_id bigint;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_email
      FROM http.read_email(v_errors, v_source, 'email', p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM companion_v1.read_new_password(v_errors, v_source, 'password') AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN companion_v1.refuse_parameters(v_errors);
    END IF;

    v_account_id := core.make_account(
        v_email, v_password, NULL, NULL, 'companion_v1', 'companion_v1.registration',
        p_pending_for => interval '24 hours');
    IF v_account_id IS NULL THEN
        RETURN http.problem(
            'companion_v1', 'TAKEN', 'This email is already registered',
            json_build_array(http.wrong_field('email', NULL, 'has already been taken')));
    END IF;
    PERFORM core.send_code(v_account_id, 'security_code', 'security_code', p_request.id);
    PERFORM core.note('account.registered', v_account_id, p_request.address, p_request.id);
    RETURN http.ok(json_build_object(
        'success', true,
        'user_id', v_account_id,
        'message', 'A 6 digit security code is on its way to your email. Please enter the security code'));
END
$function$;
COMMENT ON FUNCTION companion_v1.register(http.request) IS
    'POST /api/user/register: makes a pending account and mails the security code that proves its address. Unless '
    'that is entered within 24 hours the account is deleted. No token before that.';

SELECT http.define_route(
    'POST', '/api/user/register', 'companion_v1.register',
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Register a new user',
    p_description => 'Makes an account and mails a 6 digit security code, which verify_security_code takes '
        || 'within 24 hours.',
    p_request => '{
        "type": "object",
        "required": ["user"],
        "properties": {"user": {
            "type": "object",
            "required": ["email", "password"],
            "properties": {
                "email": {"type": "string", "maxLength": 255},
                "password": {"type": "string", "minLength": 8, "maxLength": 128}
            }
        }}
    }',
    p_response => '{
        "type": "object",
        "required": ["success", "user_id", "message"],
        "properties": {
            "success": {"const": true},
            "user_id": {"type": "integer"},
            "message": {"type": "string"}
        }
    }',
    p_examples => '[{
        "name": "success",
        "request": {"user": {"email": "jane.doe@example.com", "password": "long enough"}},
        "status": 200,
        "response": {
            "success": true,
            "user_id": 76,
            "message": "A 6 digit security code is on its way to your email. Please enter the security code"
        }
    }, {
        "name": "taken",
        "request": {"user": {"email": "jane.doe@example.com", "password": "long enough"}},
        "status": 409,
        "response": {
            "success": false,
            "reason": {
                "code": "TAKEN",
                "message": "This email is already registered",
                "errors": [{"field": "email", "message": "has already been taken"}]
            }
        }
    }]',
    p_errors => ARRAY['INVALID_PARAMETERS', 'TAKEN']);

CREATE FUNCTION companion_v1.verify_security_code(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source jsonb := http.body(p_request);
    v_errors json[] := ARRAY[]::json[];
    v_email text;
    v_code text;
    v_account_id bigint;
    v_check record;
    v_session record;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_email
      FROM http.read_email(v_errors, v_source, 'email', p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_code
      FROM http.read_code(v_errors, v_source) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN companion_v1.refuse_parameters(v_errors);
    END IF;

    v_account_id := core.find_account(v_email);
    v_check := core.verify_code(
        v_account_id, 'security_code', v_code, 'companion_v1.registration', p_request.address,
        p_request.id);
    IF v_check.verdict = 'wrong' THEN
        RETURN http.problem(
            'companion_v1', 'WRONG_CODE',
            p_details => jsonb_build_object('attempts_left', v_check.attempts_left));
    ELSIF v_check.verdict <> 'right' THEN
        RETURN companion_v1.refuse_log_in(v_check.verdict, v_check.locked_until);
    END IF;
    SELECT o.session_id, o.token
      INTO v_session
      FROM core.open_session(
          v_account_id, 'companion_v1', p_request.address, p_request.user_agent, p_request.id,
          p_by_code => true) AS o;
    RETURN companion_v1.welcome(
        v_account_id, v_session.session_id, v_session.token, p_request.user_agent);
END
$function$;
COMMENT ON FUNCTION companion_v1.verify_security_code(http.request) IS
    'POST /api/user/verify_security_code: the mailed code came back; the address is proved, all counters are 0, '
    'and a session opens, which for 15 minutes may set a password without the old one. Wrong ones climb the '
    'ladder: the 10th locks for an hour, the 15th for 24, the 20th blocks an account that was never active.';

SELECT http.define_route(
    'POST', '/api/user/verify_security_code', 'companion_v1.verify_security_code',
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Enter the security code',
    p_description => 'Takes the code that register or resend_security_code mailed, once, and opens a session. '
        || 'attempts_left counts to the next lock.',
    p_request => '{
        "type": "object",
        "required": ["email", "code"],
        "properties": {
            "email": {"type": "string", "maxLength": 255},
            "code": {"type": ["string", "integer"], "description": "Six digits"}
        }
    }',
    p_response => '{"$ref": "#/components/schemas/companion_v1.Welcome"}',
    p_examples => '[{
        "name": "success",
        "request": {"email": "jane.doe@example.com", "code": "012345"},
        "status": 200,
        "response": {"success": true, "user_id": 76, "token": "xxx", "page": "PROFILE", "platform": "iphone"}
    }, {
        "name": "failure",
        "request": {"email": "jane.doe@example.com", "code": "000000"},
        "status": 400,
        "response": {
            "success": false,
            "reason": {"code": "WRONG_CODE", "message": "The code is wrong or expired", "attempts_left": 9}
        }
    }, {
        "name": "locked",
        "request": {"email": "jane.doe@example.com", "code": "000000"},
        "status": 423,
        "response": {
            "success": false,
            "reason": {
                "code": "ACCOUNT_LOCKED",
                "message": "The account is locked for a while",
                "locked_until": "2026-01-31T12:00:00.000Z"
            }
        }
    }]',
    p_errors => ARRAY['INVALID_PARAMETERS', 'WRONG_CODE', 'ACCOUNT_LOCKED', 'ACCOUNT_BLOCKED']);

CREATE FUNCTION companion_v1.resend_security_code(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_errors json[];
    v_email text;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_email
      FROM http.read_email('{}', http.body(p_request), 'email', p_required => true) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN companion_v1.refuse_parameters(v_errors);
    END IF;
    PERFORM core.request_code(
        v_email, 'security_code', 'security_code', 'security_code', p_request.address, p_request.id);
    RETURN http.ok(json_build_object(
        'success', true,
        'message', 'If this email is registered, a 6 digit security code is on its way to it'));
END
$function$;
COMMENT ON FUNCTION companion_v1.resend_security_code(http.request) IS
    'POST /api/user/resend_security_code: mails a new security code, if the address is known, at most one a minute '
    'and none while codes are locked; the old one dies. The answer does not tell. Also how a forgotten password is '
    'reset: resend_security_code, verify_security_code, change_password.';

SELECT http.define_route(
    'POST', '/api/user/resend_security_code', 'companion_v1.resend_security_code',
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Send the security code again',
    p_description => 'Mails a new security code if the address belongs to an account, at most once a minute. '
        || 'A forgotten password is reset by this, verify_security_code and change_password.',
    p_request => '{
        "type": "object",
        "required": ["email"],
        "properties": {"email": {"type": "string", "maxLength": 255}}
    }',
    p_response => '{
        "type": "object",
        "required": ["success", "message"],
        "properties": {"success": {"const": true}, "message": {"type": "string"}}
    }',
    p_examples => '[{
        "name": "success",
        "request": {"email": "jane.doe@example.com"},
        "status": 200,
        "response": {
            "success": true,
            "message": "If this email is registered, a 6 digit security code is on its way to it"
        }
    }]',
    p_errors => ARRAY['INVALID_PARAMETERS']);
