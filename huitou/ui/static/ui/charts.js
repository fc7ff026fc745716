/**
 * Huitou charts over Apache ECharts 6 (global `echarts`, loaded before this module).
 *
 *   <div class="chart" data-chart="lorenz" role="img" aria-label="..."></div>
 *   <script type="application/json">{...}</script>
 *
 * The JSON sits in the next sibling, so the server renders data, never code. Charts are drawn on load, again
 * after an htmx swap, on resize (builders get the width and drop detail on a phone) and when the theme changes.
 */
import { echarts, theme, tokens } from "./charts/base.js";
import { builders as people } from "./charts/people.js";
import { builders as evidence } from "./charts/evidence.js";
import { builders as money } from "./charts/money.js";

const builders = { ...people, ...evidence, ...money };

/**
 * Sparkline as plain SVG, stretched by CSS. The scale spans at least 8% of the mean, so noise looks like noise.
 * Strokes do not scale; the last point is a zero-length round stroke, so it stays a circle.
 */
export function sparkline(el, values) {
  const top = Math.max(...values), mean = values.reduce((a, b) => a + b, 0) / values.length;
  const span = Math.max(top - Math.min(...values), Math.abs(mean) * 0.08) || 1;
  const at = values.map((v, i) => `${((i * 94) / (values.length - 1)).toFixed(1)},${(14 + ((top - v) / span) * 66).toFixed(1)}`);
  const ink = "var(--stroke, var(--brand))", fixed = `stroke="${ink}" vector-effect="non-scaling-stroke" fill="none"`;
  el.innerHTML = `<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
    <polygon points="0,100 ${at.join(" ")} 100,${at.at(-1).split(",")[1]} 100,100" fill="${ink}" opacity=".08"/>
    <polyline points="${at.join(" ")}" ${fixed} stroke-width="1.8" stroke-linejoin="round"/>
    <path d="M${at.at(-1)}h0" ${fixed} stroke-width="7" stroke-linecap="round"/></svg>`;
}

/* ---- Mounting -------------------------------------------------------------------------------------------- */

const live = new Set();
const sizes = new ResizeObserver((entries) => entries.forEach(({ target }) => target.isConnected && draw(target)));

/** Draw or redraw one chart element from its JSON. */
export function draw(el, t = tokens()) {
  const data = JSON.parse(el.nextElementSibling.textContent);
  const old = echarts.getInstanceByDom(el);
  const chart = old ?? echarts.init(el, theme(t), { renderer: "svg" });
  if (old) { chart.setTheme(theme(t)); chart.resize(); } else { live.add(el); sizes.observe(el); }
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  chart.setOption({ animation: !calm && !old, animationDuration: 400, ...builders[el.dataset.chart](data, t, el.clientWidth) }, { notMerge: true });
}

/** Draw every chart below `root`; charts whose element left the page are released. */
export function mount(root = document) {
  live.forEach((el) => { if (!el.isConnected) { sizes.unobserve(el); echarts.dispose(el); live.delete(el); } });
  const t = tokens();
  root.querySelectorAll("[data-chart]").forEach((el) => draw(el, t));
  root.querySelectorAll("[data-spark]").forEach((el) => sparkline(el, el.dataset.spark.split(",").map(Number)));
}

document.addEventListener("htmx:after:swap", () => mount());
new MutationObserver(() => mount()).observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => mount());
mount();
