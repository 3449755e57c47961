-- POST /api/user/delete_account
-- POST /api/user/disable_the_accoun, /api/user/disable_the_account
-- POST /api/user/unblock_the_account

CREATE FUNCTION companion_v1.tell_done(p_done text, p_session_id bigint) RETURNS http.response
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT CASE p_done
        WHEN 'not_found' THEN http.problem('companion_v1', 'NOT_FOUND', p_session_id => p_session_id)
        WHEN 'last_group_creator' THEN http.problem(
            'companion_v1', 'NOT_ALLOWED', 'This is the last GroupCreator', p_session_id => p_session_id)
        ELSE http.ok(json_build_object('success', true), p_session_id)
    END
$function$;
COMMENT ON FUNCTION companion_v1.tell_done(text, bigint) IS
    'The answer to what a rule of core/account_states.sql or core.remove_group_creator says it did.';

CREATE FUNCTION companion_v1.delete_account(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_session_id bigint;
    v_account_id bigint;
    v_is_group_creator boolean;
    v_errors json[];
    v_user_id bigint;
BEGIN
    SELECT c.session_id, c.account_id, c.is_group_creator
      INTO v_session_id, v_account_id, v_is_group_creator
      FROM core.caller(p_request.token) AS c;
    IF FOUND THEN
        -- What is under way may end the session, or take the GroupCreator away: wait for it, and look again.
        IF v_is_group_creator THEN
            PERFORM core.hold_group_creators();
        END IF;
        PERFORM core.lock_account(v_account_id);
        SELECT c.session_id, c.account_id, c.is_group_creator
          INTO v_session_id, v_account_id, v_is_group_creator
          FROM core.caller(p_request.token) AS c;
    END IF;
    IF v_account_id IS NULL THEN
        RETURN http.problem('companion_v1', 'LOGIN_REQUIRED');
    END IF;
    SELECT r.errors, r.value
      INTO v_errors, v_user_id
      FROM http.read_id('{}', http.body(p_request), 'user_id') AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN companion_v1.refuse_parameters(v_errors, v_session_id);
    ELSIF v_user_id <> v_account_id AND NOT v_is_group_creator THEN
        RETURN http.problem('companion_v1', 'NOT_ALLOWED', p_session_id => v_session_id);
    END IF;
    RETURN companion_v1.tell_done(
        core.close_account(
            coalesce(v_user_id, v_account_id), p_request.address, p_request.id, now(), v_account_id),
        v_session_id);
END
$function$;
COMMENT ON FUNCTION companion_v1.delete_account(http.request) IS
    'POST /api/user/delete_account: closes the caller''s account or, by a GroupCreator, anybody''s. All its '
    'sessions end; the last GroupCreator stays.';

SELECT http.define_route(
    'POST', '/api/user/delete_account', 'companion_v1.delete_account',
    p_summary => 'Delete an account',
    p_description => 'Closes one''s own account for good; a GroupCreator may close any, but not the last '
        || 'GroupCreator''s. The address stays taken for 30 days.',
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
    }, {
        "name": "somebody else''s",
        "request": {"user_id": 77},
        "status": 403,
        "response": {
            "success": false,
            "reason": {"code": "NOT_ALLOWED", "message": "You are not allowed to do this"}
        }
    }]',
    p_errors => ARRAY['LOGIN_REQUIRED', 'INVALID_PARAMETERS', 'NOT_ALLOWED', 'NOT_FOUND']);

CREATE FUNCTION companion_v1.disable_account(p_request http.request) RETURNS http.response
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $function$
DECLARE
    v_source jsonb;
    v_actor record;
    v_errors json[] := ARRAY[]::json[];
    v_user_id bigint;
    v_is_disabled boolean;
    v_notes text;
