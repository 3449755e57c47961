-- POST /api/v1/user/create
-- POST /api/v1/user/activate
-- PUT  /api/v1/user/activate/resend
-- GET  /api/v1/user/activated/{uid}

CREATE FUNCTION gather_v1.take_address(
    p_email text,
    p_first_name text,
    p_last_name text,
    OUT account_id bigint,
    OUT is_new boolean)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_account app.account%ROWTYPE;
BEGIN
    LOOP
        account_id := core.find_account(p_email);
        IF account_id IS NULL THEN
            account_id := core.make_account(
                p_email, NULL, p_first_name, p_last_name, 'gather_v1', 'gather_v1.activation',
                p_pending_for => interval '24 hours');
            is_new := account_id IS NOT NULL;
            IF is_new THEN
                RETURN;
            END IF;
            -- Somebody else made it at this moment; or the address is not free, though none is found by it.
            account_id := core.find_account(p_email);
            IF account_id IS NULL THEN
                RETURN;
            END IF;
        END IF;
        BEGIN
            v_account := core.lock_account(account_id);
            EXIT;
        EXCEPTION WHEN no_data_found THEN
            -- Never activated, it was deleted between the two looks: the address is free now.
            CONTINUE;
        END;
    END LOOP;
    is_new := false;
    IF v_account.state <> 'pending' THEN
        account_id := NULL;
        RETURN;
    END IF;
    PERFORM core.update_profile(
        account_id, p_first_name, v_account.middle_name, p_last_name, v_account.birth_date, v_account.gender,
        v_account.contact_number, v_account.country);
END
$function$;
COMMENT ON FUNCTION gather_v1.take_address(text, text, text) IS
    'The pending account of an address, made where nobody has it, with these names: all who ask at once get the same '
    'one. NULL where the address is somebody''s who is, or was, more than pending.';

CREATE FUNCTION gather_v1.create_user(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source jsonb := http.body(p_request);
    v_errors json[] := ARRAY[]::json[];
    v_email text;
    v_first_name text;
    v_last_name text;
    v_account_id bigint;
    v_is_new boolean;
    v_user_id text;
BEGIN
    SELECT r.errors, r.value
      INTO v_errors, v_email
      FROM http.read_email(v_errors, v_source, 'email', p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_first_name
      FROM http.read_text(v_errors, v_source, 'firstname', NULL, 1, 25, p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_last_name
      FROM http.read_text(v_errors, v_source, 'lastname', NULL, 1, 25, p_required => true) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN gather_v1.refuse_parameters(v_errors);
    END IF;

    SELECT t.account_id, t.is_new
      INTO v_account_id, v_is_new
      FROM gather_v1.take_address(v_email, v_first_name, v_last_name) AS t;
    IF v_account_id IS NULL THEN
        RETURN gather_v1.refuse_taken(ARRAY['email']);
    END IF;
    PERFORM core.send_code(v_account_id, 'activation', 'activation', p_request.id);
    PERFORM core.note(
        CASE WHEN v_is_new THEN 'account.registered' ELSE 'code.requested' END, v_account_id, p_request.address,
        p_request.id);
    SELECT u.user_id INTO STRICT v_user_id FROM gather_v1.users() AS u WHERE u.id = v_account_id;
    RETURN http.ok(json_build_object('status', 'success', 'user_id', v_user_id));
END
$function$;
COMMENT ON FUNCTION gather_v1.create_user(http.request) IS
    'POST /api/v1/user/create: makes a pending account without a password and mails a code that activates it within 24 '
    'hours. For one that is still pending the names are replaced, and a new code is mailed, once a minute at most.';

SELECT http.define_route(
    'POST', '/api/v1/user/create', 'gather_v1.create_user',
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Register by e-mail',
    p_description => 'Mails an activation code, good for 24 hours. An account never activated is deleted then.',
    p_request => '{
        "type": "object",
        "required": ["email", "firstname", "lastname"],
        "properties": {
            "email": {"type": "string", "maxLength": 255},
            "firstname": {"type": "string", "minLength": 1, "maxLength": 25},
            "lastname": {"type": "string", "minLength": 1, "maxLength": 25}
        }
    }',
    p_response => '{
        "type": "object",
        "required": ["status", "user_id"],
        "properties": {
            "status": {"const": "success"},
            "user_id": {"type": "string", "description": "MD5 of the address in lower case"}
        }
    }',
    p_examples => '[{
        "name": "success",
        "request": {"email": "jane.doe@example.com", "firstname": "Jane", "lastname": "Doe"},
        "status": 200,
        "response": {"status": "success", "user_id": "0cba00ca3da1b283a57287bcceb17e35"}
    }, {
        "name": "taken",
        "status": 409,
        "response": {
            "status": "failed", "desc": "username or email taken", "error_code": 106,
            "errors": [{"field": "email", "message": "has already been taken"}]
        }
    }]',
    p_errors => ARRAY['100', '106']);

