-- The link that verifies an address, asked for once more. See core.send_confirmation and
-- core.verify_email.

CREATE FUNCTION core.request_verification(
    p_email text,
    p_path text,
    p_flow text,
    p_address text,
    p_request_id text,
    p_at timestamptz DEFAULT now()) RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
AS $function$
DECLARE
    v_account_id bigint;
BEGIN
    -- Those who ask for an unknown address at once wait for each other as those for a known one do.
    PERFORM core.lock_address(p_email);
    SELECT a.id INTO v_account_id
    FROM app.account AS a
    WHERE a.email_key = core.email_key(p_email)
        AND a.email_confirmed_at IS NULL
        AND (a.password_hash IS NULL OR a.password_flow = p_flow)
        AND core.is_helped_by_link(a, p_at)
    FOR NO KEY UPDATE;
    -- Written for unknown addresses too: a transaction that writes nothing would be told by its
    -- time.
    PERFORM core.note(
        'verification.requested', v_account_id, p_address, p_request_id, p_at => p_at);
    IF v_account_id IS NOT NULL AND core.may_mail_link(v_account_id, 'verification', p_at) THEN
        PERFORM core.send_confirmation(
            v_account_id, p_path, p_flow, p_request_id, 'verification', p_at);
    END IF;
    PERFORM core.even_out();
END
$function$;
COMMENT ON FUNCTION core.request_verification(text, text, text, text, text, timestamptz) IS
    'Mails a new link p_path + token to an address that was never proved, good for 7 days: see '
    'core.may_mail_link; none where a password of another flow would die of the proof, since anybody '
    'may have asked for the mail; none for a registration older than 7 days, so that nobody keeps an '
    'address taken by asking again and again. Nothing tells the caller whether there was anybody '
    'to mail to. For the slow lane.';
