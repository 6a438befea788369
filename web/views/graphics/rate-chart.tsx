import { HISTORY_MS, type RateHistory } from "../../store/rate-history.ts";
import type { ShareId } from "../../store/session.ts";
import { useApp, useText } from "../app-context.tsx";
import { CHART_HEIGHT, CHART_WIDTH, chartLine, scaleTop } from "./chart-path.ts";
import styles from "./rate-chart.module.css";

const empty: RateHistory = [];

/** Both rates of a share over the last minutes. */
export function RateChart({ id }: { readonly id: ShareId }) {
  const text = useText();
  const history = useApp((state) => state.histories.get(id) ?? empty);
  const top = scaleTop(history);
  const now = history.at(-1);

  return (
    <figure className={styles.chart}>
      <div className={styles.scale} aria-hidden="true">
        <span>{text.format.rate(top)}</span>
        <span>{text.details.lastMinutes(HISTORY_MS / 60_000)}</span>
      </div>
      <svg
        viewBox={`0 -2 ${CHART_WIDTH} ${CHART_HEIGHT + 4}`}
        className={styles.drawing}
        preserveAspectRatio="none"
        aria-hidden="true"
      >
        {[0, 0.5, 1].map((height) => (
          <line
            key={height}
            x1={0}
            x2={CHART_WIDTH}
            y1={CHART_HEIGHT * height}
            y2={CHART_HEIGHT * height}
            className={styles.grid}
          />
        ))}
        <path d={chartLine(history, (sample) => sample.down, top)} className={styles.down} />
        <path d={chartLine(history, (sample) => sample.up, top)} className={styles.up} />
      </svg>
      <figcaption className={styles.caption}>
        <span className={styles.key} data-kind="down" aria-hidden="true">
          {text.details.down}
        </span>
        <span className={styles.key} data-kind="up" aria-hidden="true">
          {text.details.up}
        </span>
        <span className={styles.now}>{text.details.ratesNow(now?.up ?? 0, now?.down ?? 0)}</span>
      </figcaption>
    </figure>
  );
}
