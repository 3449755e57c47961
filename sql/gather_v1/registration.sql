-- POST /api/v1/user/register

CREATE FUNCTION gather_v1.register(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    c_flow CONSTANT text := 'gather_v1.registration';
    v_source jsonb := http.body(p_request);
    v_errors json[] := ARRAY[]::json[];
    v_username text;
    v_password text;
    v_email text;
    v_taken text[];
    v_account_id bigint;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_username
      FROM http.read_username(v_errors, v_source, 'username', 8, 16, p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM http.read_text(v_errors, v_source, 'password', NULL, 8, 16, p_required => true, p_trim => false) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_email
      FROM http.read_email(v_errors, v_source, 'email', p_required => true) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN gather_v1.refuse_parameters(v_errors);
    END IF;

    v_account_id := core.make_account(
        v_email, v_password, NULL, NULL, 'gather_v1', c_flow, p_username => v_username, p_pending_for => NULL);
    IF v_account_id IS NULL THEN
        IF core.is_username_taken(v_username) THEN
            v_taken := ARRAY['username'];
        END IF;
        -- When neither is found any more, whoever had one of them is just gone.
        IF core.is_address_taken(v_email) OR v_taken IS NULL THEN
            v_taken := v_taken || ARRAY['email'];
        END IF;
        RETURN gather_v1.refuse_taken(v_taken);
    END IF;
    PERFORM core.send_confirmation(
        v_account_id, '/api/v1/user/registration/confirm?confirmation_token=', c_flow, p_request.id);
    PERFORM core.note('account.registered', v_account_id, p_request.address, p_request.id);
    RETURN http.ok(json_build_object('status', 'success', 'user_id', v_account_id));
END
$function$;
COMMENT ON FUNCTION gather_v1.register(http.request) IS
    'POST /api/v1/user/register: makes an account that is active at once, and mails a link that confirms its address '
    'within 7 days; nothing depends on that here. A username is unique in any case of letters.';

SELECT http.define_route(
    'POST', '/api/v1/user/register', 'gather_v1.register',
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Register with a username',
    p_description => 'Makes an account, active at once, and mails a link that confirms its address.',
    p_request => '{
        "type": "object",
        "required": ["username", "password", "email"],
        "properties": {
            "username": {"type": "string", "minLength": 8, "maxLength": 16, "pattern": "^[A-Za-z0-9_.-]+$"},
            "password": {"type": "string", "minLength": 8, "maxLength": 16},
            "email": {"type": "string", "maxLength": 255}
        }
    }',
    p_response => '{
        "type": "object",
        "required": ["status", "user_id"],
        "properties": {
            "status": {"const": "success"},
            "user_id": {"type": "integer", "description": "The number: uid elsewhere"}
        }
    }',
    p_examples => '[{
        "name": "success",
        "request": {"username": "test1234", "password": "12345678", "email": "test1234@example.com"},
        "status": 200,
        "response": {"status": "success", "user_id": 65213}
    }, {
        "name": "failure",
        "request": {"username": "test", "password": "12345678", "email": "test1234@example.com"},
        "status": 400,
        "response": {
            "status": "failed", "desc": "invalid parameters", "error_code": 100,
            "errors": [{"field": "username", "message": "is too short (minimum is 8 characters)"}]
        }
    }, {
        "name": "taken",
        "request": {"username": "Test1234", "password": "12345678", "email": "test5678@example.com"},
        "status": 409,
        "response": {
            "status": "failed", "desc": "username or email taken", "error_code": 106,
            "errors": [{"field": "username", "message": "has already been taken"}]
        }
    }]',
    p_errors => ARRAY['100', '106']);
