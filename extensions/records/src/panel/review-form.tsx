import { type FormEvent, useEffect, useRef, useState } from 'react';
import {
  type PredictionDetail,
  type PredictionRecord,
  REASON_CODES,
  type ReasonCode,
  type ReviewAction,
  type ReviewInput,
} from '../contract.ts';
import { type Correction, type KindView, type Payload, viewOfKind } from '../kinds.ts';
import { newId } from '../new-id.ts';
import type { Attachment } from '../outbox/entry.ts';
import { referenceOf } from '../outbox/reference.ts';
import type { Records } from '../records.ts';
import { PART_WORDS, REASON_WORDS, reviewWords } from './record-words.ts';

/** What the reader has set out to say of a record. */
export interface ReviewTask {
  readonly action: ReviewAction;
  /** Decides between two reads that disagree. */
  readonly adjudicates: boolean;
}

interface Props {
  readonly records: Records;
  readonly record: PredictionRecord;
  readonly detail: PredictionDetail | undefined;
  readonly task: ReviewTask;
  readonly onDone: () => void;
}

const HEADINGS: Readonly<Record<ReviewAction, string>> = {
  accept: 'Accept this record',
  edit: 'What it should be',
  reject: 'Reject this record',
};

/** Reasons that make sense for what is done; the first one is chosen at first. */
const REASONS: Readonly<Record<ReviewAction, readonly ReasonCode[]>> = {
  accept: [],
  edit: ['wrong-measurement', ...REASON_CODES.filter(code => code !== 'wrong-measurement')],
  reject: REASON_CODES.filter(code => code !== 'changed-by-reader'),
};

/** Asks for a reason, and for what the record should be; files the review through the outbox. */
export function ReviewForm({ records, record, detail, task: { action, adjudicates }, onDone }: Props) {
  const [reasonCode, setReasonCode] = useState<ReasonCode | ''>(action === 'edit' ? 'wrong-measurement' : '');
  const [reason, setReason] = useState('');
  const [correction, setCorrection] = useState<Correction | null>(null);
  const [problem, setProblem] = useState('');
  const [isFiling, setFiling] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const [openedAt] = useState(() => performance.now());
  const view = viewOfKind(record.kind);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>('select, input, textarea, button')?.focus();
  }, []);

  const needsReason = action !== 'accept';
  const isComplete = (!needsReason || reasonCode !== '') && (action !== 'edit' || correction !== null);

  const file = async (event: FormEvent) => {
    event.preventDefault();
    if (!isComplete || isFiling) return;
    setFiling(true);
    setProblem('');
    const common = {
      id: newId(),
      durationMs: Math.min(86_400_000, Math.round(performance.now() - openedAt)),
      ...(reason.trim() && { reason: reason.trim() }),
      ...(adjudicates && { adjudicates }),
    };
    try {
      const review = reviewOf(action, reasonCode || 'other', common, correction);
      await records.fileReview(record.id, review, {
        title: `${view?.name ?? record.kind}: ${HEADINGS[action].toLowerCase()}`,
        studyUid: record.image.studyUid,
        attachments: action === 'edit' ? (correction?.attachments ?? []) : [],
      });
      onDone();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      setProblem(`The review was not filed: ${reason.replace(/\.$/, '')}.`);
      setFiling(false);
    }
  };

  return (
    <form
      ref={form}
      className="vw-records-form"
      onSubmit={file}
      aria-label={HEADINGS[action]}
      data-testid="records-review-form"
    >
      <h3>{HEADINGS[action]}</h3>
      {adjudicates && <Reads detail={detail} />}
      {action === 'edit' && view && (
        <CorrectionPart
          view={view}
          record={record}
          detail={adjudicates ? detail : undefined}
          onChange={setCorrection}
        />
      )}
      {needsReason && (
        <label>
          Why
          <select value={reasonCode} required onChange={event => setReasonCode(event.target.value as ReasonCode)}>
            {reasonCode === '' && <option value="">Choose a reason</option>}
            {REASONS[action].map(code => (
              <option key={code} value={code}>
                {REASON_WORDS[code]}
              </option>
            ))}
          </select>
        </label>
      )}
      <label>
        In your words (optional; kept encrypted)
        <textarea value={reason} rows={2} maxLength={4000} onChange={event => setReason(event.target.value)} />
      </label>
      {problem && (
        <p className="vw-records-warning" role="alert">
          {problem}
        </p>
      )}
      <div className="vw-records-actions">
        <button type="submit" className="vw-records-button vw-records-primary" disabled={!isComplete || isFiling}>
          {adjudicates ? 'File adjudication' : 'File review'}
        </button>
        <button type="button" className="vw-records-button" onClick={onDone}>
          Cancel
        </button>
      </div>
    </form>
  );
}

