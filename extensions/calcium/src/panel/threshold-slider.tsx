import type { Convention } from '../core/index.ts';

const MINIMUM_HU = 50;
const MAXIMUM_HU = 300;

interface Props {
  readonly convention: Convention;
  /** Called for every step while the slider moves. */
  readonly onDrag: (thresholdHu: number) => void;
  readonly onChoose: (thresholdHu: number) => void;
}

/** Threshold in HU; tint and scores follow while it is dragged. */
export function ThresholdSlider({ convention, onDrag, onChoose }: Props) {
  const { thresholdHu, weightEdgesHu } = convention;
  /** Where the weights begin: the standard, or the table's for the tube voltage. */
  const standardHu = weightEdgesHu[0] ?? thresholdHu;
  return (
    <div className="vw-threshold">
      <label htmlFor="vw-threshold">
        <span className="vw-label">Threshold</span>
        <output data-testid="calcium-threshold-value">≥ {thresholdHu} HU</output>
      </label>
      <div className="vw-slider">
        <input
          id="vw-threshold"
          type="range"
          min={MINIMUM_HU}
          max={MAXIMUM_HU}
          step={1}
          value={thresholdHu}
          aria-valuetext={`${thresholdHu} HU`}
          list="vw-threshold-standard"
          data-testid="calcium-threshold"
          onChange={event => onDrag(event.target.valueAsNumber)}
        />
        <datalist id="vw-threshold-standard">
          <option value={standardHu} label={`${standardHu}`} />
        </datalist>
        <button
          type="button"
          className="vw-button"
          disabled={thresholdHu === standardHu}
          title={`Back to the standard threshold of ${standardHu} HU`}
          onClick={() => onChoose(standardHu)}
        >
          {standardHu}
        </button>
      </div>
    </div>
  );
}
