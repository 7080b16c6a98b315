import { timeText } from '@voxelwise/host';
import { useState } from 'react';
import type { Prediction, PredictionDetail, PredictionRecord, Tombstone } from '../contract.ts';
import { viewOfKind } from '../kinds.ts';
import type { Records, RecordsState } from '../records.ts';
import { AnyComparison, anyHeadline } from './any-kind.tsx';
import { Provenance } from './provenance.tsx';
import { madeBy, nextRead, REASON_WORDS, reviewWords, statusWords, tokenWords } from './record-words.ts';
import { ReviewForm, type ReviewTask } from './review-form.tsx';
import type { StudyRecords } from './study-records.ts';

interface Props {
  readonly records: Records;
  readonly state: RecordsState;
  readonly study: StudyRecords;
  readonly record: Prediction;
  /** With its reviews, once it has been opened. */
  readonly detail: PredictionDetail | undefined;
}

/** One record: what was predicted, by what and whom, where its reviews stand, and what the reader can say of it. */
export function RecordCard(props: Props) {
  const { record } = props;
  return 'shredded' in record ? <Erased record={record} /> : <Kept {...props} record={record} />;
}

function Erased({ record: { kind, createdAt, shredded } }: { readonly record: Tombstone }) {
  return (
    <article className="vw-records-card" data-testid="records-erased">
      <p className="vw-records-muted">
        A record of {kind} of {timeText(createdAt)} was erased on {timeText(shredded.at)} ({tokenWords(shredded.reason)}
        ).
      </p>
    </article>
  );
}

function Kept({ records, state, study, record, detail }: Props & { readonly record: PredictionRecord }) {
  const [task, setTask] = useState<ReviewTask | null>(null);
  const view = viewOfKind(record.kind);
  const { algorithm, review, quality, payload } = record;
  const waiting = state.outbox.entries.filter(
    ({ predictionId, content }) => predictionId === record.id && content.kind === 'review',
  );
  const choose = (chosen: ReviewTask) => {
    setTask(chosen);
    if (chosen.adjudicates) study.open(record.id); // who decides sees both reads
  };
  return (
    <article className="vw-records-card" data-testid="records-card" data-id={record.id} data-status={review.status}>
      <div className="vw-records-head">
        <div>
          <span className="vw-records-muted">{view?.name ?? record.kind}</span>
          <strong className="vw-records-headline">{view?.headline(payload) ?? anyHeadline(payload)}</strong>
        </div>
        {quality && <Quality {...quality} />}
      </div>
      <p className="vw-records-muted">
        {timeText(record.producedAt)}, by {madeBy(record)} · {algorithm.name} {algorithm.version}
        {record.confidence !== null && ` · confidence ${record.confidence.toFixed(2)}`}
      </p>
      <p className="vw-records-status-line" data-testid="records-review-status">
        {statusWords(review)}
      </p>
      {waiting.length > 0 && (
        <p className="vw-records-muted" role="status">
          {waiting.some(entry => entry.state === 'refused') ? 'Your review was refused.' : 'Your review is on its way.'}
        </p>
      )}
      <Details study={study} record={record} detail={detail} />
      {task ? (
        <ReviewForm records={records} record={record} detail={detail} task={task} onDone={() => setTask(null)} />
      ) : (
        <ReviewButtons records={records} record={record} isWaiting={waiting.length > 0} onChoose={choose} />
      )}
    </article>
  );
}

function Quality({ score, reasons }: NonNullable<PredictionRecord['quality']>) {
  const why = reasons.length === 0 ? 'Nothing is missing' : reasons.map(tokenWords).join(', ');
  return (
    <span className="vw-records-quality" title={`Quality for training, 0 to 1. ${why}`} data-testid="records-quality">
      <meter min={0} max={1} low={0.5} high={0.8} optimum={1} value={score} aria-label={`Quality. ${why}`} />
      quality {score.toFixed(2)}
    </span>
  );
}

/** What can be unfolded: the result in full, what readers say it should be, how it came about. */
function Details({
  study,
  record,
  detail,
}: {
  readonly study: StudyRecords;
  readonly record: PredictionRecord;
  readonly detail: PredictionDetail | undefined;
}) {
  const Comparison = viewOfKind(record.kind)?.Comparison ?? AnyComparison;
  const reviews = detail?.reviews ?? [];
  const { review, payload } = record;
  const ownCorrection = reviews.findLast(({ isMine, correction }) => isMine && correction)?.correction?.payload;
  const correction = review.groundTruth?.payload ?? ownCorrection ?? null;
  return (
    <details
      className="vw-records-details"
      onToggle={event => {
        if (event.currentTarget.open) study.open(record.id);
        else study.close(record.id);
      }}
    >
      <summary>Details</summary>
      <Comparison payload={payload} correction={correction} />
      {reviews.length > 0 && (
        <ul className="vw-records-reviews" aria-label="Reviews" data-testid="records-reviews">
          {reviews.map(one => (
            <li key={one.id}>
              {reviewWords(one)}
              {one.reasonCode && `. ${REASON_WORDS[one.reasonCode]}`}
              <span className="vw-records-muted"> · {timeText(one.createdAt)}</span>
              {one.reason && <p>{one.reason}</p>}
            </li>
          ))}
        </ul>
      )}
      {record.note && <p>{record.note}</p>}
      <Provenance record={record} />
    </details>
  );
}

function ReviewButtons({
  records,
  record,
  isWaiting,
  onChoose,
}: {
  readonly records: Records;
  readonly record: PredictionRecord;
  readonly isWaiting: boolean;
  readonly onChoose: (task: ReviewTask) => void;
}) {
  const read = nextRead(record.review);
  if (!read || isWaiting || !records.may('reviews:write')) return null;
  const { adjudicates, heading } = read;
  const canEdit = viewOfKind(record.kind) !== undefined;
  return (
    <fieldset className="vw-records-actions" aria-label={heading} data-testid="records-review-buttons">
      <span className="vw-records-muted">{heading}:</span>
      <button type="button" className="vw-records-button" onClick={() => onChoose({ action: 'accept', adjudicates })}>
        Accept
      </button>
      {canEdit && (
        <button type="button" className="vw-records-button" onClick={() => onChoose({ action: 'edit', adjudicates })}>
          Correct …
        </button>
      )}
      <button type="button" className="vw-records-button" onClick={() => onChoose({ action: 'reject', adjudicates })}>
        Reject …
      </button>
    </fieldset>
  );
}
