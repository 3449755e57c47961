BEGIN;
SELECT no_plan();

SELECT is((r.status, r.body::jsonb ->> 'status'), (200, 'success'::text), 'error_codes: succeeds')
  FROM gather_v1.error_codes(NULL) AS r;
SELECT bag_eq(
    $$SELECT (e ->> 'error_code')::integer AS code, (e ->> 'http_status')::integer AS status
        FROM gather_v1.error_codes(NULL) AS r, jsonb_array_elements(r.body::jsonb -> 'error_codes') AS e$$,
    $$VALUES (100, 400), (101, 401), (102, 200), (103, 403), (104, 423), (105, 400), (106, 409), (107, 404), (108, 403),
             (109, 409), (110, 409), (112, 403), (113, 422), (190, 400), (191, 405), (192, 406), (193, 413), (194, 415),
             (195, 429), (198, 503), (199, 500)$$,
    'error_codes: the numbers of the contract');
SELECT ok(r.body::jsonb @> '{"error_codes": [{"error_code": 101, "desc": "login required", "http_status": 401}]}',
    'error_codes: worded as in the document')
  FROM gather_v1.error_codes(NULL) AS r;

SELECT * FROM finish();
ROLLBACK;
