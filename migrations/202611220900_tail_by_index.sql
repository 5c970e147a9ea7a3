-- +goose Up
-- The sealer reads each table by its own index up to the limit, then merges: asked of the view, PostgreSQL sorts all that
-- is waiting for every batch of it, and a million loaded events took minutes instead of seconds.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION audit.tail(after_xid xid8, after_id uuid, max_rows integer)
RETURNS SETOF audit.record LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
    SELECT * FROM (
        (SELECT e.tenant_id, e.id, e.xid, e.at, e.facility_id, e.actor_id, e.code, e.entity_type, e.entity_id, e.patient_id, e.patient_ids,
            e.encounter_id, e.outcome, e.request_id, e.origin, e.event_id, e.detail, NULL::text AS event_name
         FROM audit.entry e
         WHERE (e.xid, e.id) > (after_xid, after_id) AND e.xid < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY e.xid, e.id LIMIT max_rows)
        UNION ALL
        (SELECT v.tenant_id, v.id, v.xid, v.occurred_at, v.facility_id, v.actor_id, left(rtrim(v.name, '0123456789'), -2), v.entity, v.entity_id,
            v.patient_id, NULL::uuid[], v.encounter_id, 'ok', v.request_id, v.origin, v.id, v.payload::json, v.name
         FROM events.event v
         WHERE v.origin IS NOT NULL AND (v.xid, v.id) > (after_xid, after_id) AND v.xid < pg_snapshot_xmin(pg_current_snapshot())
         ORDER BY v.xid, v.id LIMIT max_rows)
    ) r
    ORDER BY r.xid, r.id LIMIT max_rows
$$;
-- +goose StatementEnd
