//! The tables as diesel sees them, the same for SQLite and PostgreSQL; made from `migrations/`.

#![allow(missing_docs, reason = "the columns are documented in the migrations")]

diesel::table! {
    meta (key) {
        key -> Text,
        value -> Text,
    }
}

diesel::table! {
    nodes (node) {
        node -> Integer,
        holder -> Text,
        lease_until -> Timestamp,
    }
}

diesel::table! {
    changes (seq) {
        seq -> BigInt,
        entity -> Text,
        entity_id -> BigInt,
        op -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        kind -> Text,
        dest_key -> Text,
        dedupe_key -> Nullable<Text>,
        payload -> Text,
        priority -> Integer,
        run_at -> Timestamp,
        attempts -> Integer,
        max_attempts -> Integer,
        locked_by -> Nullable<Text>,
        lease_until -> Nullable<Timestamp>,
        last_error -> Nullable<Text>,
        created_at -> Timestamp,
        done_at -> Nullable<Timestamp>,
        dead_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    idempotency_keys (key) {
        key -> Text,
        fingerprint -> Text,
        resource -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    people (id) {
        id -> BigInt,
        email -> Text,
        email_key -> Text,
        name -> Text,
        password_hash -> Text,
        platform_role -> Nullable<Text>,
        created_at -> Timestamp,
        disabled_at -> Nullable<Timestamp>,
        confirmed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    account_tokens (id) {
        id -> BigInt,
        person_id -> BigInt,
        purpose -> Text,
        secret_hash -> Text,
        email -> Text,
        previous_email -> Nullable<Text>,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    invitations (id) {
        id -> BigInt,
        company_id -> BigInt,
        email -> Text,
        email_key -> Text,
        role -> Text,
        invited_by -> Nullable<BigInt>,
        secret_hash -> Text,
        created_at -> Timestamp,
        expires_at -> Timestamp,
        accepted_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    second_factors (person_id) {
        person_id -> BigInt,
        sealed_key -> Text,
        last_step -> BigInt,
        created_at -> Timestamp,
        confirmed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    recovery_codes (person_id, code_hash) {
        person_id -> BigInt,
        code_hash -> Text,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    throttles (key) {
        key -> Text,
        failures -> Integer,
        blocked_until -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    auth_events (id) {
        id -> BigInt,
        person_id -> Nullable<BigInt>,
        company_id -> Nullable<BigInt>,
        kind -> Text,
        device -> Text,
        request_id -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    companies (id) {
        id -> BigInt,
        #[sql_name = "ref"]
        reference -> Nullable<Text>,
        name -> Text,
        country -> Text,
        state -> Text,
        verification -> Text,
        content -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        suspended_reason -> Nullable<Text>,
    }
}

diesel::table! {
    company_members (company_id, person_id) {
        company_id -> BigInt,
        person_id -> BigInt,
        role -> Text,
        created_at -> Timestamp,
        version -> BigInt,
    }
}

diesel::table! {
    company_identifiers (company_id, kind, value) {
        company_id -> BigInt,
        kind -> Text,
        value -> Text,
        outcome -> Text,
        state -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    sessions (id) {
        id -> BigInt,
        secret_hash -> Text,
        person_id -> BigInt,
        company_id -> BigInt,
        csrf -> Text,
        user_agent -> Text,
        created_at -> Timestamp,
        last_seen_at -> Timestamp,
        expires_at -> Timestamp,
    }
}

diesel::table! {
    api_keys (id) {
        id -> BigInt,
        company_id -> BigInt,
        created_by -> Nullable<BigInt>,
        name -> Text,
        prefix -> Text,
        secret_hash -> Text,
        scopes -> Text,
        created_at -> Timestamp,
        expires_at -> Nullable<Timestamp>,
        last_used_at -> Nullable<Timestamp>,
        revoked_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    api_key_origins (api_key_id, origin) {
        api_key_id -> BigInt,
        origin -> Text,
    }
}

diesel::table! {
    mail_refusals (person_id, stream) {
        person_id -> BigInt,
        stream -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    mail_bounces (address_hash, message_id) {
        address_hash -> Text,
        message_id -> Text,
        kind -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    hs_lines (code) {
        code -> Text,
        edition -> Text,
        description -> Text,
        parent -> Text,
        level -> Integer,
    }
}

diesel::table! {
    listings (id) {
        id -> BigInt,
        company_id -> BigInt,
        sku -> Text,
        name -> Text,
        state -> Text,
        content -> Text,
        content_hash -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        published_at -> Nullable<Timestamp>,
        expires_at -> Nullable<Timestamp>,
        removed_reason -> Nullable<Text>,
        images -> Text,
        image_bytes -> BigInt,
    }
}

diesel::table! {
    rfqs (id) {
        id -> BigInt,
        company_id -> BigInt,
        #[sql_name = "ref"]
        reference -> Nullable<Text>,
        title -> Text,
        state -> Text,
        closed_reason -> Nullable<Text>,
        split_award -> Bool,
        content -> Text,
        completeness -> Integer,
        max_quotes -> Integer,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        published_at -> Nullable<Timestamp>,
        deadline -> Nullable<Timestamp>,
        matched_at -> Nullable<Timestamp>,
        withdrawn_reason -> Nullable<Text>,
    }
}

diesel::table! {
    rfq_questions (id) {
        id -> BigInt,
        rfq_id -> BigInt,
        company_id -> BigInt,
        question -> Text,
        answer -> Nullable<Text>,
        asked_at -> Timestamp,
        answered_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    matches (id) {
        id -> BigInt,
        rfq_id -> BigInt,
        supplier_id -> BigInt,
        state -> Text,
        score -> Double,
        content -> Text,
        dismissed_reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        notified_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    quotes (id) {
        id -> BigInt,
        rfq_id -> BigInt,
        supplier_id -> BigInt,
        buyer_id -> BigInt,
        state -> Text,
        seat -> Text,
        decline_reason -> Nullable<Text>,
        off_target -> Bool,
        revision -> Integer,
        content -> Text,
        valid_until -> Nullable<Date>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
        decided_at -> Nullable<Timestamp>,
        off_target_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    quote_versions (quote_id, number) {
        quote_id -> BigInt,
        number -> Integer,
        content -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    partnerships (id) {
        id -> BigInt,
        supplier_id -> BigInt,
        buyer_id -> BigInt,
        proposed_by -> BigInt,
        quote_id -> Nullable<BigInt>,
        state -> Text,
        note -> Text,
        version -> BigInt,
        proposed_at -> Timestamp,
        confirmed_at -> Nullable<Timestamp>,
        ended_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    partnership_entries (partnership_id, number) {
        partnership_id -> BigInt,
        number -> Integer,
        kind -> Text,
        company_id -> Nullable<BigInt>,
        record_id -> Nullable<BigInt>,
        content -> Text,
        at -> Timestamp,
        previous_hash -> Text,
        hash -> Text,
    }
}

diesel::table! {
    trade_records (id) {
        id -> BigInt,
        partnership_id -> BigInt,
        supplier_id -> BigInt,
        buyer_id -> BigInt,
        declared_by -> BigInt,
        state -> Text,
        grade -> Text,
        supersedes -> Nullable<BigInt>,
        disputed_reason -> Nullable<Text>,
        content -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    customs_references (id) {
        id -> BigInt,
        record_id -> BigInt,
        declared_by -> BigInt,
        scheme -> Text,
        number -> Text,
        item -> Integer,
        outcome -> Text,
        reason -> Nullable<Text>,
        duplicate_of -> Nullable<BigInt>,
        content -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    reports (id) {
        id -> BigInt,
        about -> Text,
        about_id -> BigInt,
        company_id -> BigInt,
        reporter_id -> Nullable<BigInt>,
        kind -> Text,
        words -> Text,
        state -> Text,
        decision -> Nullable<Text>,
        reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        decided_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    moderation_entries (id) {
        id -> BigInt,
        act -> Text,
        about -> Text,
        about_id -> BigInt,
        company_id -> BigInt,
        report_id -> Nullable<BigInt>,
        person_id -> BigInt,
        reason -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    exchange_rates (day, currency) {
        day -> Date,
        currency -> Text,
        base -> Text,
        source -> Text,
        per_base_micros -> BigInt,
    }
}

diesel::table! {
    synonyms (place) {
        place -> BigInt,
        rule -> Text,
    }
}

diesel::table! {
    blobs (id) {
        id -> BigInt,
        sha256 -> Text,
        bytes -> BigInt,
        uses -> BigInt,
        claimed_at -> Timestamp,
        doomed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    documents (id) {
        id -> BigInt,
        company_id -> BigInt,
        blob_id -> BigInt,
        name -> Text,
        media_type -> Text,
        bytes -> BigInt,
        sha256 -> Text,
        created_at -> Timestamp,
        unattached_since -> Nullable<Timestamp>,
    }
}

diesel::table! {
    document_links (document_id, subject, subject_id) {
        document_id -> BigInt,
        subject -> Text,
        subject_id -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    company_contacts (id) {
        id -> BigInt,
        company_id -> BigInt,
        content -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    record_documents (record_id, document_id) {
        record_id -> BigInt,
        document_id -> BigInt,
        kind -> Text,
        attached_by -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    record_reviews (record_id) {
        record_id -> BigInt,
        person_id -> BigInt,
        note -> Text,
        reviewed_at -> Timestamp,
    }
}

diesel::table! {
    company_evidence (id) {
        id -> BigInt,
        company_id -> BigInt,
        kind -> Text,
        content -> Text,
        seen_on -> Date,
        expires_on -> Nullable<Date>,
        reminded_days -> Nullable<Integer>,
        ended_at -> Nullable<Timestamp>,
        ended_because -> Nullable<Text>,
    }
}

diesel::table! {
    verification_requests (id) {
        id -> BigInt,
        company_id -> BigInt,
        level -> Text,
        state -> Text,
        content -> Text,
        reason -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        decided_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    contact_reveals (id) {
        id -> BigInt,
        company_id -> BigInt,
        viewer_id -> BigInt,
        person_id -> Nullable<BigInt>,
        ground -> Text,
        at -> Timestamp,
        told_at -> Nullable<Timestamp>,
    }
}

diesel::joinable!(api_key_origins -> api_keys (api_key_id));
diesel::joinable!(company_members -> companies (company_id));
diesel::joinable!(company_members -> people (person_id));
diesel::joinable!(account_tokens -> people (person_id));
diesel::joinable!(invitations -> companies (company_id));
diesel::joinable!(sessions -> companies (company_id));
diesel::joinable!(sessions -> people (person_id));
diesel::joinable!(api_keys -> companies (company_id));
diesel::joinable!(listings -> companies (company_id));
diesel::joinable!(rfqs -> companies (company_id));
diesel::joinable!(rfq_questions -> rfqs (rfq_id));
diesel::joinable!(matches -> rfqs (rfq_id));
diesel::joinable!(matches -> companies (supplier_id));
diesel::joinable!(quotes -> rfqs (rfq_id));
diesel::joinable!(quote_versions -> quotes (quote_id));
diesel::joinable!(trade_records -> partnerships (partnership_id));
diesel::joinable!(customs_references -> trade_records (record_id));
diesel::joinable!(moderation_entries -> people (person_id));
diesel::joinable!(moderation_entries -> companies (company_id));
diesel::joinable!(document_links -> documents (document_id));

diesel::allow_tables_to_appear_in_same_query!(
    meta,
    nodes,
    changes,
    jobs,
    idempotency_keys,
    people,
    account_tokens,
    invitations,
    second_factors,
    throttles,
    auth_events,
    recovery_codes,
    companies,
    company_members,
    company_identifiers,
    sessions,
    api_keys,
    api_key_origins,
    mail_refusals,
    mail_bounces,
    hs_lines,
    listings,
    rfqs,
    rfq_questions,
    matches,
    quotes,
    quote_versions,
    partnerships,
    partnership_entries,
    trade_records,
    customs_references,
    reports,
    moderation_entries,
    company_evidence,
    verification_requests,
    contact_reveals,
    exchange_rates,
    synonyms,
    blobs,
    documents,
    document_links,
    company_contacts,
    record_documents,
    record_reviews,
);
