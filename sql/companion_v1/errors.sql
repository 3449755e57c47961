-- companion_v1: its path space and the codes of its reasons.

SELECT http.define_contract('companion_v1', 'success');
SELECT http.define_space('/api/user/', 'companion_v1');

SELECT http.define_error('companion_v1', e.code, e.outcome, e.message, e.kind, e.headers)
  FROM (VALUES
    ('INVALID_PARAMETERS', 400, 'Some parameters are invalid', NULL, NULL),
    ('LOGIN_REQUIRED', 401, 'Please log in', NULL, NULL),
    ('WRONG_CREDENTIALS', 401, 'Email or password is wrong', NULL, NULL),
    ('NOT_VERIFIED', 403, 'The security code has not been entered yet', NULL, NULL),
    ('ACCOUNT_LOCKED', 423, 'The account is locked for a while', NULL, NULL),
    ('ACCOUNT_BLOCKED', 403, 'The account is blocked', NULL, NULL),
    ('ACCOUNT_DISABLED', 403, 'The account is disabled', NULL, NULL),
    ('NOT_ALLOWED', 403, 'You are not allowed to do this', NULL, NULL),
    ('NOT_FOUND', 404, 'There is no such thing', 'not_found', NULL),
    ('TAKEN', 409, 'Already taken', NULL, NULL),
    ('WRONG_CODE', 400, 'The code is wrong or expired', NULL, NULL),
    ('TOO_MANY', 429, 'Too many, please try again later', NULL, NULL),
    ('TOO_LONG', 400, 'Too long', NULL, NULL),
    ('UNDER_AGE', 400, 'You must be at least 18 years old', NULL, NULL),
    ('MALFORMED', 400, 'The request is malformed', 'malformed', NULL),
    ('METHOD_NOT_ALLOWED', 405, 'The method is not allowed here', 'method_not_allowed', NULL),
    ('NOT_ACCEPTABLE', 406, 'Answers are JSON only', 'not_acceptable', NULL),
    ('TOO_LARGE', 413, 'The request is too large', 'too_large', NULL),
    ('UNSUPPORTED_TYPE', 415, 'The content type is not supported', 'unsupported_media_type', NULL),
    ('KEY_REUSED', 422, 'The Idempotency-Key was already used for another request', 'key_reused',
     NULL),
    ('SERVER_ERROR', 500, 'Something went wrong on our side', 'server_error', NULL),
    ('MAINTENANCE', 503, 'The server is under maintenance, please come back later', 'maintenance',
     E'Retry-After: 120\n'),
    ('UNAVAILABLE', 503, 'The service is unavailable, please try again', 'unavailable',
     E'Retry-After: 5\n')
  ) AS e (code, outcome, message, kind, headers);

SELECT http.define_refusal('companion_v1', r.kind, r.code, r.outcome, r.message, r.headers)
  FROM (VALUES
    ('uri_too_long', 'TOO_LONG', 414, 'The address is too long', NULL),
    ('fields_too_large', 'TOO_LARGE', 431, 'The header fields are too large', NULL),
    ('request_timeout', 'MALFORMED', 408, 'The request did not arrive in time', NULL),
    ('not_implemented', 'METHOD_NOT_ALLOWED', 501, 'The method is not known', NULL),
    ('version_not_supported', 'MALFORMED', 505, 'Only HTTP/1 is spoken here', NULL),
    ('expectation_failed', 'MALFORMED', 417, 'The expectation cannot be met', NULL),
    ('busy', 'UNAVAILABLE', NULL, 'The server is busy, please try again', E'Retry-After: 1\n'),
    ('time_out', 'UNAVAILABLE', NULL, 'The request took too long, please try again', NULL)
  ) AS r (kind, code, outcome, message, headers);
