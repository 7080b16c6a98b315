-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "public";

-- CreateTable
CREATE TABLE "data_key" (
    "id" UUID NOT NULL,
    "master_key_id" TEXT NOT NULL,
    "wrapped" BYTEA,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "destroyed_at" TIMESTAMPTZ(3),

    CONSTRAINT "data_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "prediction" (
    "id" UUID NOT NULL,
    "site" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "produced_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "record_sha256" BYTEA NOT NULL,
    "patient" TEXT,
    "accession" TEXT,
    "sex" TEXT,
    "age_band" TEXT,
    "study_uid" TEXT,
    "series_uid" TEXT,
    "instances" JSONB,
    "modality" TEXT,
    "scanner_manufacturer" TEXT,
    "scanner_model" TEXT,
    "algorithm_name" TEXT NOT NULL,
    "algorithm_version" TEXT NOT NULL,
    "algorithm_digest" TEXT,
    "confidence" DOUBLE PRECISION,
    "payload" JSONB,
    "conventions" JSONB,
    "provenance" JSONB,
    "note_sealed" TEXT,
    "data_key_id" UUID,
    "status" TEXT NOT NULL DEFAULT 'unreviewed',
    "review_count" INTEGER NOT NULL DEFAULT 0,
    "ground_truth" JSONB,
    "ground_truth_level" TEXT,
    "agreement" DOUBLE PRECISION,
    "quality" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "quality_reasons" TEXT[],
    "consent" TEXT NOT NULL DEFAULT 'not-recorded',
    "retention_until" DATE,
    "legal_hold" BOOLEAN NOT NULL DEFAULT false,
    "shredded_at" TIMESTAMPTZ(3),
    "shred_reason" TEXT,

    CONSTRAINT "prediction_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "review" (
    "id" UUID NOT NULL,
    "seq" BIGSERIAL NOT NULL,
    "prediction_id" UUID NOT NULL,
    "site" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "reader" TEXT NOT NULL,
    "part" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "reason_code" TEXT,
    "correction_sealed" TEXT,
    "reason_sealed" TEXT,
    "content_digest" TEXT NOT NULL,
    "duration_ms" INTEGER,

    CONSTRAINT "review_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "stored_object" (
    "site" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "media_type" TEXT NOT NULL,
    "storage_key" TEXT NOT NULL,
    "data_key_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "stored_object_pkey" PRIMARY KEY ("site","sha256")
);

-- CreateTable
CREATE TABLE "object_reference" (
    "prediction_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "review_id" UUID,
    "site" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,

    CONSTRAINT "object_reference_pkey" PRIMARY KEY ("prediction_id","name","sha256")
);

