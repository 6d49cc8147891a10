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
        applied_seq -> Nullable<BigInt>,
        applied_at -> Nullable<Timestamp>,
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
    feed_events (seq) {
        seq -> BigInt,
        id -> BigInt,
        company_id -> BigInt,
        kind -> Text,
        data -> Text,
        at -> Timestamp,
    }
}

diesel::table! {
    exports (id) {
        id -> BigInt,
        company_id -> BigInt,
        user_id -> BigInt,
        state -> Text,
        counts -> Text,
        blob_id -> Nullable<BigInt>,
        sha256 -> Nullable<Text>,
        bytes -> Nullable<BigInt>,
        problem -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        started_at -> Nullable<Timestamp>,
        finished_at -> Nullable<Timestamp>,
        expires_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    imports (id) {
        id -> BigInt,
        company_id -> BigInt,
        blob_id -> BigInt,
        sha256 -> Text,
        bytes -> BigInt,
        name -> Text,
        content -> Text,
        state -> Text,
        reading -> Nullable<Text>,
        done_rows -> BigInt,
        made -> BigInt,
        changed -> BigInt,
        same -> BigInt,
        refused -> BigInt,
        noted -> BigInt,
        paused -> BigInt,
        problem -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamp,
        started_at -> Nullable<Timestamp>,
        finished_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    import_rows (import_id, row_number) {
        import_id -> BigInt,
        row_number -> BigInt,
        kind -> Text,
        cells -> Text,
        faults -> Text,
    }
}

diesel::table! {
    import_columns (company_id, header) {
        company_id -> BigInt,
        header -> Text,
        field -> Text,
    }
}

diesel::table! {
    webhook_endpoints (id) {
        id -> BigInt,
        company_id -> BigInt,
        content -> Text,
        secret -> Text,
        previous_secret -> Nullable<Text>,
        previous_until -> Nullable<Timestamp>,
        disabled_reason -> Nullable<Text>,
        failing_since -> Nullable<Timestamp>,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    webhook_deliveries (id) {
        id -> BigInt,
        endpoint_id -> BigInt,
        event_id -> BigInt,
        kind -> Text,
        state -> Text,
        attempts -> Integer,
        next_at -> Nullable<Timestamp>,
        status -> Nullable<Integer>,
        fault -> Nullable<Text>,
        answer -> Nullable<Text>,
        took_ms -> Nullable<BigInt>,
        attempted_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    jobs (id) {
        id -> BigInt,
        kind -> Text,
        destination -> Text,
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
    users (id) {
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
        user_id -> BigInt,
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
    second_factors (user_id) {
        user_id -> BigInt,
        sealed_key -> Text,
        last_step -> BigInt,
        created_at -> Timestamp,
        confirmed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    recovery_codes (user_id, code_hash) {
        user_id -> BigInt,
        code_hash -> Text,
        used_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    mail_items (id) {
        id -> BigInt,
        user_id -> BigInt,
        sender_id -> BigInt,
        gather_key -> Text,
        stream -> Text,
        event -> Text,
        content -> Text,
        batch -> Nullable<BigInt>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    known_networks (user_id, tag) {
        user_id -> BigInt,
        tag -> Text,
        last_used_at -> Timestamp,
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
        user_id -> Nullable<BigInt>,
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
        name_look -> Nullable<Text>,
    }
}

diesel::table! {
    company_members (company_id, user_id) {
        company_id -> BigInt,
        user_id -> BigInt,
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
        user_id -> BigInt,
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
    mail_refusals (user_id, stream) {
        user_id -> BigInt,
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
        visibility -> Text,
    }
}

diesel::table! {
    rfq_invitations (id) {
        id -> BigInt,
        rfq_id -> BigInt,
        supplier_id -> BigInt,
        state -> Text,
        version -> BigInt,
        created_at -> Timestamp,
        updated_at -> Timestamp,
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
        awarded_items -> Nullable<Text>,
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
    partnership_totals (partnership_id, year, currency, direction) {
        partnership_id -> BigInt,
        year -> Integer,
        currency -> Text,
        direction -> Text,
        records -> BigInt,
        value_units -> BigInt,
        value_micros -> BigInt,
        net_kg_units -> BigInt,
        net_kg_micros -> BigInt,
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
    retail_records (id) {
        id -> BigInt,
        company_id -> BigInt,
        state -> Text,
        direction -> Text,
        party_form -> Text,
        month -> Text,
        reference -> Nullable<Text>,
        line_system -> Nullable<Text>,
        line_number -> Nullable<Text>,
        line_item -> Nullable<Integer>,
        supersedes -> Nullable<BigInt>,
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
        user_id -> BigInt,
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
        unused_since -> Timestamp,
        marked_for_deletion_at -> Nullable<Timestamp>,
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
        user_id -> BigInt,
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
        user_id -> Nullable<BigInt>,
        ground -> Text,
        at -> Timestamp,
        notified_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    statistics_releases (number) {
        number -> Integer,
        covers -> Text,
        published_at -> Timestamp,
        previous_hash -> Text,
        hash -> Text,
        content -> Text,
    }
}

diesel::table! {
    statistics_facts (record_id, entered) {
        record_id -> BigInt,
        entered -> Integer,
        left_in -> Nullable<Integer>,
        flow -> Text,
        reporter -> Text,
        partner -> Text,
        heading -> Text,
        year -> Integer,
        month -> Integer,
        value -> BigInt,
        net_kg -> BigInt,
        supplier_id -> BigInt,
        buyer_id -> BigInt,
    }
}

diesel::table! {
    statistics_retail_facts (record_id, entered) {
        record_id -> BigInt,
        entered -> Integer,
        left_in -> Nullable<Integer>,
        party_form -> Text,
        flow -> Text,
        reporter -> Text,
        consumer -> Text,
        chapter -> Text,
        year -> Integer,
        month -> Integer,
        value -> BigInt,
        net_kg -> BigInt,
        seller_id -> BigInt,
    }
}

diesel::table! {
    statistics_cells (table_name, flow, reporter, partner, hs, period, from_release) {
        table_name -> Text,
        flow -> Text,
        reporter -> Text,
        partner -> Text,
        hs -> Text,
        period -> Text,
        from_release -> Integer,
        until_release -> Nullable<Integer>,
        vintage -> Integer,
        hidden -> Nullable<Text>,
        value_units -> BigInt,
        net_kg_units -> BigInt,
        records -> Text,
        suppliers -> Text,
        buyers -> Text,
    }
}

diesel::table! {
    threads (id) {
        id -> BigInt,
        subject -> Text,
        subject_id -> BigInt,
        title -> Text,
        rfq_id -> Nullable<BigInt>,
        opener_id -> BigInt,
        addressee_id -> BigInt,
        first_message_id -> BigInt,
        created_at -> Timestamp,
        answered_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    thread_sides (thread_id, company_id) {
        thread_id -> BigInt,
        company_id -> BigInt,
        other_id -> BigInt,
        subject -> Text,
        subject_id -> BigInt,
        last_message_id -> BigInt,
        last_received_id -> Nullable<BigInt>,
        read_id -> BigInt,
        archived -> Bool,
        assignee_id -> Nullable<BigInt>,
        version -> BigInt,
    }
}

diesel::table! {
    thread_messages (id) {
        id -> BigInt,
        thread_id -> BigInt,
        company_id -> BigInt,
        user_id -> Nullable<BigInt>,
        text -> Text,
        shown -> Nullable<Text>,
        masked -> Text,
        folded -> Text,
        attachments -> Text,
        created_at -> Timestamp,
    }
}

diesel::table! {
    thread_marks (user_id, thread_id) {
        user_id -> BigInt,
        thread_id -> BigInt,
        read_id -> BigInt,
        mailed_id -> Nullable<BigInt>,
        mailed_at -> Nullable<Timestamp>,
    }
}

diesel::table! {
    company_blocks (company_id, blocked_id) {
        company_id -> BigInt,
        blocked_id -> BigInt,
        user_id -> Nullable<BigInt>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    saved_searches (id) {
        id -> BigInt,
        company_id -> BigInt,
        user_id -> BigInt,
        name -> Text,
        kind -> Text,
        query -> Text,
        frequency -> Text,
        paused -> Bool,
        version -> BigInt,
        change_id -> BigInt,
        mailed_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
        updated_at -> Timestamp,
    }
}

diesel::table! {
    alert_positions (name) {
        name -> Text,
        seq -> BigInt,
    }
}

diesel::table! {
    alert_things (thing_id) {
        thing_id -> BigInt,
        version_class -> Text,
    }
}

diesel::table! {
    alerts (id) {
        id -> BigInt,
        search_id -> BigInt,
        user_id -> BigInt,
        thing -> Text,
        thing_id -> BigInt,
        version_class -> Text,
        reason -> Text,
        title -> Text,
        country -> Nullable<Text>,
        mail_id -> Nullable<BigInt>,
        mailed_at -> Nullable<Timestamp>,
        created_at -> Timestamp,
    }
}

diesel::table! {
    notifications (id) {
        id -> BigInt,
        user_id -> BigInt,
        company_id -> BigInt,
        kind -> Text,
        event -> Text,
        gather_key -> Text,
        title -> Text,
        path -> Text,
        times -> BigInt,
        created_at -> Timestamp,
        read_at -> Nullable<Timestamp>,
    }
}

diesel::joinable!(api_key_origins -> api_keys (api_key_id));
diesel::joinable!(company_members -> companies (company_id));
diesel::joinable!(company_members -> users (user_id));
diesel::joinable!(account_tokens -> users (user_id));
diesel::joinable!(invitations -> companies (company_id));
diesel::joinable!(sessions -> companies (company_id));
diesel::joinable!(sessions -> users (user_id));
diesel::joinable!(api_keys -> companies (company_id));
diesel::joinable!(listings -> companies (company_id));
diesel::joinable!(rfqs -> companies (company_id));
diesel::joinable!(rfq_questions -> rfqs (rfq_id));
diesel::joinable!(rfq_invitations -> rfqs (rfq_id));
diesel::joinable!(matches -> rfqs (rfq_id));
diesel::joinable!(matches -> companies (supplier_id));
diesel::joinable!(quotes -> rfqs (rfq_id));
diesel::joinable!(quote_versions -> quotes (quote_id));
diesel::joinable!(trade_records -> partnerships (partnership_id));
diesel::joinable!(customs_references -> trade_records (record_id));
diesel::joinable!(moderation_entries -> users (user_id));
diesel::joinable!(moderation_entries -> companies (company_id));
diesel::joinable!(document_links -> documents (document_id));
diesel::joinable!(thread_sides -> threads (thread_id));

// Pair by pair, only those that a query joins: diesel writes some twelve impls for each pair, and all 946 pairs of 44 tables
// took a third of the time of every check of this crate.
diesel::allow_tables_to_appear_in_same_query!(api_keys, api_key_origins);
diesel::allow_tables_to_appear_in_same_query!(auth_events, sessions);
diesel::allow_tables_to_appear_in_same_query!(blobs, document_links);
diesel::allow_tables_to_appear_in_same_query!(blobs, documents);
diesel::allow_tables_to_appear_in_same_query!(companies, api_keys);
diesel::allow_tables_to_appear_in_same_query!(companies, company_identifiers);
diesel::allow_tables_to_appear_in_same_query!(companies, company_members);
diesel::allow_tables_to_appear_in_same_query!(companies, contact_reveals);
diesel::allow_tables_to_appear_in_same_query!(companies, documents);
diesel::allow_tables_to_appear_in_same_query!(companies, listings);
diesel::allow_tables_to_appear_in_same_query!(companies, matches);
diesel::allow_tables_to_appear_in_same_query!(companies, partnerships);
diesel::allow_tables_to_appear_in_same_query!(companies, quotes);
diesel::allow_tables_to_appear_in_same_query!(companies, reports);
diesel::allow_tables_to_appear_in_same_query!(companies, rfq_questions);
diesel::allow_tables_to_appear_in_same_query!(companies, rfqs);
diesel::allow_tables_to_appear_in_same_query!(companies, rfq_invitations);
diesel::allow_tables_to_appear_in_same_query!(companies, sessions);
diesel::allow_tables_to_appear_in_same_query!(companies, synonyms);
diesel::allow_tables_to_appear_in_same_query!(companies, trade_records);
diesel::allow_tables_to_appear_in_same_query!(companies, verification_requests);
diesel::allow_tables_to_appear_in_same_query!(company_members, mail_refusals);
diesel::allow_tables_to_appear_in_same_query!(company_members, sessions);
diesel::allow_tables_to_appear_in_same_query!(documents, document_links);
diesel::allow_tables_to_appear_in_same_query!(documents, record_documents);
diesel::allow_tables_to_appear_in_same_query!(documents, record_reviews);
diesel::allow_tables_to_appear_in_same_query!(hs_lines, synonyms);
diesel::allow_tables_to_appear_in_same_query!(invitations, auth_events);
diesel::allow_tables_to_appear_in_same_query!(invitations, companies);
diesel::allow_tables_to_appear_in_same_query!(invitations, second_factors);
diesel::allow_tables_to_appear_in_same_query!(invitations, sessions);
diesel::allow_tables_to_appear_in_same_query!(invitations, throttles);
diesel::allow_tables_to_appear_in_same_query!(jobs, blobs);
diesel::allow_tables_to_appear_in_same_query!(jobs, companies);
diesel::allow_tables_to_appear_in_same_query!(jobs, documents);
diesel::allow_tables_to_appear_in_same_query!(jobs, listings);
diesel::allow_tables_to_appear_in_same_query!(jobs, quotes);
diesel::allow_tables_to_appear_in_same_query!(jobs, rfqs);
diesel::allow_tables_to_appear_in_same_query!(jobs, sessions);
diesel::allow_tables_to_appear_in_same_query!(jobs, synonyms);
diesel::allow_tables_to_appear_in_same_query!(listings, blobs);
diesel::allow_tables_to_appear_in_same_query!(listings, documents);
diesel::allow_tables_to_appear_in_same_query!(listings, partnerships);
diesel::allow_tables_to_appear_in_same_query!(listings, quotes);
diesel::allow_tables_to_appear_in_same_query!(listings, rfqs);
diesel::allow_tables_to_appear_in_same_query!(listings, synonyms);
diesel::allow_tables_to_appear_in_same_query!(matches, partnerships);
diesel::allow_tables_to_appear_in_same_query!(matches, quotes);
diesel::allow_tables_to_appear_in_same_query!(matches, trade_records);
diesel::allow_tables_to_appear_in_same_query!(partnership_entries, customs_references);
diesel::allow_tables_to_appear_in_same_query!(partnership_entries, trade_records);
diesel::allow_tables_to_appear_in_same_query!(partnerships, customs_references);
diesel::allow_tables_to_appear_in_same_query!(partnerships, documents);
diesel::allow_tables_to_appear_in_same_query!(partnerships, partnership_entries);
diesel::allow_tables_to_appear_in_same_query!(partnerships, partnership_totals);
diesel::allow_tables_to_appear_in_same_query!(partnerships, trade_records);
diesel::allow_tables_to_appear_in_same_query!(users, auth_events);
diesel::allow_tables_to_appear_in_same_query!(users, companies);
diesel::allow_tables_to_appear_in_same_query!(users, company_members);
diesel::allow_tables_to_appear_in_same_query!(users, invitations);
diesel::allow_tables_to_appear_in_same_query!(users, mail_refusals);
diesel::allow_tables_to_appear_in_same_query!(users, moderation_entries);
diesel::allow_tables_to_appear_in_same_query!(users, reports);
diesel::allow_tables_to_appear_in_same_query!(users, second_factors);
diesel::allow_tables_to_appear_in_same_query!(users, sessions);
diesel::allow_tables_to_appear_in_same_query!(users, throttles);
diesel::allow_tables_to_appear_in_same_query!(quotes, blobs);
diesel::allow_tables_to_appear_in_same_query!(quotes, contact_reveals);
diesel::allow_tables_to_appear_in_same_query!(quotes, customs_references);
diesel::allow_tables_to_appear_in_same_query!(quotes, documents);
diesel::allow_tables_to_appear_in_same_query!(quotes, partnership_entries);
diesel::allow_tables_to_appear_in_same_query!(quotes, partnerships);
diesel::allow_tables_to_appear_in_same_query!(quotes, quote_versions);
diesel::allow_tables_to_appear_in_same_query!(quotes, trade_records);
diesel::allow_tables_to_appear_in_same_query!(record_documents, record_reviews);
diesel::allow_tables_to_appear_in_same_query!(reports, moderation_entries);
diesel::allow_tables_to_appear_in_same_query!(rfq_questions, matches);
diesel::allow_tables_to_appear_in_same_query!(rfq_questions, quotes);
diesel::allow_tables_to_appear_in_same_query!(rfqs, blobs);
diesel::allow_tables_to_appear_in_same_query!(rfqs, customs_references);
diesel::allow_tables_to_appear_in_same_query!(rfqs, documents);
diesel::allow_tables_to_appear_in_same_query!(rfqs, matches);
diesel::allow_tables_to_appear_in_same_query!(rfqs, partnership_entries);
diesel::allow_tables_to_appear_in_same_query!(rfqs, partnerships);
diesel::allow_tables_to_appear_in_same_query!(rfqs, quotes);
diesel::allow_tables_to_appear_in_same_query!(rfqs, rfq_invitations);
diesel::allow_tables_to_appear_in_same_query!(rfqs, rfq_questions);
diesel::allow_tables_to_appear_in_same_query!(rfqs, synonyms);
diesel::allow_tables_to_appear_in_same_query!(rfqs, trade_records);
diesel::allow_tables_to_appear_in_same_query!(second_factors, auth_events);
diesel::allow_tables_to_appear_in_same_query!(second_factors, recovery_codes);
diesel::allow_tables_to_appear_in_same_query!(second_factors, sessions);
diesel::allow_tables_to_appear_in_same_query!(second_factors, throttles);
diesel::allow_tables_to_appear_in_same_query!(sessions, blobs);
diesel::allow_tables_to_appear_in_same_query!(sessions, documents);
diesel::allow_tables_to_appear_in_same_query!(sessions, listings);
diesel::allow_tables_to_appear_in_same_query!(sessions, quotes);
diesel::allow_tables_to_appear_in_same_query!(sessions, rfqs);
diesel::allow_tables_to_appear_in_same_query!(synonyms, blobs);
diesel::allow_tables_to_appear_in_same_query!(synonyms, documents);
diesel::allow_tables_to_appear_in_same_query!(thread_sides, thread_marks);
diesel::allow_tables_to_appear_in_same_query!(thread_sides, thread_messages);
diesel::allow_tables_to_appear_in_same_query!(thread_sides, threads);
diesel::allow_tables_to_appear_in_same_query!(threads, company_blocks);
diesel::allow_tables_to_appear_in_same_query!(threads, thread_messages);
diesel::allow_tables_to_appear_in_same_query!(throttles, auth_events);
diesel::allow_tables_to_appear_in_same_query!(throttles, sessions);
diesel::allow_tables_to_appear_in_same_query!(trade_records, customs_references);
diesel::allow_tables_to_appear_in_same_query!(saved_searches, company_members);
diesel::allow_tables_to_appear_in_same_query!(saved_searches, users);