/** The two reads that disagree. */
function Reads({ detail }: { readonly detail: PredictionDetail | undefined }) {
  const reads = (detail?.reviews ?? []).filter(({ part }) => part !== 'adjudication');
  if (reads.length === 0) return <p role="status">Reading what both have said …</p>;
  return (
    <ul className="vw-records-reviews">
      {reads.map(review => (
        <li key={review.id}>
          {reviewWords(review)}
          {review.reasonCode && `. ${REASON_WORDS[review.reasonCode]}`}
          {review.reason && <p>{review.reason}</p>}
        </li>
      ))}
    </ul>
  );
}

/** The values by hand, or taken from the screen or from a read. */
function CorrectionPart({
  view,
  record,
  detail,
  onChange,
}: {
  readonly view: KindView;
  readonly record: PredictionRecord;
  /** Reads to take the values of. */
  readonly detail: PredictionDetail | undefined;
  readonly onChange: (correction: Correction | null) => void;
}) {
  const [start, setStart] = useState<Payload>(record.review.groundTruth?.payload ?? record.payload);
  const [version, setVersion] = useState(0);
  const [taken, setTaken] = useState<readonly Attachment[]>([]);
  const [note, setNote] = useState('');
  const take = ({ payload, attachments }: Correction, from: string) => {
    setStart(payload);
    setTaken(attachments);
    setVersion(version + 1);
    setNote(`Taken from ${from}.`);
    onChange({ payload, attachments });
  };
  const takeFromScreen = async () => {
    try {
      const correction = await view.fromScreen?.(record);
      if (correction) take(correction, 'the screen');
    } catch (error) {
      setNote(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <>
      <div className="vw-records-actions">
        {view.fromScreen && (
          <button
            type="button"
            className="vw-records-button"
            data-testid="records-from-screen"
            onClick={takeFromScreen}
          >
            Take what is on the screen
          </button>
        )}
        {(detail?.reviews ?? []).map(({ id, part, correction }) =>
          correction ? (
            <button
              key={id}
              type="button"
              className="vw-records-button"
              // Objects stay with the read that brought them.
              onClick={() =>
                take({ payload: correction.payload, attachments: [] }, `the ${PART_WORDS[part].toLowerCase()}`)
              }
            >
              Take the {PART_WORDS[part].toLowerCase()}
            </button>
          ) : null,
        )}
        <span className="vw-records-muted" role="status">
          {note}
        </span>
      </div>
      <view.CorrectionForm
        key={version}
        payload={start}
        onChange={payload => {
          // Typed over, it is not what the masks of the screen show any more.
          const isTaken = JSON.stringify(payload) === JSON.stringify(start);
          onChange(payload && { payload, attachments: isTaken ? taken : [] });
        }}
      />
    </>
  );
}

function reviewOf(
  action: ReviewAction,
  reasonCode: ReasonCode,
  common: { id: string; durationMs: number; reason?: string; adjudicates?: boolean },
  correction: Correction | null,
): ReviewInput {
  if (action === 'accept') return { ...common, action };
  if (action === 'reject') return { ...common, action, reasonCode };
  if (!correction) throw new Error('There is no correction yet.');
  return {
    ...common,
    action,
    reasonCode,
    correction: {
      payload: correction.payload,
      ...(correction.attachments.length > 0 && { objects: correction.attachments.map(referenceOf) }),
    },
  };
}
