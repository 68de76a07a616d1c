import { timeLine } from '../../core/report/charts.ts';
import { type Html, html } from '../../core/report/html.ts';
import { pictures } from '../../core/report/page.ts';
import type { Evidence } from '../../rehearsal/play/evidence.ts';

/** The CloudWatch fleet dashboard as it stood at the end: its own pictures, drawn from the data CloudWatch has for them. */
export function dashboardSection(evidence: Evidence): Html {
  const drawn = evidence.dashboard.flatMap(({ title, lines }) =>
    lines.flatMap((line) =>
      line.points.length === 0
        ? []
        : timeLine({
            heading: title,
            caption: line.label,
            points: line.points,
            show: (value) => String(Number(value.toPrecision(3))),
          }),
    ),
  );
  return drawn.length === 0 ? html`<p>The dashboard has no pictures.</p>` : pictures(...drawn);
}
