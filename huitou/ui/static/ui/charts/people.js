/** Charts about customers: cohorts, concentration, segments, stages. A builder is a pure function (data, tokens, width) => ECharts option. */
import { alpha, echarts, esc, num, say, textOn } from "./base.js";

/** Where a value stands between the ends of its scale, 0..1; in the middle where the ends are one. */
const along = (value, min, max) => (max > min ? (value - min) / (max - min) : 0.5);

export const builders = {
  /**
   * data: {cohorts: [{name, short, size, done}], rows: [[pct, ...], ...]}. Column n is month n after the first purchase.
   * Cells beyond `done` belong to a month that is not over: hatched, without a shade, outside the colour scale.
   */
  heatmap(data, t, width) {
    const phone = width < 520;
    const cells = data.rows.flatMap((row, y) => row.map((pct, x) => [x, y, pct]));
    const open = ([x, y]) => x >= (data.cohorts[y].done ?? Infinity), full = cells.filter((cell) => !open(cell)).map((cell) => cell[2]);
    const max = Math.max(...full), min = Math.min(...full);
    const hatch = { color: "transparent", decal: { symbol: "rect", symbolSize: 1, color: alpha(t.mute, 0.55), dashArrayX: [1, 0], dashArrayY: [1.4, 5], rotation: -Math.PI / 4 } };
    const shade = (pct) => echarts.color.lerp(along(pct, min, max), t.ramp);
    return {
      grid: { left: phone ? 48 : 136, right: phone ? 2 : 20, top: 28, bottom: 6 },
      xAxis: { type: "category", position: "top", data: Array.from({ length: Math.max(...data.rows.map((row) => row.length)) }, (_, i) => (phone || i ? `${i + 1}` : say("month1"))), axisLine: { show: false },
        axisLabel: { interval: 0 } },
      yAxis: { type: "category", inverse: true, axisLine: { show: false }, axisLabel: { interval: 0, margin: phone ? 6 : 12,
        formatter: (_, i) => (phone ? data.cohorts[i].short : `${data.cohorts[i].name}  {n|${num(data.cohorts[i].size)}}`),
        color: t["ink-2"], rich: { n: { color: t["ink-3"], fontSize: 12, width: 42, align: "right" } } }, data: data.cohorts.map((c) => c.name) },
      tooltip: { formatter: ({ value: [x, y, pct] }) =>
        `${esc(say("cohort", { name: data.cohorts[y].name, size: num(data.cohorts[y].size) }))}<br>${say("kept", { month: x + 1 })} <b>${num(pct)}%</b>` +
        (open([x, y]) ? `<br>${say("open")}` : "") },
      series: [{
        type: "heatmap", itemStyle: { borderRadius: phone ? 4 : 6, borderColor: t.surface, borderWidth: phone ? 1.5 : 3 },
        data: cells.map((value) => (open(value) ? { value, itemStyle: hatch, label: { color: t["ink-2"], backgroundColor: t.surface, padding: [1, 3], borderRadius: 3 } }
          : { value, itemStyle: { color: shade(value[2]) }, label: { color: textOn(shade(value[2])) } })),
        label: { show: true, fontSize: 12, fontWeight: 500, formatter: ({ value }) => num(value[2]) + (phone ? "" : "%") },
      }],
    };
  },

  /**
   * data: {points: [[customer %, money %]] best customers first, top: [20, y], turn: [70, y], words: {axis, tip, top, turn}}.
   * The law says (20, 80). The last 30% are red only where they lose money.
   */
  lorenz(data, t) {
    const max = Math.ceil(Math.max(...data.points.map((p) => p[1])) / 20) * 20, loss = data.turn[1] > 100 ? t.bad : t.mute;
    const tip = ([x, y]) => esc(data.words.tip).replace("{x}", num(x)).replace("{y}", num(y, 1));
    const note = (position, distance = 12) => ({ show: true, position, distance, color: t.ink, fontSize: 12, fontWeight: 600, lineHeight: 17 });
    return {
      grid: { left: 42, right: 14, top: 14, bottom: 40 },
      xAxis: { type: "value", max: 100, interval: 20, axisLabel: { formatter: "{value}%" }, splitLine: { show: false }, name: data.words.axis,
        nameLocation: "middle", nameGap: 26 },
      yAxis: { type: "value", max, interval: 20, axisLabel: { formatter: "{value}%" } },
      tooltip: { trigger: "axis", formatter: (rows) => {
        const row = rows.find((r) => r.seriesIndex === 1); return row ? tip(row.value) : ""; } },
      series: [
        { type: "line", data: [[0, 0], [100, 100]], symbol: "none", silent: true, lineStyle: { type: [4, 5], color: t.mute, width: 1.2 } },
        { type: "line", data: data.points, symbol: "none", smooth: 0.15, lineStyle: { width: 2.6, color: t.brand }, areaStyle: { color: alpha(t.brand, 0.1) },
          markArea: { silent: true, itemStyle: { color: alpha(loss, 0.1) }, label: { show: false }, data: [[{ xAxis: data.turn[0] }, { xAxis: 100 }]] } },
        { type: "scatter", silent: true, symbolSize: 12, data: [
          { value: data.top, itemStyle: { color: t["cat-2"], borderColor: t.surface, borderWidth: 2.5 },
            label: { ...note("right"), offset: [-4, 30], formatter: data.words.top } },
          { value: [20, 80], itemStyle: { color: t.surface, borderColor: t.mute, borderWidth: 2 }, z: 1 },
          { value: data.turn, itemStyle: { color: loss, borderColor: t.surface, borderWidth: 2.5 },
            label: { ...note("bottom", 8), formatter: data.words.turn } },
        ] },
      ],
    };
  },

  /** data: [{name, people, worth, lines, tip}]. Area is people, darkness is expected value per person; lines and tip are ready words. */
  treemap(data, t, width) {
    const worths = data.map((d) => d.worth), min = Math.min(...worths), max = Math.max(...worths), total = data.reduce((sum, d) => sum + d.people, 0);
    const fill = (worth) => echarts.color.lerp(Math.sqrt(along(worth, min, max)), t.ramp.slice(1));
    const small = (d) => d.people / total < (width < 420 ? 0.09 : 0.06);
    return {
      tooltip: { formatter: ({ data: d }) => `<b>${esc(d.name)}</b><br>${esc(d.tip)}` },
      series: [{
        type: "treemap", roam: false, nodeClick: false, breadcrumb: { show: false }, left: 0, right: 0, top: 0, bottom: 0,
        itemStyle: { gapWidth: 4, borderWidth: 0, borderRadius: 8, borderColor: t.surface },
        levels: [{ itemStyle: { borderWidth: 0, gapWidth: 4, borderColor: t.surface } }],
        squareRatio: 1.1, label: { position: "insideTopLeft", fontSize: 13, lineHeight: 19, overflow: "break",
          formatter: ({ data: d }) => (small(d) ? d.name : [`{b|${d.name}}`, ...d.lines].join("\n")) },
        data: data.map((d) => {
          const color = textOn(fill(d.worth)), tight = small(d) ? { fontSize: 12, lineHeight: 15, padding: [5, 6] } : { padding: [8, 9] };
          return { ...d, value: d.people, itemStyle: { color: fill(d.worth) },
            label: { color, ...tight, rich: { b: { fontWeight: 650, fontSize: 13, lineHeight: 20, color } } } };
        }),
      }],
    };
  },

  /** data: [{name, count, next}] in order; next = share moving on within the period, or null. */
  stages(data, t) {
    return {
      grid: { left: 56, right: 118, top: 4, bottom: 4 },
      xAxis: { type: "value", show: false }, yAxis: { type: "category", inverse: true, data: data.map((d) => d.name), axisLine: { show: false },
        axisLabel: { color: t.ink, fontSize: 13 } },
      tooltip: { formatter: ({ dataIndex: i }) => `${esc(data[i].name)} ${say("people", { n: num(data[i].count) })}` },
      series: [{ type: "bar", barWidth: "62%", data: data.map((d) => ({ value: d.count, itemStyle: { color: t.brand, borderRadius: 6 } })),
        label: { show: true, position: "right", color: t.ink, fontSize: 12,
          formatter: ({ dataIndex: i }) => num(data[i].count) + (data[i].next == null ? "" : `  → ${num(data[i].next, 1)}%`) } }],
    };
  },
};