BEGIN
    v_actor := companion_v1.acting_group_creator(p_request.token);
    IF v_actor.refusal IS NOT NULL THEN
        RETURN http.problem(
            'companion_v1', v_actor.refusal, p_session_id => v_actor.session_id);
    END IF;
    v_source := http.body(p_request);
    SELECT r.errors, r.value
      INTO v_errors, v_user_id
      FROM http.read_id(v_errors, v_source, 'user_id', p_required => true) AS r;
    SELECT r.errors, r.value
      INTO v_errors, v_is_disabled
      FROM http.read_boolean(v_errors, v_source, 'disabled', true) AS r;
    SELECT r.errors, nullif(core.trim_text(r.value), '')
      INTO v_errors, v_notes
      FROM http.read_text(v_errors, v_source, 'notes', p_max => 5000, p_trim => false) AS r;
    IF cardinality(v_errors) > 0 THEN
        RETURN companion_v1.refuse_parameters(v_errors, v_actor.session_id);
    END IF;
    RETURN companion_v1.tell_done(
        CASE WHEN v_is_disabled
            THEN core.disable_account(
                v_user_id, v_notes, v_actor.account_id, p_request.address, p_request.id)
            ELSE core.enable_account(
                v_user_id, v_actor.account_id, p_request.address, p_request.id)
        END,
        v_actor.session_id);
END
$function$;
COMMENT ON FUNCTION companion_v1.disable_account(http.request) IS
    'POST /api/user/disable_the_accoun, /api/user/disable_the_account: a GroupCreator disables an account, with '
    'notes why, or with disabled false enables it again. All its sessions end; the last GroupCreator stays.';

SELECT http.define_route(
    'POST', p.path, 'companion_v1.disable_account',
    p_summary => 'Disable or enable an account',
    p_description => 'For GroupCreators. disabled missing means true; notes say why, and older ones are kept '
        || 'where there are none. The path without the last t is that of the first version, and '
        || 'stays.',
    p_request => '{
        "type": "object",
        "required": ["user_id"],
        "properties": {
            "user_id": {"$ref": "#/components/schemas/companion_v1.UserId"},
            "disabled": {"type": ["boolean", "string", "integer", "null"], "default": true},
            "notes": {"type": ["string", "null"], "maxLength": 5000}
        }
    }',
    p_response => '{"$ref": "#/components/schemas/companion_v1.Done"}',
    p_examples => '[{
        "name": "disable",
        "request": {"user_id": 77, "disabled": true, "notes": "Asked three people for money"},
        "status": 200,
        "response": {"success": true}
    }, {
        "name": "enable",
        "request": {"user_id": 77, "disabled": false},
        "status": 200,
        "response": {"success": true}
    }, {
        "name": "not a GroupCreator",
        "request": {"user_id": 77},
        "status": 403,
        "response": {
            "success": false,
            "reason": {"code": "NOT_ALLOWED", "message": "You are not allowed to do this"}
        }
    }]',
    p_errors => ARRAY['LOGIN_REQUIRED', 'NOT_ALLOWED', 'INVALID_PARAMETERS', 'NOT_FOUND'])
  FROM (VALUES ('/api/user/disable_the_accoun'), ('/api/user/disable_the_account')) AS p (path);

CREATE FUNCTION companion_v1.unblock_account(p_request http.request) RETURNS http.response
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
        core.unblock_account(v_named.user_id, v_named.account_id, p_request.address, p_request.id),
        v_named.session_id);
END
$function$;
COMMENT ON FUNCTION companion_v1.unblock_account(http.request) IS
    'POST /api/user/unblock_the_account: a GroupCreator lifts the block and every lock of an account; all its '
    'counters are 0.';

SELECT http.define_route(
    'POST', '/api/user/unblock_the_account', 'companion_v1.unblock_account',
    p_summary => 'Unblock an account',
    p_description => 'For GroupCreators: lifts the block that wrong security codes brought, and every lock.',
    p_request => '{
        "type": "object",
        "required": ["user_id"],
        "properties": {"user_id": {"$ref": "#/components/schemas/companion_v1.UserId"}}
    }',
    p_response => '{"$ref": "#/components/schemas/companion_v1.Done"}',
    p_examples => '[{
        "name": "success",
        "request": {"user_id": 77},
        "status": 200,
        "response": {"success": true}
    }]',
    p_errors => ARRAY['LOGIN_REQUIRED', 'NOT_ALLOWED', 'INVALID_PARAMETERS', 'NOT_FOUND']);
