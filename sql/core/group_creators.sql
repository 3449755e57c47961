-- GroupCreators: the people who run the place.

CREATE FUNCTION core.make_group_creator(
    p_email text,
    p_password text,
    p_at timestamptz DEFAULT now()) RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_email text := core.trim_text(p_email);
    v_account app.account%ROWTYPE;
    v_id bigint;
    v_done text;
BEGIN
    IF v_email IS NULL OR NOT core.is_email(v_email) THEN
        RAISE EXCEPTION 'not an e-mail address: %', p_email
            USING ERRCODE = 'RP422', DETAIL = 'group_creator.email';
    END IF;
    SELECT a.* INTO v_account
    FROM app.account AS a
    WHERE a.email_key = core.email_key(v_email)
    FOR NO KEY UPDATE;
    v_id := v_account.id;
    IF v_account.state IN ('disabled', 'blocked', 'closed') THEN
        RAISE EXCEPTION 'the account of % is %', v_email, v_account.state
            USING ERRCODE = 'RP409', DETAIL = 'group_creator.state';
    ELSIF v_account.is_group_creator THEN
        RETURN 'unchanged';
    ELSIF v_account.state = 'active' AND v_account.email_confirmed_at IS NOT NULL THEN
        v_done := 'promoted';
    ELSE
        IF p_password IS NULL OR char_length(p_password) NOT BETWEEN 8 AND 128 THEN
            RAISE EXCEPTION 'the password must have 8 to 128 characters'
                USING ERRCODE = 'RP422', DETAIL = 'group_creator.password';
        END IF;
        IF v_id IS NULL THEN
            v_id := core.make_account(v_email, p_password, NULL, NULL, 'ops', 'ops', p_at);
            IF v_id IS NULL THEN
                RAISE EXCEPTION 'the address % is taken', v_email
                    USING ERRCODE = 'RP409', DETAIL = 'group_creator.taken';
            END IF;
            v_done := 'created';
        ELSE
            PERFORM core.set_password(v_id, p_password, 'ops', NULL, p_at);
            v_done := 'promoted';
        END IF;
        PERFORM core.prove_email(v_id, 'ops', p_at);
    END IF;
    UPDATE app.account AS a SET is_group_creator = true, updated_at = p_at WHERE a.id = v_id;
    PERFORM core.note(
        'group_creator.made', v_id, p_details => jsonb_build_object('done', v_done), p_at => p_at);
    PERFORM core.post_mail(
        'group_creator', a.email, a.id, NULL,
        jsonb_strip_nulls(jsonb_build_object('name', a.first_name, 'email', v_email)), NULL, p_at)
    FROM app.account AS a
    WHERE a.is_group_creator AND a.state = 'active';
    RETURN v_done;
END
$function$;
COMMENT ON FUNCTION core.make_group_creator(text, text, timestamptz) IS
    'Makes the person of an address a GroupCreator and mails all GroupCreators about it: created, '
    'promoted or unchanged. A proved account keeps its password. One whose address was never proved '
    'gets the given password and loses its sessions, for a stranger may have made it.';
