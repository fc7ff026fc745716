/** Charts about money: a course over time and a sum in steps. A builder is a pure function (data, tokens, width) => ECharts option. */
import { alpha, esc, num, say, signed } from "./base.js";

export const builders = {
  /** data: {labels, today, series: [{name, at: [], lo: [], hi: []}]} in one unit (WORDS.money). lo and hi are null before today. */
  liability(data, t) {
    const band = (name, values, base, colour) => ({ name, type: "line", stack: `band-${base}`, symbol: "none", silent: true,
      lineStyle: { opacity: 0 }, areaStyle: { color: colour }, data: values, tooltip: { show: false } });
    return {
      animation: false, grid: { left: 46, right: 84, top: 20, bottom: 28 },
      xAxis: { type: "category", boundaryGap: false, data: data.labels, axisLabel: { hideOverlap: true } },
      yAxis: { type: "value", scale: true, splitNumber: 4 },
      tooltip: { trigger: "axis", formatter: (rows) =>
        `${esc(rows[0].axisValue)}<br>` + data.series.map((s) => { const i = rows[0].dataIndex;
        return `${esc(s.name)} <b>${num(s.at[i], 1)}</b> ${say("money")}${s.lo[i] == null ? "" : `（${num(s.lo[i], 0)} – ${num(s.hi[i], 0)}）`}`; }).join("<br>") },
      series: data.series.flatMap((s, k) => [
        band("", s.lo, k, "transparent"), band("", s.hi.map((hi, i) => (hi == null ? null : hi - s.lo[i])), k, alpha(t.cat[k], 0.16)),
        { name: s.name, type: "line", symbol: "none", data: s.at, lineStyle: { width: 2.4, color: t.cat[k], type: k ? [6, 4] : "solid" },
          endLabel: { show: true, formatter: () => `${s.name}\n${num(s.at.at(-1), 0)} ${say("moneyShort")}`, color: t.ink, fontSize: 12, lineHeight: 16 },
          markLine: k ? null : { silent: true, symbol: "none", lineStyle: { color: t.mute, type: [4, 4] },
            label: { formatter: say("today"), position: "end", distance: 4, color: t["ink-3"] }, data: [{ xAxis: data.today }] } },
      ]),
    };
  },

  /** data: {unit, rows: [{name, value, total}]}. total rows stand on zero; the others step from the running sum. */
  waterfall(data, t, width) {
    let sum = 0;
    const rows = data.rows.map((r) => { const from = r.total ? 0 : sum; sum = r.total ? r.value : sum + r.value; return { ...r,
      lo: Math.min(from, sum), hi: Math.max(from, sum) }; });
    const fill = (r) => (r.total ? t.mute : r.value >= 0 ? t["cat-2"] : t["cat-3"]);
    return {
      grid: { left: width < 420 ? 84 : 124, right: 64, top: 6, bottom: 6 },
      xAxis: { type: "value", min: 0, show: false },
      yAxis: { type: "category", inverse: true, data: rows.map((r) => r.name),
        axisLabel: { color: t.ink, fontSize: 13, interval: 0, width: width < 420 ? 74 : 116, overflow: "break" } },
      tooltip: { formatter: ({ dataIndex: i }) =>
        `${esc(rows[i].name)} <b>${rows[i].total ? num(rows[i].value, 1) : signed(rows[i].value, 1)}</b> ${data.unit}` },
      series: [{ type: "bar", stack: "w", silent: true, itemStyle: { color: "transparent" }, data: rows.map((r) => r.lo) },
        { type: "bar", stack: "w", barWidth: "58%", data: rows.map((r) => ({ value: r.hi - r.lo, itemStyle: { color: fill(r), borderRadius: 4 } })),
          label: { show: true, position: "right", color: t.ink, fontSize: 12, fontWeight: 600,
            formatter: ({ dataIndex: i }) => (rows[i].total ? num(rows[i].value, 1) : signed(rows[i].value, 1)) } }],
    };
  },
};
