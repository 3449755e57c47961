-- POST /api/user/change_password

CREATE FUNCTION companion_v1.change_password(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source jsonb;
    v_session_id bigint;
    v_account_id bigint;
    v_is_proved boolean;
    v_errors json[] := ARRAY[]::json[];
    v_old_password text;
    v_new_password text;
    v_try record;
BEGIN
    SELECT c.session_id, c.account_id
      INTO v_session_id, v_account_id
      FROM core.caller(p_request.token) AS c;
    IF NOT FOUND THEN
        RETURN http.problem('companion_v1', 'LOGIN_REQUIRED');
    END IF;
    v_source := http.body(p_request);
    v_is_proved := core.was_opened_by_code(v_session_id);
    IF NOT v_is_proved THEN
        SELECT r.errors, r.value
          INTO v_errors, v_old_password
          FROM http.read_text(
              v_errors, v_source, 'old_password', p_required => true, p_trim => false) AS r;
    END IF;
    SELECT r.errors, r.value
      INTO v_errors, v_new_password
      FROM companion_v1.read_new_password(v_errors, v_source, 'new_password') AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN companion_v1.refuse_parameters(v_errors, v_session_id);
    END IF;

    IF NOT v_is_proved THEN
        v_try := core.try_password(
            v_account_id, NULL, v_old_password, p_request.address, p_request.id,
            'companion_v1.change_password');
        IF v_try.verdict = 'wrong' THEN
            RETURN http.problem(
                'companion_v1', 'WRONG_CREDENTIALS', 'The old password is wrong',
                p_session_id => v_session_id);
        ELSIF v_try.verdict <> 'right' THEN
            RETURN companion_v1.refuse_log_in(v_try.verdict, v_try.locked_until, v_session_id);
        END IF;
    END IF;
    IF NOT core.set_password(
        v_account_id, v_new_password, 'companion_v1.change_password', v_session_id)
    THEN
        RETURN http.problem('companion_v1', 'LOGIN_REQUIRED');
    END IF;
    PERFORM core.note('password.changed', v_account_id, p_request.address, p_request.id);
    RETURN http.ok(json_build_object('success', true), v_session_id);
END
$function$;
COMMENT ON FUNCTION companion_v1.change_password(http.request) IS
    'POST /api/user/change_password: sets the caller''s password and ends all sessions but this one. The old one '
    'is needed, and a wrong one counts as in a log-in; not within 15 minutes of the right code that opened the '
    'session, which makes this the last step of a reset.';

SELECT http.define_route(
    'POST', '/api/user/change_password', 'companion_v1.change_password',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Change the password',
    p_description => 'Sets the password; all other sessions end. Within 15 minutes of verify_security_code, '
        || 'in the session that it opened, old_password is not needed.',
    p_request => '{
        "type": "object",
        "required": ["new_password"],
        "properties": {
            "old_password": {"type": ["string", "null"]},
            "new_password": {"type": "string", "minLength": 8, "maxLength": 128}
        }
    }',
    p_response => '{"$ref": "#/components/schemas/companion_v1.Done"}',
    p_examples => '[{
        "name": "success",
        "request": {"old_password": "long enough", "new_password": "quite another"},
        "status": 200,
        "response": {"success": true}
    }, {
        "name": "failure",
        "request": {"old_password": "wrong", "new_password": "quite another"},
        "status": 401,
        "response": {
            "success": false,
            "reason": {"code": "WRONG_CREDENTIALS", "message": "The old password is wrong"}
        }
    }]',
    p_errors => ARRAY['LOGIN_REQUIRED', 'INVALID_PARAMETERS', 'WRONG_CREDENTIALS', 'ACCOUNT_LOCKED']);
