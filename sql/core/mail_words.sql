-- What our mails say, by kind.

CREATE FUNCTION core.mail_words(
    p_kind text,
    p_parameters jsonb,
    OUT subject text,
    OUT greeting text,
    OUT before text,
    OUT after text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
AS $function$
BEGIN
    greeting := concat_ws(
        ' ', 'Hello', nullif(core.header_text(p_parameters ->> 'name'), '')) || ',';
    CASE p_kind
        WHEN 'confirmation' THEN
            subject := 'Please confirm your e-mail address';
            before := 'thank you for registering. Please confirm your e-mail address by this link, '
                || 'which is good for 7 days:';
            after := 'If you have not registered, do nothing: the address then stays unconfirmed.';
        WHEN 'secondary_confirmation' THEN
            subject := 'Please confirm your secondary e-mail address';
            before := 'this address was entered as the secondary address of an account. Please '
                || 'confirm it by this link, which is good for 7 days:';
            after := 'If this was not you, do nothing: the address then stays unconfirmed.';
        WHEN 'verification' THEN
            subject := 'Please verify your e-mail address';
            before := 'thank you for registering. Please verify your e-mail address by this link, '
                || 'which is good for 7 days:';
            after := 'If you have not registered, do nothing: the registration is then deleted.';
        WHEN 'activation' THEN
            subject := 'Your activation code';
            before := 'this code activates your account. It is good for 24 hours:';
            after := 'If you have not registered, do nothing: the registration is then deleted.';
        WHEN 'security_code' THEN
            subject := 'Your security code';
            before := 'this is your security code. It is good for 24 hours:';
            after := 'Tell it to nobody. If you have not asked for it, do nothing.';
        WHEN 'lockout' THEN
            subject := 'Wrong codes were entered for your account';
            before := 'a wrong code was entered ' || (p_parameters ->> 'count')
                || ' times for your account, the last one just now. No code is taken until '
                || (p_parameters ->> 'until') || ' (UTC).';
            after := 'If this was not you, somebody else tries to get in and has not succeeded.';
        WHEN 'password_reset' THEN
            IF NOT p_parameters ? 'path' THEN
                subject := 'Your code to reset the password';
                before := 'somebody, hopefully you, asked to reset your password. This code, which '
                    || 'is good for 24 hours, lets you choose a new one:';
                after := 'If this was not you, do nothing: your password stays as it is.';
                RETURN;
            END IF;
            subject := 'Reset your password';
            before := 'somebody, hopefully you, asked to reset your password. This link does it, '
                || 'once, within 24 hours:';
            after := 'If this was not you, do nothing: your password stays as it is.';
        WHEN 'group_creator' THEN
            subject := 'A new GroupCreator';
            before := core.header_text(p_parameters ->> 'email')
                || ' was made a GroupCreator, and is one as soon as the address is proved.';
            after := 'You get this mail because you are a GroupCreator.';
        ELSE
            RAISE EXCEPTION 'no mail is of kind %', p_kind
                USING ERRCODE = 'RP500', DETAIL = 'mail.unknown_kind';
    END CASE;
END
$function$;
COMMENT ON FUNCTION core.mail_words(text, jsonb) IS
    'Subject and text of a mail; its code or link stands between before and after. A name is given '
    'only for mails to proved addresses: elsewhere it would be a stranger''s words in our mail.';
