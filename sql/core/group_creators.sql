-- GroupCreators: the people who run the place.

CREATE FUNCTION core.group_creators() RETURNS TABLE (id bigint, email text, first_name text)
LANGUAGE sql STABLE PARALLEL SAFE
AS $function$
    SELECT a.id, a.email, a.first_name
    FROM app.account AS a
    WHERE a.is_group_creator AND a.state = 'active' AND a.email_confirmed_at IS NOT NULL
$function$;
COMMENT ON FUNCTION core.group_creators() IS
    'Who runs the place now. One whose address was never proved does not: somebody else may have made '
    'that account.';

CREATE FUNCTION core.tell_group_creators(
    p_email text,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    PERFORM core.post_mail(
        'group_creator', g.email, g.id, NULL,
        jsonb_strip_nulls(jsonb_build_object('name', g.first_name, 'email', p_email)),
        p_request_id, p_at)
    FROM core.group_creators() AS g
    ORDER BY g.id;
END
$function$;
COMMENT ON FUNCTION core.tell_group_creators(text, text, timestamptz) IS
    'Mails every GroupCreator that the person of an address is one, from now on or from when the address '
    'is proved.';

CREATE FUNCTION core.make_group_creator(
    p_email text,
    p_password text,
    p_is_vouched boolean,
    p_request_id text DEFAULT NULL,
    p_at timestamptz DEFAULT now(),
    p_by bigint DEFAULT NULL,
    p_address text DEFAULT NULL,
    OUT done text,
    OUT account_id bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    c_flow CONSTANT text := 'companion_v1.registration';
    v_email text := core.trim_text(p_email);
    v_account app.account%ROWTYPE;
BEGIN
    SELECT a.* INTO v_account
    FROM app.account AS a
    WHERE a.email_key = core.email_key(v_email)
    FOR NO KEY UPDATE;
    account_id := v_account.id;
    IF v_account.state IN ('disabled', 'blocked', 'closed') THEN
        done := v_account.state;
        RETURN;
    ELSIF v_account.is_group_creator
        AND (v_account.email_confirmed_at IS NOT NULL OR NOT p_is_vouched)
    THEN
        done := 'unchanged';
        RETURN;
    ELSIF v_account.state = 'active' AND v_account.email_confirmed_at IS NOT NULL THEN
        done := 'promoted';
    ELSIF v_account.state = 'active' AND NOT p_is_vouched THEN
        -- Whoever set its password may be a stranger, and the one who promotes it is another: the code
        -- lets the owner of the address choose.
        UPDATE app.account AS a SET password_hash = NULL WHERE a.id = account_id;
        PERFORM core.end_sessions(account_id);
        done := 'promoted';
    ELSIF p_password IS NULL THEN
        done := 'password_missing';
        RETURN;
    ELSIF account_id IS NULL THEN
        account_id := core.make_account(
            v_email, p_password, NULL, NULL, CASE WHEN p_is_vouched THEN 'ops' ELSE 'companion_v1' END,
            c_flow, p_at, p_pending_for => interval '24 hours');
        IF account_id IS NULL THEN
            done := 'taken';
            RETURN;
        END IF;
        done := 'created';
    ELSE
        PERFORM core.set_password(account_id, p_password, c_flow, NULL, p_at);
        done := 'promoted';
    END IF;
    UPDATE app.account AS a
    SET is_group_creator = true, updated_at = p_at
    WHERE a.id = account_id;
    IF p_is_vouched THEN
        PERFORM core.prove_email(account_id, c_flow, p_at);
    ELSIF v_account.email_confirmed_at IS NULL THEN
        -- Also within a minute of the last one: no stranger asks for it.
        DELETE FROM app.mailed_code AS c
        WHERE c.account_id = make_group_creator.account_id AND c.purpose = 'security_code';
        PERFORM core.send_code(account_id, 'security_code', 'security_code', p_request_id, p_at);
    END IF;
    PERFORM core.note(
        'group_creator.made', account_id, p_address, p_request_id,
        jsonb_strip_nulls(jsonb_build_object('done', done, 'by', p_by)), p_at);
    PERFORM core.tell_group_creators(v_email, p_request_id, p_at);
END
$function$;
COMMENT ON FUNCTION core.make_group_creator(
    text, text, boolean, text, timestamptz, bigint, text) IS
    'Makes the person of an address a GroupCreator and mails all GroupCreators about it. done: created, '
    'promoted, unchanged; or nothing happened: disabled, blocked, closed, taken, password_missing. A '
    'proved account keeps its password. One whose address was never proved loses it and its sessions, '
    'for a stranger may have made it; unless p_is_vouched it is mailed a security code, and is no '
    'GroupCreator before that came back. The given password is for accounts that are new or pending, '
    'and for those that are vouched for.';

CREATE FUNCTION core.remove_group_creator(
    p_account_id bigint,
    p_by bigint,
    p_address text,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
BEGIN
    PERFORM core.hold_group_creators();
    IF core.is_last_group_creator(p_account_id) THEN
        RETURN 'last_group_creator';
    END IF;
    UPDATE app.account AS a
    SET is_group_creator = false, updated_at = p_at
    WHERE a.id = p_account_id AND a.is_group_creator AND a.state <> 'closed';
    IF NOT FOUND THEN
        RETURN 'not_found';
    END IF;
    PERFORM core.note(
        'group_creator.removed', p_account_id, p_address, p_request_id,
        jsonb_build_object('by', p_by), p_at);
    RETURN 'removed';
END
$function$;
COMMENT ON FUNCTION core.remove_group_creator(bigint, bigint, text, text, timestamptz) IS
    'Demotes a GroupCreator to everybody else: removed, not_found (is none), or last_group_creator, '
    'who stays.';
