-- AlterTable
ALTER TABLE "audit_tree_head" ADD COLUMN     "ceiling" BIGINT NOT NULL,
ADD COLUMN     "cluster" TEXT NOT NULL,
ADD COLUMN     "horizon" BIGINT NOT NULL,
ADD COLUMN     "tree_id" UUID NOT NULL;

-- CreateTable
CREATE TABLE "audit_node" (
    "level" INTEGER NOT NULL,
    "index" BIGINT NOT NULL,
    "hash" BYTEA NOT NULL,

    CONSTRAINT "audit_node_pkey" PRIMARY KEY ("level","index")
);

-- CreateIndex
CREATE INDEX "audit_event_transaction_id_idx" ON "audit_event"("transaction_id");

-- What Prisma's schema cannot express. -------------------------------------------------------------------------------

ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_actor_is_pseudonym" CHECK ("actor" ~ '^p[0-9]+:[A-Za-z0-9_-]{43}$');
-- The outcomes of DICOM PS3.15: success, minor, serious, major failure.
ALTER TABLE "audit_event" ADD CONSTRAINT "audit_event_outcome" CHECK ("outcome" IN (0, 4, 8, 12));
