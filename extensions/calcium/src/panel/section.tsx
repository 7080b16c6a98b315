import type { ReactNode } from 'react';

interface Props {
  readonly title: string;
  /** Shown beside the title, open or closed. */
  readonly summary?: ReactNode;
  readonly isOpenAtFirst?: boolean;
  readonly testId?: string;
  readonly children: ReactNode;
}

/** A part of the panel that the reader can fold away. */
export function Section({ title, summary, isOpenAtFirst = false, testId, children }: Props) {
  return (
    <details className="vw-section" open={isOpenAtFirst} data-testid={testId}>
      <summary>
        <span className="vw-section-title">{title}</span>
        <span className="vw-section-summary">{summary}</span>
      </summary>
      <div className="vw-section-body">{children}</div>
    </details>
  );
}
