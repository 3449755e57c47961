-- What requests of this contract carry, how it refuses them, and what its answers share. See
-- http.read_text.

SELECT http.define_schema('companion_v1.Done', '{
    "type": "object",
    "required": ["success"],
    "properties": {"success": {"const": true}}
}');

SELECT http.define_schema('companion_v1.Welcome', '{
    "type": "object",
    "required": ["success", "user_id", "token", "page", "platform"],
    "properties": {
        "success": {"const": true},
        "user_id": {"type": "integer"},
        "token": {"type": "string", "description": "The session token, for X-Access-Token"},
        "page": {"enum": ["MAIN", "PROFILE"], "description": "PROFILE until the profile was complete once"},
        "platform": {"enum": ["iphone", "android", "other"]}
    }
}');

SELECT http.define_schema('companion_v1.UserId', '{
    "type": ["integer", "string", "null"],
    "description": "A user_id: a number, or its digits"
}');

CREATE FUNCTION companion_v1.refuse_parameters(p_errors json[], p_session_id bigint DEFAULT NULL)
RETURNS http.response
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT http.problem(
        'companion_v1', 'INVALID_PARAMETERS', NULL, array_to_json(p_errors), p_session_id)
$function$;
COMMENT ON FUNCTION companion_v1.refuse_parameters(json[], bigint) IS
    'Answer 400 INVALID_PARAMETERS with the wrong fields.';

CREATE FUNCTION companion_v1.read_new_password(
    INOUT errors json[],
    p_source jsonb,
    p_field text,
    p_required boolean DEFAULT true,
    OUT value text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT r.errors, r.value
      FROM http.read_text(
          errors, p_source, p_field, NULL, 8, 128, p_required => p_required, p_trim => false) AS r
$function$;
COMMENT ON FUNCTION companion_v1.read_new_password(json[], jsonb, text, boolean) IS
    'A parameter that is a password to be set: 8 to 128 characters. As http.read_text.';

CREATE FUNCTION companion_v1.welcome(
    p_account_id bigint,
    p_session_id bigint,
    p_token text,
    p_user_agent text) RETURNS http.response
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT http.ok(
        json_build_object(
            'success', true,
            'user_id', a.id,
            'token', p_token,
            'page', CASE WHEN a.profile_completed_at IS NOT NULL THEN 'MAIN' ELSE 'PROFILE' END,
            'platform', core.platform_of(p_user_agent)),
        p_session_id, p_token)
      FROM app.account AS a
     WHERE a.id = p_account_id
$function$;
COMMENT ON FUNCTION companion_v1.welcome(bigint, bigint, text, text) IS
    'The answer that hands out a token: who, which page comes next, and on which platform.';

CREATE FUNCTION companion_v1.refuse_log_in(
    p_verdict text,
    p_locked_until timestamptz,
    p_session_id bigint DEFAULT NULL) RETURNS http.response
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT CASE p_verdict
        WHEN 'locked' THEN http.locked_problem(
            'companion_v1', 'ACCOUNT_LOCKED', p_locked_until, p_session_id => p_session_id)
        WHEN 'pending' THEN http.problem('companion_v1', 'NOT_VERIFIED')
        WHEN 'disabled' THEN http.problem('companion_v1', 'ACCOUNT_DISABLED')
        WHEN 'blocked' THEN http.problem('companion_v1', 'ACCOUNT_BLOCKED')
        WHEN 'wrong' THEN http.problem('companion_v1', 'WRONG_CREDENTIALS', p_session_id => p_session_id)
    END
$function$;
COMMENT ON FUNCTION companion_v1.refuse_log_in(text, timestamptz, bigint) IS
    'The answer to a verdict of core.log_in, core.try_password or core.verify_code that lets nobody in.';

CREATE FUNCTION companion_v1.acting_group_creator(
    p_token text,
    OUT session_id bigint,
    OUT account_id bigint,
    OUT refusal text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_is_group_creator boolean;
BEGIN
    SELECT c.session_id, c.account_id, c.is_group_creator
      INTO session_id, account_id, v_is_group_creator
      FROM core.caller(p_token) AS c;
    IF v_is_group_creator THEN
        -- Somebody may be taking this very GroupCreator away: wait for them, and look again.
        PERFORM core.hold_group_creators();
        SELECT c.session_id, c.account_id, c.is_group_creator
          INTO session_id, account_id, v_is_group_creator
          FROM core.caller(p_token) AS c;
    END IF;
    refusal := CASE
        WHEN account_id IS NULL THEN 'LOGIN_REQUIRED'
        WHEN NOT v_is_group_creator THEN 'NOT_ALLOWED'
    END;
END
$function$;
COMMENT ON FUNCTION companion_v1.acting_group_creator(text) IS
    'Who acts as a GroupCreator, and that nobody takes that away before the transaction ends; else the code of the '
    'refusal.';

CREATE FUNCTION companion_v1.named_by_group_creator(
    p_request http.request,
    OUT session_id bigint,
    OUT account_id bigint,
    OUT user_id bigint,
    OUT refusal text,
    OUT errors json[])
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    SELECT g.session_id, g.account_id, g.refusal
      INTO session_id, account_id, refusal
      FROM companion_v1.acting_group_creator(p_request.token) AS g;
    IF refusal IS NULL THEN
        SELECT r.errors, r.value
          INTO errors, user_id
          FROM http.read_id('{}', http.body(p_request), 'user_id', p_required => true) AS r;
        IF cardinality(errors) > 0 THEN
            refusal := 'INVALID_PARAMETERS';
        END IF;
    END IF;
END
$function$;
COMMENT ON FUNCTION companion_v1.named_by_group_creator(http.request) IS
    'Whom a GroupCreator names by user_id, where that is all that is asked, and who acts; else the code of the '
    'refusal, with the wrong fields.';
