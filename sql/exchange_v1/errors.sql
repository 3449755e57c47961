-- exchange_v1: the path space of all that is nobody else's, and its errors. Clients see status and
-- message; the codes are for the functions that refuse.

SELECT http.define_contract('exchange_v1', 'plain');
SELECT http.define_space('/', 'exchange_v1');

SELECT http.define_error('exchange_v1', e.code, e.outcome, e.message, e.kind, e.headers)
  FROM (VALUES
    ('invalid', 400, 'Some parameters are invalid', NULL, NULL),
    ('bad_link', 400, 'The link is invalid or expired', NULL, NULL),
    ('malformed', 400, 'The request is malformed', 'malformed', NULL),
    ('unauthorized', 401, 'Please log in', NULL, NULL),
    ('wrong_credentials', 401, 'The email, username or password is wrong', NULL, NULL),
    ('not_verified', 403, 'Please verify your email before you log in', NULL, NULL),
    ('forbidden', 403, 'You are not allowed to do this', NULL, NULL),
    ('not_found', 404, 'Not found', 'not_found', NULL),
    ('method_not_allowed', 405, 'The method is not allowed here', 'method_not_allowed', NULL),
    ('not_acceptable', 406, 'Answers are JSON only', 'not_acceptable', NULL),
    ('request_timeout', 408, 'The request did not arrive in time', 'request_timeout', NULL),
    ('conflict', 409, 'Already taken', NULL, NULL),
    ('too_large', 413, 'The request body is too large', 'too_large', NULL),
    ('uri_too_long', 414, 'The address is too long', 'uri_too_long', NULL),
    ('unsupported_media_type', 415, 'The content type is not supported', 'unsupported_media_type',
     NULL),
    ('expectation_failed', 417, 'The expectation cannot be met', 'expectation_failed', NULL),
    ('key_reused', 422, 'The Idempotency-Key was already used for another request', 'key_reused',
     NULL),
    ('locked', 423, 'Too many failed attempts, please try again later', NULL, NULL),
    ('too_many', 429, 'Too many, please try again later', NULL, NULL),
    ('fields_too_large', 431, 'The header fields are too large', 'fields_too_large', NULL),
    ('server_error', 500, 'Something went wrong on our side', 'server_error', NULL),
    ('not_implemented', 501, 'The method is not known', 'not_implemented', NULL),
    ('busy', 503, 'The server is busy, please try again', 'busy', E'Retry-After: 1\n'),
    ('unavailable', 503, 'The service is unavailable, please try again', 'unavailable',
     E'Retry-After: 5\n'),
    ('time_out', 503, 'The request took too long, please try again', 'time_out',
     E'Retry-After: 5\n'),
    ('maintenance', 503, 'The server is under maintenance, please come back later', 'maintenance',
     E'Retry-After: 120\n'),
    ('version_not_supported', 505, 'Only HTTP/1 is spoken here', 'version_not_supported', NULL)
  ) AS e (code, outcome, message, kind, headers);
