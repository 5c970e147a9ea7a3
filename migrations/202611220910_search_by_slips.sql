-- +goose Up
-- A question's own keys now hold every slip of one letter, so whoever is meant is met strictly, and grams are counted
-- only when nobody is: before, most misspelt names counted those of hundreds of patients who share one word.

-- Finds patients of the scope's facility, best first. Row-level security would keep the index on keys from being
-- used, since array operators are not leakproof; so this runs as the owner and holds tenant and facility itself,
-- both taken from the transaction's scope and never from the caller.
--   codes        keys of what stands for one patient (MRN, phone, identifier, whole name), code_points their worth
--   ladders      seven keys for each of at most four words, in the order of patients.rung; 0 where there is none
--   slips        the words' slip keys, one word after the other; slip_ends where each word's end
--   grams        keys of three neighbouring letters, for when nobody is found otherwise
--   births       keys of days of birth: whoever has one of them need meet one word only
-- Otherwise every word must be met. A page begins after (after_score, after_id).
-- One plan for every question, always by the index: a question's many keys would make the table of a small hospital
-- look cheaper to read whole.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION patients.search(codes bigint[], code_points integer[], ladders bigint[], slips bigint[], slip_ends integer[],
    grams bigint[], births bigint[], after_score integer, after_id uuid, max_rows integer)
RETURNS TABLE (patient_id uuid, score integer, place bigint, total bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = pg_catalog
    SET plan_cache_mode = force_generic_plan SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
    tenant   uuid := current_setting('app.tenant_id')::uuid;
    facility uuid := current_setting('app.facility_id')::uuid;
    ladder1  bigint[] := ladders[1:7];
    ladder2  bigint[] := ladders[8:14];
    ladder3  bigint[] := ladders[15:21];
    ladder4  bigint[] := ladders[22:28];
    slips1   bigint[] := slips[1:slip_ends[1]];
    slips2   bigint[] := slips[slip_ends[1] + 1:slip_ends[2]];
    slips3   bigint[] := slips[slip_ends[2] + 1:slip_ends[3]];
    slips4   bigint[] := slips[slip_ends[3] + 1:slip_ends[4]];
    asked    integer := cardinality(ladders) / 7;
    -- A word that was not asked is met by whoever meets the first.
    any1     bigint[] := ladder1 || slips1;
    any2     bigint[] := CASE WHEN asked < 2 THEN any1 ELSE ladder2 || slips2 END;
    any3     bigint[] := CASE WHEN asked < 3 THEN any1 ELSE ladder3 || slips3 END;
    any4     bigint[] := CASE WHEN asked < 4 THEN any1 ELSE ladder4 || slips4 END;
    words    bigint[] := CASE WHEN births <> '{}' THEN any1 || any2 || any3 || any4 END;
    -- Whoever has more than half of the grams has one of either half.
    middle   integer := cardinality(grams) / 2;
    grams1   bigint[] := grams[1:middle];
    grams2   bigint[] := grams[middle + 1:];
    after_name text;
BEGIN
    IF after_id IS NOT NULL THEN
        SELECT e.sort_name INTO after_name FROM patients.search_entry e
        WHERE e.tenant_id = tenant AND e.facility_id = facility AND e.patient_id = after_id;
    END IF;
    RETURN QUERY
    WITH met AS NOT MATERIALIZED (
        -- Not by equality: the keys are the facility's own, so an index on the tenant would be read for nothing.
        SELECT e.patient_id, e.sort_name, e.keys FROM patients.search_entry e
        WHERE asked < 3 AND e.tenant_id IS NOT DISTINCT FROM tenant AND e.facility_id IS NOT DISTINCT FROM facility
            AND (e.keys && codes OR e.keys && any1 AND e.keys && any2 OR e.keys && births AND e.keys && words)
        UNION ALL
        SELECT e.patient_id, e.sort_name, e.keys FROM patients.search_entry e
        WHERE asked > 2 AND e.tenant_id IS NOT DISTINCT FROM tenant AND e.facility_id IS NOT DISTINCT FROM facility
            AND (e.keys && codes OR e.keys && any1 AND e.keys && any2 AND e.keys && any3 AND e.keys && any4
                OR e.keys && births AND e.keys && words)
    ), strict AS MATERIALIZED (
        SELECT e.patient_id, e.sort_name,
            CASE WHEN e.keys && codes THEN (
                SELECT max(c.points) FROM unnest(codes, code_points) AS c (key, points) WHERE c.key = ANY (e.keys)) ELSE 0 END
            + patients.rung(e.keys, ladder1, slips1)
            + CASE WHEN asked > 1 THEN patients.rung(e.keys, ladder2, slips2) ELSE 0 END
            + CASE WHEN asked > 2 THEN patients.rung(e.keys, ladder3, slips3) ELSE 0 END
            + CASE WHEN asked > 3 THEN patients.rung(e.keys, ladder4, slips4) ELSE 0 END
            + CASE WHEN e.keys && births THEN 60 ELSE 0 END AS score
        FROM met e
    ), loose AS MATERIALIZED (
        SELECT e.patient_id, e.sort_name,
            -- Keys ascend, so a gram is looked for by halves.
            (SELECT count(*) FROM unnest(grams) AS gram WHERE e.keys[width_bucket(gram, e.keys)] = gram) AS hits
        FROM patients.search_entry e
        WHERE NOT EXISTS (SELECT FROM strict)
            AND e.tenant_id IS NOT DISTINCT FROM tenant AND e.facility_id IS NOT DISTINCT FROM facility
            AND e.keys && grams1 AND e.keys && grams2
    ), found AS MATERIALIZED (
        SELECT s.patient_id, s.sort_name, s.score FROM strict s
        UNION ALL
        SELECT l.patient_id, l.sort_name, (l.hits * 39 / cardinality(grams))::integer FROM loose l
        WHERE l.hits * 2 > cardinality(grams)
    )
    SELECT f.patient_id, f.score, row_number() OVER (ORDER BY f.score DESC, f.sort_name, f.patient_id), (SELECT count(*) FROM found)
    FROM found f
    WHERE after_id IS NULL OR f.score < after_score
        OR f.score = after_score AND (f.sort_name, f.patient_id) > (coalesce(after_name, ''), after_id)
    ORDER BY f.score DESC, f.sort_name, f.patient_id
    LIMIT max_rows;
END
$$;
-- +goose StatementEnd