CREATE FUNCTION gather_v1.activate(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source jsonb := http.body(p_request);
    v_errors json[] := ARRAY[]::json[];
    v_account_id bigint;
    v_code text;
    v_try record;
    v_session record;
    v_body json;
BEGIN
    SELECT r.errors, r.account_id
      INTO v_errors, v_account_id
      FROM gather_v1.read_account(v_errors, v_source, 'user_id', 'email') AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_code
      FROM http.read_code(v_errors, v_source) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN gather_v1.refuse_parameters(v_errors);
    END IF;

    v_try := core.verify_code(
        v_account_id, 'activation', v_code, 'gather_v1.activation', p_request.address, p_request.id);
    IF v_try.verdict = 'locked' THEN
        RETURN http.locked_problem('gather_v1', '104', v_try.locked_until);
    ELSIF v_try.verdict = 'blocked' THEN
        RETURN http.problem('gather_v1', '112');
    ELSIF v_try.verdict <> 'right' THEN
        RETURN http.problem(
            'gather_v1', '105', p_details => jsonb_build_object('attempts_left', v_try.attempts_left));
    END IF;
    SELECT o.session_id, o.token
      INTO v_session
      FROM core.open_session(
          v_account_id, 'gather_v1', p_request.address, p_request.user_agent, p_request.id, p_by_code => true) AS o;
    SELECT json_build_object(
               'status', 'success', 'uid', u.id::text, 'user_id', u.user_id, 'token', v_session.token)
      INTO STRICT v_body
      FROM gather_v1.users() AS u
     WHERE u.id = v_account_id;
    RETURN gather_v1.answer_session(v_body, v_session.session_id, v_session.token);
END
$function$;
COMMENT ON FUNCTION gather_v1.activate(http.request) IS
    'POST /api/v1/user/activate: the mailed code came back, of a registration or of a forgotten password; activates '
    'the account and opens a session, in which to set the password. A wrong one is 105, and 104 or 112 further up the '
    'ladder.';

SELECT http.define_route(
    'POST', '/api/v1/user/activate', 'gather_v1.activate',
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Activate by a mailed code',
    p_description => 'Takes the code of a registration, or of a forgotten password, and opens a session in which to '
        'set the password. The 10th wrong code in a row locks for an hour, the 15th for a day; the 20th blocks an '
        'account that was never active.',
    p_request => '{
        "type": "object",
        "required": ["code"],
        "properties": {
            "user_id": {"type": ["string", "integer"],
                "description": "The MD5 of the address in lower case, or the number"},
            "email": {"type": "string", "description": "In place of user_id"},
            "code": {"type": ["string", "integer"], "description": "Six digits"}
        }
    }',
    p_response => '{
        "type": "object",
        "required": ["status", "uid", "user_id", "token"],
        "properties": {
            "status": {"const": "success"},
            "uid": {"type": "string", "description": "The number, as a string"},
            "user_id": {"type": "string", "description": "MD5 of the address in lower case"},
            "token": {"type": "string", "description": "Also in the cookie sessionid"}
        }
    }',
    p_examples => '[{
        "name": "success",
        "request": {"user_id": "0cba00ca3da1b283a57287bcceb17e35", "code": "012345"},
        "status": 200,
        "response": {
            "status": "success",
            "uid": "65213",
            "user_id": "0cba00ca3da1b283a57287bcceb17e35",
            "token": "xxx"
        }
    }, {
        "name": "wrong",
        "status": 400,
        "response": {
            "status": "failed", "desc": "code wrong or expired", "error_code": 105, "attempts_left": 9
        }
    }, {
        "name": "locked",
        "status": 423,
        "response": {
            "status": "failed", "desc": "account locked", "error_code": 104, "locked_until": "2019-02-07T03:52:00.000Z"
        }
    }]',
    p_errors => ARRAY['100', '104', '105', '112']);

CREATE FUNCTION gather_v1.resend_code(p_request http.request) RETURNS http.response
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
        RETURN gather_v1.refuse_parameters(v_errors);
    END IF;
    PERFORM core.request_code(
        v_email, 'activation', 'activation', 'password_reset', p_request.address, p_request.id);
    RETURN http.ok(json_build_object('status', 'success'));
END
$function$;
COMMENT ON FUNCTION gather_v1.resend_code(http.request) IS
    'PUT /api/v1/user/activate/resend: mails a new code, if the address is that of a pending or an active account, '
    'once a minute at most; the old one dies. The answer does not tell whether it is.';

SELECT http.define_route(
    'PUT', '/api/v1/user/activate/resend', 'gather_v1.resend_code',
    p_credential => 'none',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Send the code again, or one to reset the password',
    p_description => 'Mails a new code if the address belongs to an account, at most once a minute.',
    p_request => '{
        "type": "object",
        "required": ["email"],
        "properties": {"email": {"type": "string", "maxLength": 255}}
    }',
    p_response => '{"$ref": "#/components/schemas/gather_v1.Success"}',
    p_examples => '[{
        "name": "success",
        "request": {"email": "jane.doe@example.com"},
        "status": 200,
        "response": {"status": "success"}
    }]',
    p_errors => ARRAY['100']);

CREATE FUNCTION gather_v1.is_activated(p_request http.request) RETURNS http.response
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
BEGIN
    RETURN http.ok(json_build_object(
        'status', 'success',
        'activated', core.account_state(core.find_account_by_uid(p_request.path[1])) = 'active' IS TRUE));
END
$function$;
COMMENT ON FUNCTION gather_v1.is_activated(http.request) IS
    'GET /api/v1/user/activated/{uid}: whether there is an active account of this number, or MD5 of an address.';

SELECT http.define_route(
    'GET', '/api/v1/user/activated/{uid}', 'gather_v1.is_activated',
    p_credential => 'none',
    p_summary => 'Ask whether a user is active',
    p_description => 'uid is the MD5 of the address in lower case, or the number. An unknown one is not activated.',
    p_response => '{
        "type": "object",
        "required": ["status", "activated"],
        "properties": {"status": {"const": "success"}, "activated": {"type": "boolean"}}
    }',
    p_examples => '[{
        "name": "success", "status": 200, "response": {"status": "success", "activated": true}
    }]');
