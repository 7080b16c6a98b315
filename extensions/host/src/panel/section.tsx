import { type ReactNode, useEffect, useState } from 'react';

interface Props {
  readonly title: string;
  /** Shown beside the title, open or closed. */
  readonly summary?: ReactNode;
  readonly isOpenAtFirst?: boolean;
  /** Opens it when it becomes true. */
  readonly isWanted?: boolean;
  /** Also there while it is folded away: what is typed into it, or looked up in it, stays. */
  readonly isKept?: boolean;
  readonly testId?: string;
  readonly children: ReactNode;
}

/** A part of the panel that the reader can fold away. */
export function Section({
  title,
  summary,
  isOpenAtFirst = false,
  isWanted = false,
  isKept = false,
  testId,
  children,
}: Props) {
  const [isOpen, setOpen] = useState(isOpenAtFirst || isWanted);
  useEffect(() => {
    if (isWanted) setOpen(true);
  }, [isWanted]);
  return (
    <details
      className="vw-section"
      open={isOpen}
      data-testid={testId}
      onToggle={event => setOpen(event.currentTarget.open)}
    >
      <summary>
        <span className="vw-section-title">{title}</span>
        <span className="vw-section-summary">{summary}</span>
      </summary>
      {(isOpen || isKept) && <div className="vw-section-body">{children}</div>}
    </details>
  );
}