-- CreateTable
CREATE TABLE "emergency_access" (
    "id" UUID NOT NULL,
    "site" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "study_uid" TEXT,
    "reason_sealed" TEXT NOT NULL,
    "data_key_id" UUID NOT NULL,
    "granted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "emergency_access_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "export" (
    "id" UUID NOT NULL,
    "site" TEXT NOT NULL,
    "requested_by" TEXT NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'queued',
    "request" JSONB NOT NULL,
    "as_of" TIMESTAMPTZ(3) NOT NULL,
    "done_rows" INTEGER NOT NULL DEFAULT 0,
    "total_rows" INTEGER,
    "manifest" JSONB,
    "problem" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "export_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "export_file" (
    "export_id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "size_bytes" BIGINT NOT NULL,
    "storage_key" TEXT NOT NULL,
    "data_key_id" UUID NOT NULL,

    CONSTRAINT "export_file_pkey" PRIMARY KEY ("export_id","name")
);

-- CreateTable
CREATE TABLE "export_identifier" (
    "export_id" UUID NOT NULL,
    "domain" TEXT NOT NULL,
    "original" TEXT NOT NULL,
    "replacement" TEXT NOT NULL,

    CONSTRAINT "export_identifier_pkey" PRIMARY KEY ("export_id","domain","original")
);

-- CreateTable
CREATE TABLE "split_assignment" (
    "site" TEXT NOT NULL,
    "line" TEXT NOT NULL,
    "patient" TEXT NOT NULL,
    "split" TEXT NOT NULL,
    "assigned_in" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "split_assignment_pkey" PRIMARY KEY ("site","line","patient")
);

-- CreateTable
CREATE TABLE "audit_event" (
    "seq" BIGSERIAL NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "site" TEXT,
    "actor" TEXT,
    "type" TEXT NOT NULL,
    "outcome" INTEGER NOT NULL,
    "study_uid" TEXT,
    "event" TEXT NOT NULL,
    "transaction_id" BIGINT NOT NULL DEFAULT (pg_current_xact_id())::text::bigint,

    CONSTRAINT "audit_event_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "audit_leaf" (
    "leaf_index" BIGINT NOT NULL,
    "seq" BIGINT NOT NULL,
    "leaf_hash" BYTEA NOT NULL,

    CONSTRAINT "audit_leaf_pkey" PRIMARY KEY ("leaf_index")
);

-- CreateTable
CREATE TABLE "audit_tree_head" (
    "size" BIGINT NOT NULL,
    "root" BYTEA NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "key_id" TEXT NOT NULL,
    "signature" BYTEA NOT NULL,

    CONSTRAINT "audit_tree_head_pkey" PRIMARY KEY ("size")
);

-- CreateIndex
CREATE INDEX "data_key_master_key_id_idx" ON "data_key"("master_key_id");

-- CreateIndex
CREATE INDEX "prediction_site_created_at_id_idx" ON "prediction"("site", "created_at", "id");

-- CreateIndex
CREATE INDEX "prediction_site_study_uid_idx" ON "prediction"("site", "study_uid");

-- CreateIndex
CREATE INDEX "prediction_site_patient_idx" ON "prediction"("site", "patient");

-- CreateIndex
CREATE UNIQUE INDEX "review_seq_key" ON "review"("seq");

-- CreateIndex
CREATE INDEX "review_prediction_id_seq_idx" ON "review"("prediction_id", "seq");

-- CreateIndex
CREATE INDEX "review_site_created_at_idx" ON "review"("site", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "stored_object_storage_key_key" ON "stored_object"("storage_key");

-- CreateIndex
CREATE INDEX "object_reference_site_sha256_idx" ON "object_reference"("site", "sha256");

-- CreateIndex
CREATE INDEX "emergency_access_site_actor_expires_at_idx" ON "emergency_access"("site", "actor", "expires_at");

-- CreateIndex
CREATE INDEX "export_site_created_at_idx" ON "export"("site", "created_at");

-- CreateIndex
CREATE UNIQUE INDEX "export_file_storage_key_key" ON "export_file"("storage_key");

-- CreateIndex
CREATE UNIQUE INDEX "export_identifier_export_id_domain_replacement_key" ON "export_identifier"("export_id", "domain", "replacement");

-- CreateIndex
CREATE UNIQUE INDEX "audit_event_id_key" ON "audit_event"("id");

-- CreateIndex
CREATE INDEX "audit_event_site_at_idx" ON "audit_event"("site", "at");

-- CreateIndex
CREATE INDEX "audit_event_actor_at_idx" ON "audit_event"("actor", "at");

-- CreateIndex
CREATE UNIQUE INDEX "audit_leaf_seq_key" ON "audit_leaf"("seq");

-- AddForeignKey
ALTER TABLE "prediction" ADD CONSTRAINT "prediction_data_key_id_fkey" FOREIGN KEY ("data_key_id") REFERENCES "data_key"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review" ADD CONSTRAINT "review_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "prediction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "stored_object" ADD CONSTRAINT "stored_object_data_key_id_fkey" FOREIGN KEY ("data_key_id") REFERENCES "data_key"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "object_reference" ADD CONSTRAINT "object_reference_prediction_id_fkey" FOREIGN KEY ("prediction_id") REFERENCES "prediction"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "object_reference" ADD CONSTRAINT "object_reference_site_sha256_fkey" FOREIGN KEY ("site", "sha256") REFERENCES "stored_object"("site", "sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "emergency_access" ADD CONSTRAINT "emergency_access_data_key_id_fkey" FOREIGN KEY ("data_key_id") REFERENCES "data_key"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "export_file" ADD CONSTRAINT "export_file_export_id_fkey" FOREIGN KEY ("export_id") REFERENCES "export"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "export_file" ADD CONSTRAINT "export_file_data_key_id_fkey" FOREIGN KEY ("data_key_id") REFERENCES "data_key"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "export_identifier" ADD CONSTRAINT "export_identifier_export_id_fkey" FOREIGN KEY ("export_id") REFERENCES "export"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "audit_leaf" ADD CONSTRAINT "audit_leaf_seq_fkey" FOREIGN KEY ("seq") REFERENCES "audit_event"("seq") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma's schema cannot express. -------------------------------------------------------------------------------

-- The queue of unreviewed predictions: those without a confidence first, then the least confident.
CREATE INDEX "prediction_queue" ON "prediction" ("site", "kind", (coalesce("confidence", -1)), "id")
  WHERE "status" = 'unreviewed' AND "shredded_at" IS NULL;
CREATE INDEX "prediction_retention" ON "prediction" ("retention_until") WHERE "retention_until" IS NOT NULL;

-- Free text is sealed, or it is refused: a column of sealed text never holds anything else.
ALTER TABLE "prediction" ADD CONSTRAINT "prediction_note_is_sealed" CHECK ("note_sealed" LIKE 'f1:%');
ALTER TABLE "review" ADD CONSTRAINT "review_correction_is_sealed" CHECK ("correction_sealed" LIKE 'f1:%');
ALTER TABLE "review" ADD CONSTRAINT "review_reason_is_sealed" CHECK ("reason_sealed" LIKE 'f1:%');
ALTER TABLE "emergency_access" ADD CONSTRAINT "emergency_reason_is_sealed" CHECK ("reason_sealed" LIKE 'f1:%');
-- People and patients are pseudonyms with the version of their key, such as p1:q83vEjRWeJ...
ALTER TABLE "prediction" ADD CONSTRAINT "prediction_patient_is_pseudonym" CHECK ("patient" ~ '^p[0-9]+:[A-Za-z0-9_-]{43}$');
ALTER TABLE "prediction" ADD CONSTRAINT "prediction_accession_is_pseudonym" CHECK ("accession" ~ '^p[0-9]+:[A-Za-z0-9_-]{43}$');
ALTER TABLE "prediction" ADD CONSTRAINT "prediction_created_by_is_pseudonym" CHECK ("created_by" ~ '^p[0-9]+:[A-Za-z0-9_-]{43}$');
ALTER TABLE "review" ADD CONSTRAINT "review_reader_is_pseudonym" CHECK ("reader" ~ '^p[0-9]+:[A-Za-z0-9_-]{43}$');
ALTER TABLE "emergency_access" ADD CONSTRAINT "emergency_actor_is_pseudonym" CHECK ("actor" ~ '^p[0-9]+:[A-Za-z0-9_-]{43}$');

ALTER TABLE "data_key" ADD CONSTRAINT "data_key_is_wrapped_or_destroyed" CHECK (("wrapped" IS NULL) = ("destroyed_at" IS NOT NULL));
ALTER TABLE "prediction" ADD CONSTRAINT "prediction_confidence_range" CHECK ("confidence" BETWEEN 0 AND 1);
ALTER TABLE "prediction" ADD CONSTRAINT "prediction_status" CHECK ("status" IN ('unreviewed', 'single-read', 'agreed', 'disputed', 'adjudicated'));
ALTER TABLE "review" ADD CONSTRAINT "review_part" CHECK ("part" IN ('first', 'second', 'adjudication'));
ALTER TABLE "review" ADD CONSTRAINT "review_action" CHECK ("action" IN ('accept', 'reject', 'edit'));

-- What an algorithm said does not change. The one exception is a tombstone, whose content is gone.
CREATE FUNCTION prediction_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."id" <> OLD."id" OR NEW."site" <> OLD."site" OR NEW."kind" <> OLD."kind" OR NEW."created_at" <> OLD."created_at"
    OR NEW."record_sha256" <> OLD."record_sha256" OR NEW."algorithm_name" <> OLD."algorithm_name"
    OR NEW."algorithm_version" <> OLD."algorithm_version" THEN
    RAISE EXCEPTION 'A prediction is immutable.' USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW."shredded_at" IS NULL AND (
    (NEW."produced_at", NEW."sex", NEW."age_band", NEW."study_uid", NEW."series_uid", NEW."instances", NEW."modality",
     NEW."scanner_manufacturer", NEW."scanner_model", NEW."algorithm_digest", NEW."confidence", NEW."payload",
     NEW."conventions", NEW."provenance")
    IS DISTINCT FROM
    (OLD."produced_at", OLD."sex", OLD."age_band", OLD."study_uid", OLD."series_uid", OLD."instances", OLD."modality",
     OLD."scanner_manufacturer", OLD."scanner_model", OLD."algorithm_digest", OLD."confidence", OLD."payload",
     OLD."conventions", OLD."provenance")) THEN
    RAISE EXCEPTION 'A prediction is immutable.' USING ERRCODE = 'restrict_violation';
  END IF;
  -- Shredding takes away; it puts nothing in the place of what was said.
  IF NEW."shredded_at" IS NOT NULL AND (
    -- When it was made may tell when somebody was examined; the column cannot be empty, so that the moment it came takes its place.
    NEW."produced_at" NOT IN (OLD."produced_at", OLD."created_at")
    OR (NEW."patient" IS NOT NULL AND NEW."patient" IS DISTINCT FROM OLD."patient")
    OR (NEW."accession" IS NOT NULL AND NEW."accession" IS DISTINCT FROM OLD."accession")
    OR (NEW."sex" IS NOT NULL AND NEW."sex" IS DISTINCT FROM OLD."sex")
    OR (NEW."age_band" IS NOT NULL AND NEW."age_band" IS DISTINCT FROM OLD."age_band")
    OR (NEW."study_uid" IS NOT NULL AND NEW."study_uid" IS DISTINCT FROM OLD."study_uid")
    OR (NEW."series_uid" IS NOT NULL AND NEW."series_uid" IS DISTINCT FROM OLD."series_uid")
    OR (NEW."instances" IS NOT NULL AND NEW."instances" IS DISTINCT FROM OLD."instances")
    OR (NEW."modality" IS NOT NULL AND NEW."modality" IS DISTINCT FROM OLD."modality")
    OR (NEW."scanner_manufacturer" IS NOT NULL AND NEW."scanner_manufacturer" IS DISTINCT FROM OLD."scanner_manufacturer")
    OR (NEW."scanner_model" IS NOT NULL AND NEW."scanner_model" IS DISTINCT FROM OLD."scanner_model")
    OR (NEW."algorithm_digest" IS NOT NULL AND NEW."algorithm_digest" IS DISTINCT FROM OLD."algorithm_digest")
    OR (NEW."confidence" IS NOT NULL AND NEW."confidence" IS DISTINCT FROM OLD."confidence")
    OR (NEW."payload" IS NOT NULL AND NEW."payload" IS DISTINCT FROM OLD."payload")
    OR (NEW."conventions" IS NOT NULL AND NEW."conventions" IS DISTINCT FROM OLD."conventions")
    OR (NEW."provenance" IS NOT NULL AND NEW."provenance" IS DISTINCT FROM OLD."provenance")
    OR (NEW."note_sealed" IS NOT NULL AND NEW."note_sealed" IS DISTINCT FROM OLD."note_sealed")
    OR (NEW."ground_truth" IS NOT NULL AND NEW."ground_truth" IS DISTINCT FROM OLD."ground_truth")) THEN
    RAISE EXCEPTION 'A tombstone has no content of its own.' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD."shredded_at" IS NOT NULL AND NEW."shredded_at" IS DISTINCT FROM OLD."shredded_at" THEN
    RAISE EXCEPTION 'A tombstone stays.' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER "prediction_is_immutable" BEFORE UPDATE ON "prediction" FOR EACH ROW EXECUTE FUNCTION prediction_is_immutable();
