/**
 * What every chart shares: number forms, words, tokens of the stylesheet, the ECharts theme, drawing pieces.
 *
 * Words come from the server (<script type="application/json" id="chart-words">, in the reader's language);
 * colours come only from tokens.css.
 */
export const echarts = globalThis.echarts;
export const esc = echarts.format.encodeHTML;
const locale = document.documentElement.lang || "zh-Hans";
export const num = (value, digits = 0) =>
  Number(value).toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace("-", "−");
export const signed = (value, digits = 0) => (value > 0 ? "+" : value < 0 ? "−" : "") + num(Math.abs(value), digits);

const words = JSON.parse(document.getElementById("chart-words")?.textContent ?? "{}");
/** The word `key` with its {names} filled in; a word that is missing shows its key, so that it is noticed. */
export const say = (key, values = {}) => String(words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");

/* ---- Tokens and theme ------------------------------------------------------------------------------------ */

const COLOURS = ["bg", "surface", "surface-2", "line", "ink", "ink-2", "ink-3", "brand", "brand-soft", "ok", "warn",
  "bad", "mute", "cat-1", "cat-2", "cat-3", "cat-4", "cat-5", "cat-6", "ramp-1", "ramp-2", "ramp-3", "ramp-4", "ramp-5"];

/** Resolve the CSS tokens to rgb() strings: a probe element makes the browser choose the light-dark() side. */
export function tokens() {
  const probe = document.body.appendChild(document.createElement("span"));
  probe.style.transition = "none"; // a transition, however short, would hand back the previous colour
  const read = (name) => { probe.style.color = `var(--${name})`; return getComputedStyle(probe).color; };
  const t = Object.fromEntries(COLOURS.map((name) => [name, read(name)]));
  t.font = getComputedStyle(document.body).fontFamily;
  t.ramp = [1, 2, 3, 4, 5].map((step) => t[`ramp-${step}`]);
  t.cat = [1, 2, 3, 4, 5, 6].map((step) => t[`cat-${step}`]);
  probe.remove();
  return t;
}

export const alpha = (colour, opacity) => echarts.color.modifyAlpha(colour, opacity);

/** Black or white text, whichever reads better on the fill. */
export const textOn = (colour) => (echarts.color.lum(colour, 0) > 0.56 ? "#14132e" : "#ffffff");

/** The ECharts theme: axes, tooltip and type. Builders add only what is special to them. */
export function theme(t) {
  const axis = {
    axisLine: { lineStyle: { color: t.line } }, axisTick: { show: false },
    axisLabel: { color: t["ink-3"], fontSize: 12 },
    splitLine: { lineStyle: { color: t.line } }, nameTextStyle: { color: t["ink-3"], fontSize: 12 },
  };
  return {
    color: t.cat, backgroundColor: "transparent", textStyle: { fontFamily: t.font, color: t.ink },
    categoryAxis: { ...axis, splitLine: { show: false } }, valueAxis: { ...axis, axisLine: { show: false } },
    tooltip: {
      backgroundColor: t.surface, borderColor: t.line, padding: [9, 12], textStyle: { color: t.ink, fontSize: 13 },
      extraCssText: "border-radius:10px;box-shadow:0 12px 32px -12px rgb(0 0 0 / .35);max-width:320px;white-space:normal",
    },
  };
}

/* ---- Shared pieces --------------------------------------------------------------------------------------- */

/** Whiskers as a custom series. Points are {value: [x, y, lo, hi]}; `along` names the axis of lo and hi. */
export function whiskers(points, colour, along, width = 2) {
  return {
    type: "custom", silent: true, z: 2, data: points, encode: { x: 0, y: 1 },
    renderItem(params, api) {
      const [x, y, lo, hi] = [0, 1, 2, 3].map((i) => api.value(i));
      const [a, b] = along === "x" ? [api.coord([lo, y]), api.coord([hi, y])] : [api.coord([x, lo]), api.coord([x, hi])];
      const style = { stroke: typeof colour === "function" ? colour(params.dataIndex) : colour, lineWidth: width, lineCap: "round" };
      return { type: "line", shape: { x1: a[0], y1: a[1], x2: b[0], y2: b[1] }, style };
    },
  };
}

/** Split lines with a word in each corner, for the two matrices. */
export const quadrants = (t, x, y, words, bounds) => ({
  type: "scatter", data: [], silent: true,
  markLine: { symbol: "none", label: { show: false }, lineStyle: { color: t.mute, type: [4, 4] }, data: [{ xAxis: x }, { yAxis: y }] },
  markArea: {
    itemStyle: { color: "transparent" }, label: { color: t["ink-3"], fontSize: 12, fontWeight: 600 },
    data: [["insideTopRight", x, bounds.x[1], y, bounds.y[1]], ["insideTopLeft", bounds.x[0], x, y, bounds.y[1]],
      ["insideBottomRight", bounds.x[0], x, bounds.y[0], y], ["insideBottomRight", x, bounds.x[1], bounds.y[0], y]]
      .map(([position, x0, x1, y0, y1], i) => [{ name: words[i], xAxis: x0, yAxis: y0, label: { position } }, { xAxis: x1, yAxis: y1 }]),
  },
});

/** What the interval proves: it excludes zero on the good side, on the bad side, or proves nothing. */
export const evidence = (row, t) => (row.lo > 0 ? t.brand : row.hi < 0 ? t.bad : t.mute);
