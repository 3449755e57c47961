-- POST /api/user/create_group_creator
-- POST /api/user/remove_group_creator

CREATE FUNCTION companion_v1.create_group_creator(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source jsonb;
    v_actor record;
    v_errors json[] := ARRAY[]::json[];
    v_email text;
    v_password text;
    v_made record;
BEGIN
    v_actor := companion_v1.acting_group_creator(p_request.token);
    IF v_actor.refusal IS NOT NULL THEN
        RETURN http.problem(
            'companion_v1', v_actor.refusal, p_session_id => v_actor.session_id);
    END IF;
    v_source := http.body(p_request);
    SELECT r.errors, r.value
      INTO v_errors, v_email
      FROM http.read_email(v_errors, v_source, 'email', p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_password
      FROM companion_v1.read_new_password(v_errors, v_source, 'password', p_required => false) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN companion_v1.refuse_parameters(v_errors, v_actor.session_id);
    END IF;

    v_made := core.make_group_creator(
        v_email, v_password, false, p_request.id, now(), v_actor.account_id, p_request.address);
    RETURN CASE
        WHEN v_made.done = 'password_missing' THEN companion_v1.refuse_parameters(
            ARRAY[http.wrong_field('password', NULL, 'can not be blank')], v_actor.session_id)
        WHEN v_made.done = 'disabled' THEN http.problem(
            'companion_v1', 'ACCOUNT_DISABLED', p_session_id => v_actor.session_id)
        WHEN v_made.done = 'blocked' THEN http.problem(
            'companion_v1', 'ACCOUNT_BLOCKED', p_session_id => v_actor.session_id)
        WHEN v_made.done IN ('closed', 'taken') THEN http.problem(
            'companion_v1', 'TAKEN', p_session_id => v_actor.session_id,
            p_errors => json_build_array(
                http.wrong_field('email', NULL, 'has already been taken')))
        ELSE http.ok(
            json_build_object(
                'success', true, 'user_id', v_made.account_id, 'done', v_made.done),
            v_actor.session_id)
    END;
END
$function$;
COMMENT ON FUNCTION companion_v1.create_group_creator(http.request) IS
    'POST /api/user/create_group_creator: a GroupCreator makes the person of an address another one; every '
    'GroupCreator is told by mail. An account that is new or pending gets the password; one whose address was never '
    'proved gets a security code, and is a GroupCreator once that came back.';

SELECT http.define_route(
    'POST', '/api/user/create_group_creator', 'companion_v1.create_group_creator',
    p_lane => 'slow',
    p_time_limit_ms => 15000,
    p_summary => 'Create a GroupCreator',
    p_description => 'For GroupCreators. A password is needed where there is no account yet, or one whose '
        || 'address was never proved: it is mailed a security code, and becomes a GroupCreator by '
        || 'entering that. done tells what happened: created, promoted, or unchanged, of one who '
        || 'was a GroupCreator already.',
    p_request => '{
        "type": "object",
        "required": ["email"],
        "properties": {
            "email": {"type": "string", "maxLength": 255},
            "password": {"type": ["string", "null"], "minLength": 8, "maxLength": 128}
        }
    }',
    p_response => '{
        "type": "object",
        "required": ["success", "user_id", "done"],
        "properties": {
            "success": {"const": true},
            "user_id": {"type": "integer"},
            "done": {"enum": ["created", "promoted", "unchanged"]}
        }
    }',
    p_examples => '[{
        "name": "success",
        "request": {"email": "sam.okafor@example.com", "password": "long enough"},
        "status": 200,
        "response": {"success": true, "user_id": 78, "done": "created"}
    }, {
        "name": "a new account needs a password",
        "request": {"email": "sam.okafor@example.com"},
        "status": 400,
        "response": {
            "success": false,
            "reason": {
                "code": "INVALID_PARAMETERS",
                "message": "Some parameters are invalid",
                "errors": [{"field": "password", "message": "can not be blank"}]
            }
        }
    }]',
    p_errors => ARRAY['LOGIN_REQUIRED', 'NOT_ALLOWED', 'INVALID_PARAMETERS', 'ACCOUNT_DISABLED',
        'ACCOUNT_BLOCKED', 'TAKEN']);

CREATE FUNCTION companion_v1.remove_group_creator(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_named record := companion_v1.named_by_group_creator(p_request);
BEGIN
    IF v_named.refusal IS NOT NULL THEN
        RETURN http.problem(
            'companion_v1', v_named.refusal, NULL, array_to_json(v_named.errors), v_named.session_id);
    END IF;
    RETURN companion_v1.tell_done(
        core.remove_group_creator(v_named.user_id, v_named.account_id, p_request.address, p_request.id),
        v_named.session_id);
END
$function$;
COMMENT ON FUNCTION companion_v1.remove_group_creator(http.request) IS
    'POST /api/user/remove_group_creator: a GroupCreator demotes one, also oneself, to everybody else; never the '
    'last.';

SELECT http.define_route(
    'POST', '/api/user/remove_group_creator', 'companion_v1.remove_group_creator',
    p_summary => 'Demote a GroupCreator',
    p_description => 'For GroupCreators: takes that away from another one, or from oneself; never from the '
        || 'last. NOT_FOUND: user_id is none.',
    p_request => '{
        "type": "object",
        "required": ["user_id"],
        "properties": {"user_id": {"$ref": "#/components/schemas/companion_v1.UserId"}}
    }',
    p_response => '{"$ref": "#/components/schemas/companion_v1.Done"}',
    p_examples => '[{
        "name": "success",
        "request": {"user_id": 78},
        "status": 200,
        "response": {"success": true}
    }, {
        "name": "the last one",
        "request": {"user_id": 76},
        "status": 403,
        "response": {
            "success": false,
            "reason": {"code": "NOT_ALLOWED", "message": "This is the last GroupCreator"}
        }
    }]',
    p_errors => ARRAY['LOGIN_REQUIRED', 'NOT_ALLOWED', 'INVALID_PARAMETERS', 'NOT_FOUND']);
